// A follower acknowledges a PROPOSAL when it arrives instead of when its fsync is complete.
import type { Variant } from './variant.js';

export const ackBeforeFsync: Variant = {
  id: 'ack-before-fsync',
  title: 'ACK a proposal before its fsync completes',
  jira: [],
  cites: ['ZK-Java SyncRequestProcessor'],
  claim: 'A follower acknowledges a proposal that its disk does not have yet.',
  story: [
    'A leads. It proposes 1:2, and B acknowledges it before its disk has it.',
    'A counts that ACK, commits 1:2 and answers the client.',
    'A and B lose power before their fsyncs are complete.',
    'They come back without 1:2, and no disk that the next leader must ask has it.',
  ],
  breaks: ['ack-truthfulness', 'chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, ackProposal: 'received' }),
};
