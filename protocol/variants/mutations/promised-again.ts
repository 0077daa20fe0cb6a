// M11: a follower takes LEADERINFO for a new promise although it has promised that epoch, or a
// later one, before. What it promised first was to listen to nobody older. The leader's own check
// goes as well: it would step down before it offers an epoch below one that was promised.
import type { Variant } from '../variant.js';

export const promisedAgain: Variant = {
  id: 'promised-again',
  kind: 'mutation',
  title: 'A follower promises an epoch that it has promised before, or a lower one',
  jira: [],
  cites: ['ZK-Java Learner.registerWithLeader'],
  claim: 'One follower is counted by two leaders of the same epoch.',
  breaks: ['one-promise-per-epoch', 'leadership2'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'a leader gives up when it hears of a later promise',
  apply: (rules) => ({ ...rules, laterPromise: 'offer', answerLeaderInfo: () => 'promise' }),
};
