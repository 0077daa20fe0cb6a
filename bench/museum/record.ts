// What was measured, as a file: bench/museum.json. A bug can be measured anew without the others;
// the page is made of all there is. Numbers of seeds stand apart from seconds, because only the
// first are the same on every machine.
import { readFileSync, writeFileSync } from 'node:fs';

/** Per campaign; null: not within the budget. */
type Counts = readonly (number | null)[];

export interface BugRecord {
  /** Budgets, in seeds. */
  readonly most: number;
  readonly mostOfClients: number;
  readonly seeds: Counts;
  readonly seedsOfClients: Counts;
  /** What noticed first, with in how many campaigns. */
  readonly by: Readonly<Record<string, number>>;
  readonly cpuSeconds: readonly number[];
  readonly cpuSecondsOfClients: readonly number[];
}

/** A bug of a profile, as it shows among the others. */
export interface Attribution {
  /** Ids of variants: one, or several that only fail together; none: safe rules fail as well. */
  readonly variants: readonly string[];
  readonly seeds: number;
  readonly firstSeed: number;
  /** What fails, with in how many seeds. */
  readonly breaks: Readonly<Record<string, number>>;
}

export interface ProfileRecord {
  readonly seeds: number;
  readonly failing: number;
  readonly attributions: readonly Attribution[];
}

export interface MuseumRecord {
  readonly bugs: Readonly<Record<string, BugRecord>>;
  readonly profiles: Readonly<Record<string, ProfileRecord>>;
}

export function readRecord(path: string): MuseumRecord {
  return JSON.parse(readFileSync(path, 'utf8')) as MuseumRecord;
}

/** One line for each campaign-long list, so that a change of one bug is a change of few lines. */
export function writeRecord(path: string, record: MuseumRecord): void {
  const text = JSON.stringify(record, undefined, 2);
  const flat = text.replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\s+/g, ' '));
  writeFileSync(path, `${flat}\n`);
}
