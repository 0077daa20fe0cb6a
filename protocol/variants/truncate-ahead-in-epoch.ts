// A leader tells a follower that comes back on a new connection to cut off the proposals of this
// very epoch that the leader has not applied yet. Story: the follower acknowledged them on its old
// connection and the ACK still counts; it cuts them; another ACK completes the quorum; the commit
// rests on a disk that no longer has the transaction. Java's rule reads the same.
import type { Variant } from './variant.js';

export const truncateAheadInEpoch: Variant = {
  id: 'truncate-ahead-in-epoch',
  title: 'TRUNC what a returning follower has acknowledged in this epoch',
  jira: [],
  cites: ['ZK-Java LearnerHandler.syncFollower'],
  claim: 'A leader tells a returning follower to cut off proposals whose ACK it still counts.',
  breaks: ['chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, aheadInEpoch: 'truncate' }),
};
