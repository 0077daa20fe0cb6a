// Hand-made records for tests of reports: a story told record by record, numbered and caused in
// order.

import type { ActorId, RecordKind, TraceRecord } from '../../sim/trace/record.js';

type Slots = Partial<Omit<TraceRecord, 'index' | 'atUs' | 'actor' | 'kind'>>;
export type Line = readonly [atMs: number, actor: number, kind: RecordKind, slots?: Slots];

export const zxid = (epoch: number, counter: number): number => epoch * 2 ** 32 + counter;

/** Lines of one server at one time belong to one event. */
export function story(lines: readonly Line[]): TraceRecord[] {
  let cause = -1;
  return lines.map(([atMs, actor, kind, slots = {}], index) => {
    const [beforeMs, before] = lines[index - 1] ?? [];
    if (beforeMs !== atMs || before !== actor) cause = index - 1;
    return {
      index,
      atUs: Math.round(atMs * 1000),
      actor: actor as ActorId,
      cause,
      kind,
      ...{ peer: 0, zxid: 0, epoch: 0, value: 0, digest: 0, text: '', detail: undefined },
      ...slots,
    };
  });
}

const vote = (atMs: number, actor: number, leader: number): Line => [
  atMs,
  actor,
  'vote',
  { peer: leader, value: 1 },
];

/** Three servers elect s3, synchronize, commit two transactions; s3 loses power. */
export const ELECTION: readonly Line[] = [
  [0, 0, 'start', { text: '42' }],
  [0, 1, 'boot'],
  [0, 2, 'boot'],
  [0, 3, 'boot'],
  [0, 1, 'role', { text: 'looking/election' }],
  [0, 2, 'role', { text: 'looking/election' }],
  [0, 3, 'role', { text: 'looking/election' }],
  vote(0.1, 1, 1),
  vote(0.1, 2, 2),
  vote(0.2, 3, 3),
  [2, 1, 'received', { peer: 3, text: 'notification', zxid: -1 }],
  vote(2, 1, 3),
  vote(3, 2, 3),
  [210, 3, 'elected', { peer: 3, value: 1, text: 'looking' }],
  [210, 3, 'role', { peer: 3, text: 'leading/discovery' }],
  [212, 1, 'elected', { peer: 3, value: 1, text: 'looking' }],
  [212, 1, 'role', { peer: 3, text: 'following/discovery' }],
  [213, 2, 'elected', { peer: 3, value: 1, text: 'looking' }],
  [213, 2, 'role', { peer: 3, text: 'following/discovery' }],
  [220, 3, 'epochProposed', { epoch: 1 }],
  [225, 1, 'promised', { peer: 3, epoch: 1 }],
  [226, 2, 'promised', { peer: 3, epoch: 1 }],
  [230, 3, 'established', { epoch: 1, peer: 3 }],
  [230, 3, 'role', { peer: 3, text: 'leading/synchronization' }],
  [231, 3, 'syncChosen', { peer: 1, epoch: 1, text: 'diff' }],
  [231, 3, 'syncChosen', { peer: 2, epoch: 1, text: 'diff' }],
  [232, 1, 'received', { peer: 3, text: 'newLeader', zxid: zxid(1, 0) }],
  [233, 2, 'received', { peer: 3, text: 'newLeader', zxid: zxid(1, 0) }],
  [240, 1, 'ackSent', { peer: 3, zxid: zxid(1, 0) }],
  [241, 2, 'ackSent', { peer: 3, zxid: zxid(1, 0) }],
  [245, 3, 'newLeaderAcked', { epoch: 1 }],
  [245, 3, 'activated', { epoch: 1 }],
  [245, 3, 'role', { peer: 3, text: 'leading/broadcast' }],
  [247, 1, 'serving', { peer: 3, epoch: 1 }],
  [247, 1, 'role', { peer: 3, text: 'following/broadcast' }],
  [248, 2, 'serving', { peer: 3, epoch: 1 }],
  [248, 2, 'role', { peer: 3, text: 'following/broadcast' }],
  [300, 3, 'committed', { zxid: zxid(1, 1), epoch: 1 }],
  [900, 3, 'committed', { zxid: zxid(1, 2), epoch: 1 }],
  [910, 128, 'completed', { text: 'ok', zxid: zxid(1, 2) }],
  [1500, 0, 'fault', { value: 1, peer: 3, text: 'crash server 3 (power)' }],
  [1500, 3, 'crash', { text: 'power', zxid: zxid(1, 2), epoch: 1, digest: 1 }],
  [1501, 1, 'left', { peer: 3, text: 'connection closed' }],
  [1502, 2, 'left', { peer: 3, text: 'connection closed' }],
  [1502, 1, 'lookingAgain', { epoch: 1, zxid: zxid(1, 2) }],
  [1502, 1, 'role', { text: 'looking/election' }],
  [1503, 2, 'lookingAgain', { epoch: 1, zxid: zxid(1, 2) }],
  [1503, 2, 'role', { text: 'looking/election' }],
  [5000, 0, 'end'],
];
