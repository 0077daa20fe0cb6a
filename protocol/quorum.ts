// When a set of servers is a quorum. Any two quorums of one verifier share a server, which is what
// every safety argument of the protocol leans on; the three verifiers differ in what they count:
// heads, weights, or groups won by weight. Only voters have a weight, so a verifier may be asked
// about any set: observers and strangers in it count for nothing.
// [ZK-Java QuorumMaj, QuorumHierarchical.containsQuorum]
import { assert, unreachable } from '../base/assert.js';
import type { ServerId } from './ids.js';
import type { SidSet } from './sid-set.js';
import { countCommon, countSids, hasSid } from './sid-set.js';

export interface WeightedServer {
  readonly sid: ServerId;
  readonly weight: number;
}

interface Group {
  readonly members: readonly WeightedServer[];
  readonly total: number;
}

interface MajorityVerifier {
  readonly kind: 'majority';
  readonly voters: SidSet;
  readonly needed: number;
}

interface WeightedVerifier {
  readonly kind: 'weighted';
  readonly group: Group;
}

interface HierarchicalVerifier {
  readonly kind: 'hierarchical';
  readonly groups: readonly Group[];
  /** Groups to be won, of those that have any weight. */
  readonly needed: number;
}

export type QuorumVerifier = MajorityVerifier | WeightedVerifier | HierarchicalVerifier;

/** More than half of the voters. */
export function makeMajority(voters: SidSet): QuorumVerifier {
  return { kind: 'majority', voters, needed: Math.floor(countSids(voters) / 2) + 1 };
}

/** More than half of the weight. */
export function makeWeighted(members: readonly WeightedServer[]): QuorumVerifier {
  return { kind: 'weighted', group: makeGroup(members) };
}

/** More than half of the weight in more than half of the groups. */
export function makeHierarchical(groups: readonly (readonly WeightedServer[])[]): QuorumVerifier {
  const weighty = groups.map(makeGroup).filter(({ total }) => total > 0);
  return { kind: 'hierarchical', groups: weighty, needed: Math.floor(weighty.length / 2) + 1 };
}

function makeGroup(members: readonly WeightedServer[]): Group {
  let total = 0;
  for (const { weight } of members) {
    assert(Number.isInteger(weight) && weight >= 0, 'a weight is an integer, 0 or more');
    total += weight;
  }
  return { members, total };
}

function isWon(group: Group, acks: SidSet): boolean {
  let weight = 0;
  for (const member of group.members) {
    if (hasSid(acks, member.sid)) weight += member.weight;
  }
  return 2 * weight > group.total;
}

/** Asked on every acknowledgement: allocates nothing. */
export function isQuorum(verifier: QuorumVerifier, acks: SidSet): boolean {
  switch (verifier.kind) {
    case 'majority':
      return countCommon(acks, verifier.voters) >= verifier.needed;
    case 'weighted':
      return isWon(verifier.group, acks);
    case 'hierarchical': {
      let won = 0;
      for (const group of verifier.groups) if (isWon(group, acks)) won += 1;
      return won >= verifier.needed;
    }
    default:
      return unreachable(verifier);
  }
}

/** 0 for whoever does not vote; a server of weight 0 is never preferred as leader. */
export function weightOf(verifier: QuorumVerifier, sid: ServerId): number {
  switch (verifier.kind) {
    case 'majority':
      return hasSid(verifier.voters, sid) ? 1 : 0;
    case 'weighted':
      return weightIn(verifier.group, sid);
    case 'hierarchical': {
      let weight = 0;
      for (const group of verifier.groups) weight += weightIn(group, sid);
      return weight;
    }
    default:
      return unreachable(verifier);
  }
}

function weightIn(group: Group, sid: ServerId): number {
  for (const member of group.members) if (member.sid === sid) return member.weight;
  return 0;
}
