// What a campaign has done so far, as a file in its folder: written every few seconds and when
// it is interrupted, taken away when it ends. Named for the campaign, so that each finds its own
// and none overwrites another's.
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Digest } from '../base/digest.js';
import type { Totals } from '../sim/campaign/totals.js';
import { NO_TOTALS } from '../sim/campaign/totals.js';
import { readText, writeLines } from './files.js';
import type { Plan } from './fuzz-plan.js';
import { planText } from './fuzz-plan.js';
import { packageVersion } from './package-info.js';
import { UsageError } from './usage-error.js';

export interface Progressed {
  /** The sum over all runs up to here. */
  readonly totals: Totals;
  readonly elapsedUs: number;
}

interface State extends Progressed {
  readonly version: string;
  readonly plan: string;
}

export const FRESH: Progressed = { totals: NO_TOTALS, elapsedUs: 0 };

function statePath(folder: string, plan: Plan): string {
  const digest = new Digest();
  digest.addString(planText(plan));
  return join(folder, `campaign-${digest.hex().slice(0, 8)}.json`);
}

export function saveState(folder: string, plan: Plan, progressed: Progressed): string {
  const { totals, elapsedUs } = progressed;
  const state: State = { version: packageVersion(), plan: planText(plan), totals, elapsedUs };
  const path = statePath(folder, plan);
  mkdirSync(folder, { recursive: true });
  writeLines(path, [JSON.stringify(state)]);
  return path;
}

/** The campaign is over: its folder goes as well, if there is nothing else in it. */
export function dropState(folder: string, plan: Plan): void {
  const path = statePath(folder, plan);
  if (!existsSync(path)) return;
  rmSync(path);
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

export function loadState(folder: string, plan: Plan): Progressed {
  const path = statePath(folder, plan);
  if (!existsSync(path)) {
    const hint = 'it takes the same seeds, rules and options; --jobs and --format may differ';
    throw new UsageError(`--resume: ${folder} has no unfinished campaign like this one`, hint);
  }
  const state = parsed(path);
  if (state?.plan !== planText(plan)) {
    throw new UsageError(`${path}: expected the state of a campaign, written by zabsim fuzz`);
  }
  if (state.version !== packageVersion()) {
    const hint = 'its seeds mean other scenarios now; start again without --resume';
    throw new UsageError(`${path}: written by zabsim ${state.version}`, hint);
  }
  return { totals: state.totals, elapsedUs: state.elapsedUs };
}

function parsed(path: string): State | undefined {
  try {
    const value: unknown = JSON.parse(readText(path));
    if (typeof value !== 'object' || value === null || !('totals' in value)) return undefined;
    return value as State;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return undefined;
  }
}
