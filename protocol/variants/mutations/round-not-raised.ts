// M21: a server that looks again stays in the round of its last election. Ballots of that election
// count in the new one, and votes that were good then win again.
import type { Round } from '../../ids.js';
import type { Variant } from '../variant.js';

export const roundNotRaised: Variant = {
  id: 'round-not-raised',
  kind: 'mutation',
  title: 'A server that looks again stays in its round',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.lookForLeader'],
  claim: 'Ballots of two elections are counted together.',
  breaks: ['vote-monotonicity'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, nextRound: (round) => (round === 0 ? (1 as Round) : round) }),
};
