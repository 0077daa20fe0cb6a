// A leader tells a follower that comes back on a new connection to cut off the proposals of this
// very epoch that the leader has not applied yet.
import type { Variant } from './variant.js';

export const truncateAheadInEpoch: Variant = {
  id: 'truncate-ahead-in-epoch',
  title: 'TRUNC what a returning follower has acknowledged in this epoch',
  jira: [],
  cites: ['ZK-Java LearnerHandler.syncFollower'],
  claim: 'A leader tells a returning follower to cut off proposals whose ACK it still counts.',
  story: [
    'A follower acknowledges 1:5, and its connection breaks. The ACK still counts.',
    'It comes back ahead of what the leader has applied, and is told to cut off 1:5.',
    'Another ACK completes the quorum, and the leader commits 1:5.',
    'One of the disks that the commit rests on no longer has it.',
  ],
  breaks: ['chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0 and later'],
  apply: (rules) => ({ ...rules, aheadInEpoch: 'truncate' }),
};
