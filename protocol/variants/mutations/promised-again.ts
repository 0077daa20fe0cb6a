// M11: a follower takes LEADERINFO for a new promise although it has promised that epoch, or a later
// one, before. What it promised first was to listen to nobody older.
import type { Variant } from '../variant.js';

export const promisedAgain: Variant = {
  id: 'promised-again',
  kind: 'mutation',
  title: 'A follower promises the epoch that it has promised before',
  jira: [],
  cites: ['ZK-Java Learner.registerWithLeader'],
  claim: 'One follower is counted by two leaders of the same epoch.',
  breaks: ['one-promise-per-epoch', 'leadership2'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({
    ...rules,
    answerLeaderInfo: (offered, accepted) => (offered < accepted ? 'refuse' : 'promise'),
  }),
};

export const promisedBelow: Variant = {
  id: 'promised-below',
  kind: 'mutation',
  title: 'A follower promises an epoch below the one that it has promised',
  jira: [],
  cites: ['ZK-Java Learner.registerWithLeader'],
  claim: 'An old leader gets a follower back from its successor.',
  breaks: ['epoch-files', 'one-promise-per-epoch'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'a leader gives up when it hears of a later promise',
  apply: (rules) => ({
    ...rules,
    laterPromise: 'offer',
    answerLeaderInfo: (offered, accepted) => (offered === accepted ? 'resync' : 'promise'),
  }),
};
