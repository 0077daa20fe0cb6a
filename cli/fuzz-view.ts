// What `zabsim fuzz` prints, in each of its formats, and its exit code.
import { fuzzAnnotations } from '../reports/fuzz-annotations.js';
import type { FuzzReport } from '../reports/fuzz-findings.js';
import { fuzzJson } from '../reports/fuzz-json.js';
import { fuzzJunit } from '../reports/fuzz-junit.js';
import { fuzzSummary } from '../reports/fuzz-summary.js';
import { counted, thousands, wrapped } from '../reports/format.js';
import type { Painter } from '../reports/painter.js';
import { CHECKERS } from '../sim/checkers/registry.js';
import { EXIT } from './exit-codes.js';
import type { Campaign } from './fuzz-campaign.js';
import type { FUZZ_FORMATS } from './fuzz-flags.js';
import { explainFailure, saveFailures } from './fuzz-failures.js';
import type { Plan } from './fuzz-plan.js';
import { jobCount } from './fuzz-plan.js';
import { complain, makePainter, print, terminalWidth } from './terminal.js';

export type FuzzFormat = (typeof FUZZ_FORMATS)[number];

/** Kinds of failures that are explained at length. */
const EXPLAINED_MAX = 3;

/**
 * Safety before deaths, before liveness; then what makes all of it doubtful; then runs that proved
 * nothing and paths that were not taken.
 */
export function exitCodeOf(campaign: Campaign, missingMarks: readonly string[]): number {
  const { totals, interrupted } = campaign;
  if (interrupted) return EXIT.interrupted;
  for (const code of [EXIT.safety, EXIT.death, EXIT.liveness]) {
    if (totals.exitCodes.includes(code)) return code;
  }
  if (totals.diverged.length > 0) return EXIT.divergence;
  if (totals.crashed.length > 0) return EXIT.internal;
  const proved = totals.verdicts.pass > 0 && missingMarks.length === 0;
  return proved ? EXIT.pass : EXIT.inconclusive;
}

interface HeaderArguments {
  readonly profile: string | undefined;
  readonly variant: readonly string[] | undefined;
  readonly seed: string | undefined;
  readonly budget: string | undefined;
  readonly recipe: string | undefined;
  readonly 'fail-fast': boolean;
  readonly out: string;
}

export function printHeader(args: HeaderArguments, plan: Plan, jobs: number): void {
  const { recipe, shard, files, checkEvery } = plan;
  const rules = [args.profile ?? 'safe', ...(args.variant ?? [])].join(' + ');
  const seeds = [
    args.seed === undefined ? plan.seeds : `${plan.seeds} counted from ${args.seed}`,
    recipe.intensity === 'swarm' ? 'drawn by the swarm' : 'drawn uniformly',
    ...(shard.of === 1 ? [] : [`the ${shard.index}. of ${shard.of} shards`]),
    ...(args['fail-fast'] ? ['until the first failure'] : []),
    ...(args.budget === undefined ? [] : [`for ${args.budget}`]),
  ];
  const faults = recipe.faultKinds === undefined ? 'all kinds' : recipe.faultKinds.join(', ');
  print(`seeds     ${seeds.join(', ')}`);
  if (files.length > 0) print(`corpus    ${counted(files.length, 'file')} first`);
  print(`rules     ${rules}`);
  print(`faults    ${faults}`);
  if (args.recipe !== undefined) print(`clients   run ${args.recipe}`);
  print(
    `jobs      ${jobs}, ${checkEvery === 0 ? 'no seed' : `one seed in ${checkEvery}`} run twice`,
  );
  print(`failures  are saved in ${args.out}/`);
  print();
}

export interface ViewOptions {
  readonly format: FuzzFormat;
  readonly out: string;
  readonly color: boolean | undefined;
  readonly jobs: number;
}

function printFindings(report: FuzzReport, plan: Plan, paint: Painter): void {
  const { findings, totals } = report;
  const width = terminalWidth();
  const failing = totals.failures.map(({ seed }) => seed);
  const listed = wrapped(`failing seeds: ${failing.join(' ')}`, width - 4);
  if (failing.length > 1) for (const line of listed) print(`  ${paint('violation', line)}`);
  findings.slice(0, EXPLAINED_MAX).forEach((finding) => {
    print();
    const { seeds, shape } = finding;
    if (seeds.length > 1) print(paint('dim', `${counted(seeds.length, 'seed')} alike: ${shape}`));
    const lines = explainFailure(finding, totals.failures, plan.recipe, { paint, width });
    for (const line of lines) print(line);
  });
  const others = findings.slice(EXPLAINED_MAX);
  if (others.length > 0) print();
  for (const { shape, seeds, reproduce } of others) {
    print(`also ${counted(seeds.length, 'seed')}: ${shape}`);
    print(`  ${reproduce}`);
  }
}

function printText(report: FuzzReport, plan: Plan, paint: Painter): void {
  for (const line of fuzzSummary(report, paint)) print(line);
  printFindings(report, plan, paint);
  const count = jobCount(plan);
  if (!report.interrupted || count === undefined) return;
  complain(`interrupted after ${thousands(report.totals.runs)} of ${thousands(count)} seeds`);
}

export function printCampaign(
  campaign: Campaign,
  missingMarks: readonly string[],
  plan: Plan,
  { format, out, color, jobs }: ViewOptions,
): void {
  const { totals, elapsedUs, interrupted } = campaign;
  const findings = saveFailures(totals.failures, plan.recipe, out);
  const { seeds } = plan;
  const report: FuzzReport = {
    ...{ seeds, totals, findings, missingMarks, interrupted, elapsedUs, jobs },
  };
  switch (format) {
    case 'json':
      return print(JSON.stringify(fuzzJson(report)));
    case 'junit':
      for (const line of fuzzJunit(report, CHECKERS)) print(line);
      return;
    case 'github':
      printText(report, plan, makePainter(false));
      for (const line of fuzzAnnotations(report)) print(line);
      return;
    case 'text':
      return printText(report, plan, makePainter(color));
  }
}
