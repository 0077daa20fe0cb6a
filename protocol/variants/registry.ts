// Every variant, by id. Command line, profiles and tests read this list.
import { ackBeforeFsync } from './ack-before-fsync.js';
import { ELECTION_BUGS } from './election-registry.js';
import { MUTATIONS } from './mutations/registry.js';
import { truncateAheadInEpoch } from './truncate-ahead-in-epoch.js';
import type { Variant } from './variant.js';

export const VARIANTS: readonly Variant[] = [
  ackBeforeFsync,
  truncateAheadInEpoch,
  ...ELECTION_BUGS,
  ...MUTATIONS,
];

/** By its id, or by an issue as `ZOOKEEPER-3911` or `3911`: several bugs may share one. */
export function variantsNamed(name: string): readonly Variant[] {
  const issue = `ZOOKEEPER-${name.replace(/^zookeeper-/i, '')}`;
  return VARIANTS.filter(({ id, jira }) => id === name || jira.includes(issue));
}
