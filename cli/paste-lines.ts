// The three commands under a failure. Each can be pasted into a shell as it is.
import type { PasteLines } from '../reports/failure.js';
import type { RunOutcome } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { commandText } from './internal-error.js';

/** How much of the trace around a violation is worth looking at. */
const BEFORE_US = 2_000_000;
const AFTER_US = 250_000;

/** Flags that say how this run differs from what its scenario file says. */
export function ruleFlags(scenario: Scenario, file: Scenario): string[] {
  const same = scenario.variants.join() === file.variants.join();
  // Only a profile takes the variants of the file away.
  const named = scenario.profile !== file.profile || (!same && scenario.variants.length === 0);
  return [
    ...(named ? ['--profile', scenario.profile] : []),
    ...(named || !same ? scenario.variants.flatMap((variant) => ['--variant', variant]) : []),
  ];
}

function seconds(us: number): string {
  return `${(Math.max(0, us) / 1e6).toFixed(3)}s`;
}

/** When a run went wrong first; undefined if it did not. */
function firstWrongUs({ violations, deaths }: PasteInput['outcome']): number | undefined {
  const times = [...violations, ...deaths].map(({ atUs }) => atUs);
  return times.length === 0 ? undefined : Math.min(...times);
}

export interface PasteInput {
  /** Arguments that repeat the run: `run NAME --seed S ...` or `replay FILE`. */
  readonly again: readonly string[];
  readonly outcome: Pick<RunOutcome, 'violations' | 'deaths'>;
  /** The file that holds the trace, if it was kept. */
  readonly trace: string | undefined;
}

/** Shrinking has its own idea of how long a run must be. */
function withoutUntil(argv: readonly string[]): string[] {
  const at = argv.indexOf('--until');
  return at < 0 ? [...argv] : argv.toSpliced(at, 2);
}

export function pasteLines({ again, outcome, trace }: PasteInput): PasteLines {
  const atUs = firstWrongUs(outcome);
  const window =
    atUs === undefined
      ? []
      : ['--from', seconds(atUs - BEFORE_US), '--to', seconds(atUs + AFTER_US)];
  const file = trace ?? 'failure.ndjson';
  const keep = trace === undefined ? `${commandText([...again, '--trace', file])}; ` : '';
  return {
    reproduce: commandText(again),
    minimise: commandText(['shrink', ...withoutUntil(again.slice(1))]),
    look: `${keep}${commandText(['report', file, ...window])}`,
  };
}
