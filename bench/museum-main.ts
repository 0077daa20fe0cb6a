// `npm run museum -- BUG ... [--campaigns N] [--most N] [--most-of-clients N] [--mutations]
// [--profiles RELEASE ...] [--seeds N] [--page]`: measures, keeps what it measured in
// bench/museum.json, and writes the tables of docs/museum.md. Progress goes to stderr.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadKept } from '../cli/bug-scenarios.js';
import { VARIANTS, variantsNamed } from '../protocol/variants/registry.js';
import type { Variant } from '../protocol/variants/variant.js';
import { PROFILES } from '../sim/profiles.js';
import { attribute } from './museum/attribution.js';
import type { Search, Watch } from './museum/campaigns.js';
import { campaign, warmUp } from './museum/campaigns.js';
import { withTables } from './museum/page.js';
import type { BugRecord, MuseumRecord } from './museum/record.js';
import { readRecord, writeRecord } from './museum/record.js';

const RECORD = 'bench/museum.json';
const PAGE = 'docs/museum.md';

interface Budget {
  readonly campaigns: number;
  readonly most: number;
  readonly mostOfClients: number;
}

function say(text: string): void {
  process.stderr.write(`museum: ${text}\n`);
}

/** So many campaigns without a find, and none before: nobody waits for the rest. */
const HOPELESS = 3;

function searches(id: string, watch: Watch, campaigns: number, most: number): Search[] {
  const found: Search[] = [];
  while (found.length < campaigns) {
    found.push(campaign(id, found.length + 1, watch, most));
    const vain = watch === 'all' && found.every(({ seeds }) => seeds === undefined);
    if (vain && found.length >= HOPELESS) break;
  }
  return found;
}

const secondsOf = (found: readonly Search[]): number[] =>
  found.map(({ cpuUs }) => Math.round(cpuUs / 1000) / 1000);

function measure({ id }: Variant, { campaigns, most, mostOfClients }: Budget): BugRecord {
  const all = searches(id, 'all', campaigns, most);
  const clients = searches(id, 'clients', campaigns, mostOfClients);
  const by: Record<string, number> = {};
  for (const { by: first } of all) if (first !== undefined) by[first] = (by[first] ?? 0) + 1;
  return {
    ...{ most, mostOfClients, by },
    seeds: all.map(({ seeds }) => seeds ?? null),
    seedsOfClients: clients.map(({ seeds }) => seeds ?? null),
    cpuSeconds: secondsOf(all),
    cpuSecondsOfClients: secondsOf(clients),
  };
}

function wanted(names: readonly string[], mutations: boolean): Variant[] {
  if (names.length === 0) {
    return VARIANTS.filter(
      ({ kind, control }) => control === undefined && (mutations || kind !== 'mutation'),
    );
  }
  return names.flatMap((name) => {
    const named = variantsNamed(name);
    if (named.length === 0) throw new Error(`${name}: expected a bug or an issue, like 3911`);
    return named;
  });
}

function measureBugs(
  record: MuseumRecord,
  variants: readonly Variant[],
  budget: Budget,
): MuseumRecord {
  warmUp();
  let sum = record;
  for (const variant of variants) {
    const one = measure(variant, budget);
    sum = { ...sum, bugs: { ...sum.bugs, [variant.id]: one } };
    writeRecord(RECORD, sum);
    const found = one.seeds.filter((seeds) => seeds !== null);
    const cpu = Math.max(...one.cpuSeconds).toFixed(1);
    say(`${variant.id}: ${found.length} of ${one.seeds.length}, worst ${cpu} s`);
  }
  return sum;
}

function measureProfiles(
  record: MuseumRecord,
  names: readonly string[],
  seeds: number,
): MuseumRecord {
  let sum = record;
  for (const profile of PROFILES) {
    const release = profile.name.replace('zookeeper-', '');
    if (profile.variants.length === 0 || (names.length > 0 && !names.includes(release))) continue;
    const one = attribute(profile, seeds);
    sum = { ...sum, profiles: { ...sum.profiles, [profile.name]: one } };
    writeRecord(RECORD, sum);
    say(`${profile.name}: ${one.failing} of ${seeds} seeds fail`);
  }
  return sum;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      campaigns: { type: 'string', default: '20' },
      most: { type: 'string', default: '6000' },
      'most-of-clients': { type: 'string', default: '100' },
      mutations: { type: 'boolean', default: false },
      profiles: { type: 'boolean', default: false },
      seeds: { type: 'string', default: '300' },
      page: { type: 'boolean', default: false },
    },
  });
  let record = existsSync(RECORD) ? readRecord(RECORD) : { bugs: {}, profiles: {} };
  if (values.profiles) record = measureProfiles(record, positionals, Number(values.seeds));
  else if (!values.page) {
    const budget = {
      campaigns: Number(values.campaigns),
      most: Number(values.most),
      mostOfClients: Number(values['most-of-clients']),
    };
    record = measureBugs(record, wanted(positionals, values.mutations), budget);
  }
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), record, loadKept));
}

main();
