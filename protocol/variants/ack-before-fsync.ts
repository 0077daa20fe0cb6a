// A follower acknowledges a PROPOSAL when it arrives instead of when its fsync is complete. Story:
// the leader counts the ACK, commits and answers the client; power fails on a quorum before their
// fsyncs; what was answered is on no disk that the next leader must ask.
import type { Variant } from './variant.js';

export const ackBeforeFsync: Variant = {
  id: 'ack-before-fsync',
  title: 'ACK a proposal before its fsync completes',
  jira: [],
  cites: ['ZK-Java SyncRequestProcessor'],
  claim: 'A follower acknowledges a proposal that its disk does not have yet.',
  breaks: ['ack-truthfulness', 'chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, ackProposal: 'received' }),
};
