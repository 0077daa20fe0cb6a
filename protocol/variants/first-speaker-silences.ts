// A looking server waits anew with every notification before it tells its vote again. Of servers
// that have become equally patient, the one that spoke first speaks first the next time, too.
import type { Variant } from './variant.js';

export const firstSpeakerSilences: Variant = {
  id: 'first-speaker-silences',
  title: 'Every notification puts off the resending of votes',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.lookForLeader'],
  claim: 'Servers look for a leader without end, though all of them hear one another.',
  story: [
    'B and C look in round 2, and agree on C; A follows a leader that never gets its quorum.',
    'A gives up and begins round 2 too, voting for itself. B and C had told their votes before.',
    'A repeats its vote, in ever longer intervals. It loses against theirs, so nobody answers it.',
    'Each time they begin to wait anew, as long as A does, and A is always the first to be done.',
  ],
  breaks: ['liveness'],
  smallestCluster: { voters: 4, observers: 0 },
  presentIn: ['3.4.0 and later'],
  apply: (rules) => ({ ...rules, sendsAgain: 'after silence' }),
};
