// `npm run bench`: everything that design promises about speed, measured in one process. `--json`
// prints one object instead of tables. Progress goes to stderr.
import process from 'node:process';
import { asJson, asText } from './findings.js';
import type { Findings } from './findings.js';
import { measureFork } from './forking.js';
import { benchLinearizability, linearizabilityText } from './linearizability.js';
import { measureServers, measureTxns } from './scale.js';
import { measurePaces, measureSpeed } from './speed.js';
import { measureSwarm } from './swarm-seeds.js';
import { measureZnodes } from './znodes.js';

const USAGE = 'usage: npm run bench [-- --json] [-- --histories]\n';

function progress(what: string): void {
  process.stderr.write(`bench: ${what}\n`);
}

/** Of the process so far: it never falls. */
function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/**
 * The swarm first: a fuzzing run does nothing else, and code compiled for other work is slower at
 * it. The big run last: what has filled the heap slows down what comes later.
 */
function measure(): Findings {
  progress('swarm');
  const swarm = measureSwarm();
  const megabytesBefore = peakMegabytes();
  progress('events per second');
  const speeds = measureSpeed();
  progress('virtual time');
  const paces = measurePaces();
  progress('fork');
  const fork = measureFork();
  const servers = measureServers(progress);
  const txns = measureTxns(progress);
  const megabytes = peakMegabytes();
  const znodes = measureZnodes(progress);
  return { speeds, paces, swarm, fork, servers, megabytesBefore, txns, megabytes, znodes };
}

function main(args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== '--json' && arg !== '--histories');
  if (unknown !== undefined) {
    process.stderr.write(`bench: unknown argument ${unknown}\n${USAGE}`);
    return 64;
  }
  if (globalThis.gc === undefined) {
    progress('without --expose-gc garbage of one sample is collected in the time of the next');
  }
  if (args.includes('--histories')) {
    const rows = benchLinearizability(progress);
    const asked = args.includes('--json') ? JSON.stringify(rows) : linearizabilityText(rows);
    process.stdout.write(`${asked}\n`);
    return 0;
  }
  const findings = measure();
  const text = args.includes('--json') ? JSON.stringify(asJson(findings)) : asText(findings);
  process.stdout.write(`${text}\n`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
