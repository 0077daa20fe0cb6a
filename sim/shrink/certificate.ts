// The proof that nothing more can be taken out: each single part of a scenario (a fault, one of its
// hosts, an operation, a client, a server, a setting) is left out once, by itself, and what is left
// is run to its end. The certificate says how many there are and how many of those runs pass. If
// all of them do, the scenario is 1-minimal.
import type { Scenario } from '../scenario/scenario.js';
import type { Hunt } from './hunt.js';
import type { Removal } from './removals.js';
import { partRemovals } from './removals.js';
import { settingsOf } from './settings.js';
import type { Failure } from './trial.js';

export interface Certificate {
  /** How many single removals there are. */
  readonly removals: number;
  /** How many of them were run and pass: the invariant does not fail without that part. */
  readonly passed: number;
  /** Removals after which it still fails, in words. */
  readonly spare: readonly string[];
}

export function isMinimal({ removals, passed }: Certificate): boolean {
  return passed === removals;
}

/** Several settings at once, or one that there must be. */
const NOT_SINGLE: ReadonlySet<string> = new Set(['cluster', 'timing', 'limits', 'seed']);

/** Every single part that could be left out. */
export function removalsOf(scenario: Scenario): Removal[] {
  const known = new Set([JSON.stringify(scenario)]);
  const isNew = ({ without }: Removal): boolean => {
    const text = JSON.stringify(without);
    if (known.has(text)) return false;
    known.add(text);
    return true;
  };
  const settings = settingsOf(scenario).filter(({ what }) => !NOT_SINGLE.has(what));
  return [
    ...partRemovals(scenario),
    ...settings.flatMap(({ what, simpler }) => simpler.map((without) => ({ what, without }))),
  ].filter(isNew);
}

/** Runs each removal; those after which it fails still are handed to `onSpare`. */
export function certify(
  removals: readonly Removal[],
  hunt: Pick<Hunt, 'run'>,
  onSpare: (trial: Failure) => void,
): Certificate {
  let passed = 0;
  const spare: string[] = [];
  for (const { what, without } of removals) {
    const trial = hunt.run(without);
    if (trial === undefined) break;
    if (!trial.failed) {
      passed += 1;
      continue;
    }
    spare.push(what);
    onSpare(trial);
  }
  return { removals: removals.length, passed, spare };
}
