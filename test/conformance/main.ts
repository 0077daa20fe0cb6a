#!/usr/bin/env -S npx tsx
// How like a real ZooKeeper the simulator answers. `npm run conformance -- --help` tells the rest.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isNear, rows, tableText } from './calibration/table.js';
import { BAD_INPUT, BadClient } from './bad-input.js';
import type { Finding, Options, Outcome } from './random/differential.js';
import { runDifferential } from './random/differential.js';
import { startCluster } from './real/cluster.js';
import type { Installation } from './real/install.js';
import { installation } from './real/install.js';
import type { Case, Replayed } from './replay.js';
import { casesIn, judged, replay, replayedText, simulate, tally } from './replay.js';
import type { Answer } from './script/answer.js';
import { goldenText, spacedJson } from './script/answer.js';
import { differences, differenceText } from './script/compare.js';
import { conduct } from './script/conductor.js';

const HELP = `npm run conformance -- --golden DIR
  replays the scripts of a folder against the simulator and compares with the answers beside them

npm run conformance -- [--sequences N] [--ensemble N] [--seed S] [--scripts DIR]
    [--record DIR] [--short] [--or-skip]
  starts a real ZooKeeper 3.8.0 (Debian's package, installed if need be) on loopback and compares
  the simulator with it: every script of DIR (default: the project's), and N random sequences for
  a server alone (default: 2000) and for an ensemble (default: 200). --record keeps the real
  answers; --short: 200 and 20 sequences, and no scripts; --or-skip: where it cannot be
  installed, say so and succeed.

npm run conformance -- --calibrate [--real N]
  how long elections, time-outs and the like take in the simulator, beside a real ensemble: what was
  measured once, or, where no relays are needed, N times just now

exit codes: 0 no unexplained difference, 1 some, 2 no ZooKeeper, 64 usage
`;

const GOLDEN = fileURLToPath(new URL('golden', import.meta.url));

function say(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

async function replayAll(folder: string): Promise<number> {
  const cases = casesIn(folder);
  if (cases.length === 0) throw new UsageError(`${folder}: no NAME.json with a NAME.golden.json`);
  const all: Replayed[] = [];
  for (const one of cases) {
    const replayed = await replay(one);
    const text = replayedText(replayed);
    if (text !== '') say(text);
    all.push(replayed);
  }
  say(tally(all));
  return all.some((one) => one.differences.length > 0) ? 1 : 0;
}

class UsageError extends Error {}

async function answersOfReal({ script }: Case): Promise<Answer[]> {
  const cluster = await startCluster(script);
  try {
    return await conduct(script, cluster);
  } finally {
    await cluster.end();
  }
}

interface Recording {
  readonly folder: string;
  readonly version: string;
}

function record(to: Recording, { name, script }: Case, results: readonly Answer[]): void {
  const { folder, version } = to;
  mkdirSync(folder, { recursive: true });
  const server = script.server ?? 'standalone';
  const head = { script: name, server, zookeeper: version, results };
  writeFileSync(join(folder, `${name}.golden.json`), goldenText(head));
}

/** The table of bad input, put to a real one. */
async function compareBadInput(): Promise<boolean> {
  const script = { name: 'bad input', server: 'standalone' } as const;
  const cluster = await startCluster(script);
  let differ = 0;
  try {
    const client = await BadClient.at(cluster);
    for (const input of BAD_INPUT) {
      const said = await client.ask(input, script);
      if (said === input.says) continue;
      differ += 1;
      say(
        `bad input: to ${spacedJson(input.step)} the real one says ${said}, and not ${input.says}`,
      );
    }
    client.leave();
  } finally {
    await cluster.end();
  }
  say(`bad input: ${BAD_INPUT.length - differ} of ${BAD_INPUT.length} answers as in the table`);
  return differ === 0;
}

/** Every script anew: the real one against the goldens, the simulator against the real one. */
async function compareScripts(folder: string, keepIn: Recording | undefined): Promise<boolean> {
  const all: Replayed[] = [];
  let stale = 0;
  const startMs = performance.now();
  for (const one of casesIn(folder)) {
    const real = await answersOfReal(one);
    if (keepIn !== undefined) record(keepIn, one, real);
    const changed = differences(real, one.golden.results);
    if (changed.length > 0) {
      stale += 1;
      say(`${one.name}: the real one answers otherwise than its golden:`);
      for (const difference of changed) say(differenceText(difference));
    }
    const replayed = judged(one.name, one.script, await simulate(one.script), real);
    say(replayedText(replayed) || `${one.name}: the same`);
    all.push(replayed);
  }
  say(`scripts, recorded anew in ${seconds(startMs)}: ${tally(all)}`);
  say(`goldens: ${all.length - stale} as recorded before, ${stale} otherwise`);
  return stale === 0 && all.every((one) => one.differences.length === 0);
}

function findingText({ setting, before, steps, differences: found, count }: Finding): string {
  const { server, cfg } = setting;
  const where = ` (${[server, ...cfg].join(', ')})`;
  const after = before.length === 0 ? '' : `, after ${before.length} other sequences`;
  const lines = [
    `${count} ${count === 1 ? 'sequence differs' : 'sequences differ'}${where}${after}; the shortest:`,
    ...before.flatMap((earlier) => [...earlier.map((step) => `    ${spacedJson(step)}`), '    --']),
    ...steps.map((step) => `    ${spacedJson(step)}`),
    ...found.slice(0, 8).map(differenceText),
  ];
  return `${lines.join('\n')}\n`;
}

function outcomeText({ sequences, operations, findings, races }: Outcome): string {
  const differ = findings.reduce((sum, { count }) => sum + count, 0);
  const text = `${sequences - differ - races.length} sequences agree (${operations} steps), ${differ} differ`;
  return races.length === 0 ? text : `${text}, ${races.length} differed once and not again`;
}

async function compareRandomly(many: Omit<Options, 'log'>): Promise<boolean> {
  const startMs = performance.now();
  const outcome = await runDifferential({ ...many, log: say });
  for (const race of outcome.races) say(`did not come back:\n${findingText(race)}`);
  for (const finding of outcome.findings) say(findingText(finding));
  say(`random sequences, seed ${many.seed}, ${seconds(startMs)}: ${outcomeText(outcome)}`);
  return outcome.findings.length === 0;
}

async function calibrate(real: number): Promise<number> {
  const all = await rows(real);
  say(tableText(all));
  const far = all.filter((row) => !isNear(row));
  for (const { figure } of far) say(`${figure.what}: further off than it should be`);
  return far.length === 0 ? 0 : 1;
}

function wholeNumber(text: string, option: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`--${option}: ${text} is no whole number`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      golden: { type: 'string' },
      scripts: { type: 'string', default: GOLDEN },
      record: { type: 'string' },
      sequences: { type: 'string' },
      ensemble: { type: 'string' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      calibrate: { type: 'boolean', default: false },
      real: { type: 'string', default: '0' },
      'or-skip': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  if (values.golden !== undefined) return replayAll(values.golden);
  const real = wholeNumber(values.real, 'real');
  if (values.calibrate && real === 0) return calibrate(0);
  const standalone = wholeNumber(values.sequences ?? (values.short ? '200' : '2000'), 'sequences');
  const ensemble = wholeNumber(values.ensemble ?? (values.short ? '20' : '200'), 'ensemble');
  const seed = wholeNumber(values.seed, 'seed');
  const found = installation();
  if (typeof found === 'string') {
    say(`NOT COMPARED with a real ZooKeeper: ${found}.`);
    return values['or-skip'] ? 0 : 2;
  }
  if (values.calibrate) return calibrate(real);
  const many = { standalone, ensemble, seed };
  return compare(found, many, values.short ? undefined : values);
}

async function compare(
  { version }: Installation,
  many: Omit<Options, 'log'>,
  scripts: { readonly scripts: string; readonly record?: string | undefined } | undefined,
): Promise<number> {
  say(`comparing with ZooKeeper ${version}`);
  const keepIn = scripts?.record === undefined ? undefined : { folder: scripts.record, version };
  const scriptsAgree = scripts === undefined || (await compareScripts(scripts.scripts, keepIn));
  const badInputAgrees = scripts === undefined || (await compareBadInput());
  const sequencesAgree = await compareRandomly(many);
  return scriptsAgree && badInputAgrees && sequencesAgree ? 0 : 1;
}

function isUsage(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return error instanceof UsageError || (code?.startsWith('ERR_PARSE_ARGS') ?? false);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!isUsage(error)) throw error;
  process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
  process.exitCode = 64;
}
