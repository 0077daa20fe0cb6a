// The tables of docs/museum.md: what was measured, beside what others have published. A function of
// the record and of the kept scenarios: the same record gives the same page. The prose around the
// tables is written by hand, and each table stands between two comments.
import { assert } from '../../base/assert.js';
import { issuesOf, VARIANTS } from '../../protocol/variants/registry.js';
import type { Variant } from '../../protocol/variants/variant.js';
import { PROFILES } from '../../sim/profiles.js';
import { runScenario } from '../../sim/run.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { sizeOf } from '../../sim/shrink/size.js';
import { DEATH } from '../../sim/shrink/trial.js';
import { median } from '../cpu.js';
import { PUBLISHED } from './published.js';
import type { Attribution, BugRecord, MuseumRecord, ProfileRecord } from './record.js';

export type Kept = (variant: Variant) => Scenario | undefined;

const count = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `412`, or `> 2,000` for a campaign that ran out of its budget. */
function seedsText(value: number, most: number): string {
  return Number.isFinite(value) ? count(Math.round(value)) : `> ${count(most)}`;
}

const asNumbers = (seeds: BugRecord['seeds']): number[] => seeds.map((value) => value ?? Infinity);

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NaN;
  return Number.isFinite(upper) ? median(values) : upper;
}

function found(seeds: BugRecord['seeds']): string {
  return `${seeds.filter((value) => value !== null).length}/${seeds.length}`;
}

function firstBy(by: BugRecord['by']): string {
  const [most] = Object.entries(by).toSorted(([, a], [, b]) => b - a);
  return most === undefined ? '' : most[0] === DEATH ? 'a process ends' : `\`${most[0]}\``;
}

function nameCells(variant: Variant): string[] {
  return [issuesOf(variant)[0] ?? '-', `\`${variant.id}\``];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)];
}

type Row = readonly [Variant, BugRecord];

function seedRow([variant, { seeds, most, by }]: Row): string[] {
  const values = asNumbers(seeds);
  return [
    ...nameCells(variant),
    found(seeds),
    seedsText(middle(values), most),
    seedsText(Math.max(...values), most),
    firstBy(by),
  ];
}

function clientCells([, { seedsOfClients, mostOfClients }]: Row): string[] {
  const values = asNumbers(seedsOfClients);
  if (values.every((value) => !Number.isFinite(value))) {
    return [`not in ${seedsOfClients.length} x ${count(mostOfClients)}`, ''];
  }
  return [found(seedsOfClients), seedsText(middle(values), mostOfClients)];
}

function seconds(value: number): string {
  return value >= 9.95 ? value.toFixed(0) : value >= 0.095 ? value.toFixed(1) : value.toFixed(2);
}

/** Of a campaign that found nothing, the time until it gave up. */
function secondCells([, { cpuSeconds, seeds }]: Row): string[] {
  const through = seeds.includes(null) ? '> ' : '';
  const half = seeds.filter((value) => value === null).length * 2 > seeds.length ? '> ' : '';
  return [`${half}${seconds(median(cpuSeconds))}`, `${through}${seconds(Math.max(...cpuSeconds))}`];
}

function clientSeconds([, { cpuSecondsOfClients, seedsOfClients }]: Row): string {
  const missed = seedsOfClients.filter((value) => value === null).length;
  const half = missed * 2 > seedsOfClients.length ? '> ' : '';
  return `${half}${seconds(median(cpuSecondsOfClients))}`;
}

function sizeCells(variant: Variant, kept: Kept): string[] {
  const scenario = kept(variant);
  if (scenario === undefined) return ['', '', '', '', ''];
  const { servers, clients, faults, operations } = sizeOf(scenario);
  const { events } = runScenario(scenario, { level: 'hash', stopAt: 'violation' });
  const cells = [servers, clients, faults, operations ?? 'drawn', events];
  return cells.map(String);
}

function detection(rows: readonly Row[], kept: Kept): string[] {
  const heads = [
    ...['issue', 'bug', 'found', 'seeds, median', 'worst', 'mostly first'],
    ...['by clients alone', 'seeds, median'],
    ...['servers', 'clients', 'faults', 'operations', 'events'],
  ];
  const cells = rows.map((row) => [
    ...seedRow(row),
    ...clientCells(row),
    ...sizeCells(row[0], kept),
  ]);
  return tableOf(heads, cells);
}

function timings(rows: readonly Row[]): string[] {
  const heads = [
    ...['issue', 'bug', 'CPU s, median', 'worst', 'by clients alone, median'],
    ...['published', 'their time', 'their work'],
  ];
  const cells = rows.flatMap((row) => {
    const published = PUBLISHED[row[0].id] ?? [{ tool: '', time: '', work: '' }];
    return published.map(({ tool, time, work }, index) => [
      ...(index === 0
        ? [...nameCells(row[0]), ...secondCells(row), clientSeconds(row)]
        : ['', '', '', '', '']),
      ...[tool, time, work],
    ]);
  });
  return tableOf(heads, cells);
}

/** How many campaigns end within so many seconds. */
function share(rows: readonly Row[], limit: number): string {
  const all = rows.flatMap(([, { cpuSeconds, seeds }]) =>
    cpuSeconds.map((value, index) => seeds[index] !== null && value <= limit),
  );
  const within = all.filter((value) => value).length;
  const percent = Math.floor((100 * within) / all.length);
  return `${count(within)} of ${count(all.length)} campaigns (${percent} %) within ${limit} CPU s`;
}

function summary(rows: readonly Row[]): string[] {
  const through = rows.filter(([, { seeds }]) => !seeds.includes(null)).length;
  const missed = rows
    .filter(([, { seeds }]) => seeds.every((value) => value === null))
    .map(([{ id }]) => `\`${id}\``);
  const clients = rows.filter(([, r]) => r.seedsOfClients.some((value) => value !== null)).length;
  return [
    `- ${through} of ${rows.length} bugs are found in every campaign`,
    `- ${share(rows, 5)}`,
    `- ${share(rows, 60)}`,
    `- clients alone notice ${clients} of ${rows.length} within their budget`,
    ...(missed.length === 0
      ? []
      : [`- in no campaign: ${missed.join(', ')}; what is kept comes from longer ones`]),
  ];
}

const finderName = (id: string): string => (id === DEATH ? 'a process ends' : `\`${id}\``);

function bugName(id: string): string {
  const variant = VARIANTS.find((one) => one.id === id);
  const [issue] = variant === undefined ? [] : issuesOf(variant);
  return issue ?? `\`${id}\``;
}

/** Of checkers that fail for one bug: the rest are mostly consequences. */
const TOLD = 5;

/** A bug by itself, and in how many rows of several it has a part. */
function releaseRow(id: string, attributions: readonly Attribution[]): string[] {
  const variant = VARIANTS.find((one) => one.id === id);
  const alone = attributions.find(({ variants: [first, ...rest] }) => first === id && !rest.length);
  const together = attributions.filter((one) => one !== alone && one.variants.includes(id));
  const sorted = Object.entries(alone?.breaks ?? {}).toSorted(([, a], [, b]) => b - a);
  const told = sorted.slice(0, TOLD).map(([what, times]) => `${finderName(what)} ${times}`);
  const more = sorted.length > TOLD ? [`${sorted.length - TOLD} more`] : [];
  return [
    ...(variant === undefined ? ['', id] : nameCells(variant)),
    count(alone?.seeds ?? 0),
    alone === undefined ? '' : count(alone.firstSeed),
    count(together.reduce((sum, { seeds }) => sum + seeds, 0)),
    [...told, ...more].join(', '),
  ];
}

/** What fails in this release and with none of its bugs alone. */
function onlyTogether(attributions: readonly Attribution[]): string[] {
  const alone = attributions.filter(({ variants }) => variants.length === 1);
  const known = new Set(alone.flatMap(({ breaks }) => Object.keys(breaks)));
  const told = new Map<string, string>();
  for (const { variants, breaks, firstSeed } of attributions) {
    for (const what of Object.keys(breaks)) {
      if (known.has(what) || told.has(what)) continue;
      const names = variants.length === 0 ? 'NOT EXPLAINED' : variants.map(bugName).join(' and ');
      told.set(what, `${finderName(what)} (${names}, seed ${firstSeed})`);
    }
  }
  return [...told.values()];
}

function releaseSection(name: string, { seeds, failing, attributions }: ProfileRecord): string[] {
  const { variants = [] } = PROFILES.find((profile) => profile.name === name) ?? {};
  const heads = [
    'issue',
    'bug',
    'seeds, alone',
    'first',
    'seeds, with others',
    'what fails, alone',
  ];
  const together = onlyTogether(attributions);
  return [
    `### ${name}`,
    '',
    `${count(failing)} of ${count(seeds)} seeds fail.`,
    '',
    ...tableOf(
      heads,
      variants.map((id) => releaseRow(id, attributions)),
    ),
    '',
    ...(together.length === 0 ? [] : [`Only together: ${together.join(', ')}.`, '']),
  ];
}

function rowsOf({ bugs }: MuseumRecord, kind: Variant['kind']): Row[] {
  const oldest = (variant: Variant): number =>
    Math.min(...issuesOf(variant).map(Number), Number.MAX_SAFE_INTEGER);
  return VARIANTS.filter((variant) => variant.kind === kind)
    .toSorted((a, b) => oldest(a) - oldest(b))
    .flatMap((variant): Row[] => {
      const measured = bugs[variant.id];
      return measured === undefined ? [] : [[variant, measured]];
    });
}

export function museumTables(record: MuseumRecord, kept: Kept): Readonly<Record<string, string[]>> {
  const bugs = rowsOf(record, undefined);
  const mutations = rowsOf(record, 'mutation');
  const releases = Object.entries(record.profiles);
  return {
    summary: summary(bugs),
    bugs: detection(bugs, kept),
    seconds: timings(bugs),
    mutations: mutations.length === 0 ? ['Not measured.'] : detection(mutations, kept),
    releases: releases.flatMap(([name, release]) => releaseSection(name, release)),
  };
}

const TABLE = /(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end of table -->)/g;

/** The page with its tables as the record has them. */
export function withTables(page: string, record: MuseumRecord, kept: Kept): string {
  const tables = museumTables(record, kept);
  return page.replace(TABLE, (_, head: string, name: string, end: string) => {
    const lines = tables[name];
    assert(lines !== undefined, `a table that nobody makes: ${name}`);
    return `${head}${lines.join('\n').trimEnd()}\n${end}`;
  });
}
