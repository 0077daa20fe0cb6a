// A server's whole state as a value: what it has asked its disk to keep, its memory of the service,
// and the role it plays. The phase is nested in the role, so a follower in ELECTION or a broadcast
// without an epoch cannot be written. [ZK-Java QuorumPeer.ServerState, ZabState]
import { unreachable } from '../base/assert.js';
import type { Looking } from './election/role.js';
import type { Transport } from './election/links.js';
import type { Round } from './ids.js';
import type { Front } from './session/front-state.js';
import type { Database } from './storage/database.js';
import type { DiskQueue } from './storage/disk-state.js';
import type { Durable } from './storage/durable.js';
import type { SettledVote } from './vote.js';
import type { Leading } from './zab/leading.js';
import type { Learner } from './zab/learner.js';
import type { Booting, Halted, Leaving } from './zab/transient.js';

export type Role = Booting | Looking | Learner | Leading | Leaving | Halted;

export interface PeerState {
  readonly durable: Durable;
  readonly database: Database;
  readonly disk: DiskQueue;
  readonly transport: Transport;
  /** Java currentVote. */
  readonly settledVote: SettledVote;
  /** Java logicalclock: volatile, 0 at process start. */
  readonly round: Round;
  readonly role: Role;
  readonly front: Front;
  /** A TRUNC could not be carried out: ask the next leader for a snapshot. */
  readonly wantsSnapshot: boolean;
}

export type Phase = 'election' | 'discovery' | 'synchronization' | 'broadcast';

/** `role/phase` in ZooKeeper's words, e.g. `following/synchronization`. */
export function roleName(role: Role): string {
  switch (role.kind) {
    case 'booting':
    case 'halted':
      return role.kind;
    case 'leaving':
      return `leaving/${role.from}`;
    case 'looking':
      return 'looking/election';
    case 'following':
    case 'observing':
      return `${role.kind}/${learnerPhase(role.phase.kind)}`;
    case 'leading':
      return `leading/${leaderPhase(role.phase.kind)}`;
    default:
      return unreachable(role);
  }
}

function learnerPhase(kind: Learner['phase']['kind']): Phase {
  switch (kind) {
    case 'connecting':
    case 'awaitLeaderInfo':
    case 'promising':
      return 'discovery';
    case 'awaitPlan':
    case 'truncating':
    case 'receiving':
    case 'newLeader':
    case 'awaitUpToDate':
      return 'synchronization';
    case 'broadcast':
      return 'broadcast';
    default:
      return unreachable(kind);
  }
}

function leaderPhase(kind: Leading['phase']['kind']): Phase {
  switch (kind) {
    case 'loading':
    case 'gathering':
    case 'promising':
    case 'awaitEpochAcks':
      return 'discovery';
    case 'awaitNewLeaderAcks':
      return 'synchronization';
    case 'broadcast':
      return 'broadcast';
    default:
      return unreachable(kind);
  }
}
