// M3 and M4: an epoch file that is not kept. What stands in for it at the next start is the epoch
// of the last transaction, or the other file, and both may be older than what was promised. Without
// that stand-in the process would refuse to start, and the forgotten promise would never be broken.
import type { Epoch } from '../../ids.js';
import { ZERO_EPOCH } from '../../ids.js';
import { makeDurable } from '../../storage/durable.js';
import type { Variant } from '../variant.js';

const larger = (a: Epoch, b: Epoch): Epoch => (a > b ? a : b);

export const followersForgetCurrentEpoch: Variant = {
  id: 'followers-forget-current-epoch',
  kind: 'mutation',
  title: 'Followers acknowledge NEWLEADER without a word of the epoch on disk',
  jira: [],
  cites: ['ZK-Java Learner.syncWithLeader'],
  claim: 'The quorum that begins an epoch does not outvote a server that missed it.',
  breaks: ['ack-truthfulness', 'chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({
    ...rules,
    onNewLeader: rules.onNewLeader.filter((step) => step !== 'writeCurrentEpoch'),
  }),
};

export const currentEpochInMemory: Variant = {
  id: 'current-epoch-in-memory',
  kind: 'mutation',
  title: 'currentEpoch is kept in memory alone',
  jira: [],
  cites: ['ZK-Java QuorumPeer.setCurrentEpoch'],
  claim: 'After a restart a server votes with the epoch of its last transaction.',
  breaks: ['epoch-files', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'at a start, currentEpoch is taken from the last transaction',
  apply: (rules) => ({
    ...rules,
    storedEpoch: ({ file, epoch }) => (file === 'current' ? ZERO_EPOCH : epoch),
    readEpochs: ({ acceptedEpoch, currentEpoch, log, snapshots }, last) =>
      makeDurable(acceptedEpoch, larger(currentEpoch, last), log, snapshots),
  }),
};

export const acceptedEpochInMemory: Variant = {
  id: 'accepted-epoch-in-memory',
  kind: 'mutation',
  title: 'acceptedEpoch is kept in memory alone',
  jira: [],
  cites: ['ZK-Java QuorumPeer.setAcceptedEpoch'],
  claim: 'A server that restarts promises the same epoch again, to another leader.',
  breaks: ['epoch-files', 'one-promise-per-epoch', 'leadership2'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'at a start, acceptedEpoch is taken from currentEpoch and the last transaction',
  apply: (rules) => ({
    ...rules,
    storedEpoch: ({ file, epoch }) => (file === 'accepted' ? ZERO_EPOCH : epoch),
    readEpochs: ({ acceptedEpoch, currentEpoch, log, snapshots }, last) => {
      const accepted = larger(acceptedEpoch, larger(currentEpoch, last));
      return makeDurable(accepted, currentEpoch, log, snapshots);
    },
  }),
};
