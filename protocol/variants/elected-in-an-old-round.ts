// A server that looks hears from settled followers that it leads, and believes them whatever their
// round.
import type { Variant } from './variant.js';

export const electedInAnOldRound: Variant = {
  id: 'elected-in-an-old-round',
  title: 'A server leads again on the votes of an old round',
  jira: ['ZOOKEEPER-1514'],
  cites: ['ZK-Java FastLeaderElection.checkLeader'],
  claim: 'A server is elected in a round in which it does not vote.',
  story: [
    'The leader is cut off, gives up and looks.',
    'The cut is healed before its followers notice: they still name it.',
    'It leads again on the votes of an election that is over.',
    'Its followers give up and elect another. It leads nobody until initLimit.',
  ],
  breaks: ['election-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.4.3'],
  fixedIn: ['3.4.4', '3.5.0'],
  apply: (rules) => ({
    ...rules,
    isConfirmed: (box, n, self, round) =>
      n.vote.leader === self || rules.isConfirmed(box, n, self, round),
  }),
};
