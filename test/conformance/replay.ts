// Every script of a folder, run against the simulator, and what it answers compared with what a
// real ZooKeeper answered.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCodeUnits } from '../../base/order.js';
import { whyKnown } from './known-differences.js';
import type { Answer, Golden } from './script/answer.js';
import type { Difference } from './script/compare.js';
import { differences, differenceText } from './script/compare.js';
import { conduct } from './script/conductor.js';
import type { Script } from './script/script.js';
import { readScript } from './script/script.js';
import { SimulatedEnsemble } from './simulated/ensemble.js';

const GOLDEN = '.golden.json';

export interface Case {
  readonly name: string;
  readonly script: Script;
  /** What the real one answered. */
  readonly golden: Golden;
}

function readGolden(file: string): Golden {
  const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Golden> | null;
  if (!Array.isArray(read?.results)) throw new Error(`${file}: no list \`results\` of answers`);
  return read as Golden;
}

/** The scripts of a folder that have a golden beside them, by name. */
export function casesIn(folder: string): Case[] {
  const names = readdirSync(folder).filter((file) => file.endsWith(GOLDEN));
  return names
    .map((file) => file.slice(0, -GOLDEN.length))
    .filter((name) => existsSync(join(folder, `${name}.json`)))
    .sort(compareCodeUnits)
    .map((name) => ({
      name,
      script: readScript(join(folder, `${name}.json`)),
      golden: readGolden(join(folder, `${name}${GOLDEN}`)),
    }));
}

export interface Replayed {
  readonly name: string;
  /** Those that nobody has explained. */
  readonly differences: readonly Difference[];
  readonly explained: readonly Explained[];
}

export interface Explained {
  readonly difference: Difference;
  readonly why: string;
}

/** Compares, and sets apart what is known. */
export function judged(
  name: string,
  script: Script,
  got: readonly Answer[],
  wanted: readonly Answer[],
): Replayed {
  const found = differences(got, wanted);
  const explained = found.flatMap((difference): Explained[] => {
    const why = whyKnown(script, wanted, difference);
    return why === undefined ? [] : [{ difference, why }];
  });
  const known = new Set(explained.map(({ difference }) => difference));
  return { name, explained, differences: found.filter((one) => !known.has(one)) };
}

export async function simulate(script: Script): Promise<Answer[]> {
  return conduct(script, new SimulatedEnsemble(script));
}

export async function replay({ name, script, golden }: Case): Promise<Replayed> {
  return judged(name, script, await simulate(script), golden.results);
}

/** For people: nothing of what agrees. */
export function replayedText({ name, differences: left, explained }: Replayed): string {
  const lines = left.length === 0 ? [] : [`${name} differs:`, ...left.map(differenceText)];
  for (const why of new Set(explained.map((one) => one.why))) {
    lines.push(`${name}: known difference: ${why}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

export function tally(all: readonly Replayed[]): string {
  const differ = all.filter(({ differences: left }) => left.length > 0).length;
  const known = all.filter((one) => one.differences.length === 0 && one.explained.length > 0);
  const more = known.length === 0 ? '' : ` (${known.length} of the passed with a known difference)`;
  return `${all.length - differ} passed, ${differ} differ${more}`;
}
