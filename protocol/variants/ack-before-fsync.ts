// A follower acknowledges a PROPOSAL when it arrives instead of when its fsync is complete. Story:
// the leader counts the ACK, commits and answers the client; power fails on a quorum before their
// fsyncs; what was answered is on no disk that the next leader must ask.
import type { Variant } from './variant.js';

export const ackBeforeFsync: Variant = {
  id: 'ack-before-fsync',
  title: 'ACK a proposal before its fsync completes',
  cites: '[ZOOKEEPER-3911] [ZOOKEEPER-4646]',
  breaks: 'ack-truthfulness',
  apply: (rules) => ({ ...rules, ackProposal: 'received' }),
};
