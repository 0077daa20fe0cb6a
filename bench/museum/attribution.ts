// A release has several bugs at once, and a run shows several of them, or one behind another. Each
// failing seed is run again with every bug of the profile alone: a bug that makes the same checker
// fail there by itself is named. Where none does, bugs are taken away one by one for as long as it
// fails still: what is left fails together. What fails with safe rules as well is nobody's.
import type { Profile } from '../../sim/profiles.js';
import { runScenario } from '../../sim/run.js';
import { DEATH } from '../../sim/shrink/trial.js';
import { drawScenario } from '../../sim/swarm.js';
import type { Attribution, ProfileRecord } from './record.js';

/** What fails in the run of a seed with these bugs. */
export type Fails = (seed: number, variants: readonly string[]) => ReadonlySet<string>;

export function failsIn(seed: number, variants: readonly string[]): ReadonlySet<string> {
  const scenario = drawScenario(`${seed}`, { variants });
  const { violations, deaths } = runScenario(scenario, { level: 'hash' });
  const found = new Set(violations.map(({ checker }) => checker));
  return deaths.length > 0 ? found.add(DEATH) : found;
}

/** The fewest of the bugs, as far as leaving out one after another leads. */
function together(seed: number, variants: readonly string[], what: string, fails: Fails): string[] {
  let left = [...variants];
  for (const id of variants) {
    const fewer = left.filter((other) => other !== id);
    if (fails(seed, fewer).has(what)) left = fewer;
  }
  return left;
}

/** Whoever explains what failed in one seed: sets of bugs, each with what it explains. */
function explained(
  seed: number,
  variants: readonly string[],
  failed: ReadonlySet<string>,
  fails: Fails,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (ids: readonly string[], what: string): void => {
    const key = ids.join(' ');
    found.set(key, [...(found.get(key) ?? []), what]);
  };
  const open = new Set(failed);
  for (const what of fails(seed, [])) if (open.delete(what)) add([], what);
  const theirs = new Set(open);
  for (const id of variants) {
    for (const what of fails(seed, [id])) {
      if (!theirs.has(what)) continue;
      add([id], what);
      open.delete(what);
    }
  }
  for (const what of open) add(together(seed, variants, what, fails), what);
  return found;
}

export function attribute(
  { variants }: Pick<Profile, 'variants'>,
  seeds: number,
  fails: Fails = failsIn,
): ProfileRecord {
  const attributions = new Map<string, Attribution>();
  let failing = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const failed = fails(seed, variants);
    if (failed.size === 0) continue;
    failing += 1;
    for (const [key, whats] of explained(seed, variants, failed, fails)) {
      const known = attributions.get(key);
      const breaks: Record<string, number> = { ...known?.breaks };
      for (const what of whats) breaks[what] = (breaks[what] ?? 0) + 1;
      attributions.set(key, {
        variants: key === '' ? [] : key.split(' '),
        seeds: (known?.seeds ?? 0) + 1,
        firstSeed: known?.firstSeed ?? seed,
        breaks,
      });
    }
  }
  const sorted = [...attributions.values()].toSorted(
    (a, b) => a.variants.length - b.variants.length || b.seeds - a.seeds,
  );
  return { seeds, failing, attributions: sorted };
}
