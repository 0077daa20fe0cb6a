// Profiles: which decisions the servers of a run take. `safe` has every known bug fixed; the
// profile of a release is the set of variants that it has by their `presentIn`, in the order of the
// registry. Variants may be added to any profile.
import { assert } from '../base/assert.js';
import type { Rules } from '../protocol/rules.js';
import { SAFE_RULES } from '../protocol/rules.js';
import { VARIANTS } from '../protocol/variants/registry.js';
import { isPresent } from '../protocol/variants/releases.js';

export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Ids of the variants, applied in this order. */
  readonly variants: readonly string[];
}

/** Releases whose bugs are known well enough; `head` is what is being worked on upstream. */
const RELEASES = ['3.4.10', '3.8.0', '3.9.1', '3.9.4', 'head'] as const;

function profileOf(release: string): Profile {
  const present = VARIANTS.filter(({ presentIn = [] }) => isPresent(presentIn, release));
  const which = release === 'head' ? 'what is not released yet' : `release ${release}`;
  return {
    name: `zookeeper-${release}`,
    title: `the bugs that we know of in ${which}`,
    variants: present.map(({ id }) => id),
  };
}

export const PROFILES: readonly Profile[] = [
  {
    name: 'safe',
    title: 'every known bug fixed, those still open upstream included',
    variants: [],
  },
  ...RELEASES.map(profileOf),
];

export function isProfile(name: string): boolean {
  return PROFILES.some((profile) => profile.name === name);
}

export function isVariant(id: string): boolean {
  return VARIANTS.some((variant) => variant.id === id);
}

/** The rules of a profile with further variants on top. */
export function rulesFor(profileName: string, variants: readonly string[]): Rules {
  const profile = PROFILES.find(({ name }) => name === profileName);
  assert(profile !== undefined, 'a profile that was not checked');
  let rules = SAFE_RULES;
  for (const id of [...profile.variants, ...variants]) {
    const variant = VARIANTS.find((candidate) => candidate.id === id);
    assert(variant !== undefined, 'a variant that was not checked');
    rules = variant.apply(rules);
  }
  return rules;
}
