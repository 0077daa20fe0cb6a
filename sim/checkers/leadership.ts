// Who leads: an epoch belongs to one server, for ever. Two servers may both believe that they
// lead, an old one and its successor, but never in the same epoch.
import { checker } from './checker.js';

/** A leader is active from its ACKEPOCH quorum, when it enters synchronization, until it leaves. */
const ACTIVE = new Set(['leading/synchronization', 'leading/broadcast']);

export const leadership1 = checker(
  {
    id: 'leadership1',
    kind: 'safety',
    claim: 'No two servers lead in synchronization or broadcast with the same epoch at once.',
    cites: ['TLA-3.7 Leadership1', 'Zab11 primaries and epochs'],
    kinds: ['role', 'crash', 'halted'],
  },
  (_oracle, found) => {
    const activeIn = new Map<number, { sid: number; since: number }>();
    const epochOf = new Map<number, number>();
    return (record) => {
      const sid = record.actor;
      const left = epochOf.get(sid);
      if (left !== undefined) {
        activeIn.delete(left);
        epochOf.delete(sid);
      }
      if (record.kind !== 'role' || !ACTIVE.has(record.text)) return;
      found.saw();
      const other = activeIn.get(record.epoch);
      if (other === undefined) {
        activeIn.set(record.epoch, { sid, since: record.index });
        epochOf.set(sid, record.epoch);
      } else {
        const facts = { epoch: record.epoch, leader: sid, otherLeader: other.sid };
        found.broken(record, 'leadership1', facts, [other.since]);
      }
    };
  },
);

export const leadership2 = checker(
  {
    id: 'leadership2',
    kind: 'safety',
    claim: 'Over all time at most one server gets the ACKEPOCH quorum of an epoch.',
    cites: ['TLA-3.7 Leadership2', 'Zab11 discovery'],
    kinds: ['established'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const known = oracle.epochs.find(record.epoch);
    if (known === undefined || known.establishedBy === record.index) return;
    const facts = { epoch: record.epoch, leader: record.actor, otherLeader: known.leader };
    found.broken(record, 'leadership2', facts, [known.establishedBy]);
  },
);

export const singleLeaderPerEpoch = checker(
  {
    id: 'single-leader-per-epoch',
    kind: 'safety',
    claim:
      'Whatever is chosen, served, proposed or committed in an epoch is so by one leader only.',
    cites: ['Zab11 primaries and epochs', 'TLA-3.7 Leadership2'],
    kinds: ['newLeaderAcked', 'activated', 'proposed', 'committed'],
  },
  (_oracle, found) => {
    const leaderOf = new Map<number, { sid: number; since: number }>();
    return (record) => {
      found.saw();
      const known = leaderOf.get(record.epoch);
      if (known === undefined) {
        leaderOf.set(record.epoch, { sid: record.actor, since: record.index });
      } else if (known.sid !== record.actor) {
        const facts = { epoch: record.epoch, leader: record.actor, otherLeader: known.sid };
        found.broken(record, 'single-leader-per-epoch', facts, [known.since]);
      }
    };
  },
);
