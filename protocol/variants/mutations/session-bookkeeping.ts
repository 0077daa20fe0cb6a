// M22 and M23: what a server keeps about sessions changes with transactions, in their order, and
// with nothing else; and which ephemerals go with a session is decided once, by the leader.
import type { Variant } from '../variant.js';

export const sessionsAtProposal: Variant = {
  id: 'sessions-at-proposal',
  kind: 'mutation',
  title: 'A session is entered and struck when its transaction is proposed',
  jira: [],
  cites: ['ZK-Java FinalRequestProcessor', 'ZK-Java SessionTracker'],
  claim: 'Servers that have applied the same transactions keep different tables of sessions.',
  breaks: ['tree-digest'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, sessionTable: 'proposed' }),
};

export const closeSessionAtApply: Variant = {
  id: 'close-session-at-apply',
  kind: 'mutation',
  title:
    'closeSession removes what its session owns when it is applied, not what the leader listed',
  jira: [],
  cites: ['ZK-Java PrepRequestProcessor.pRequest2Txn'],
  claim: 'Which znodes go is for each server to find out.',
  breaks: ['ephemeral-exactness'],
  smallestCluster: { voters: 1, observers: 0 },
  apply: (rules) => ({ ...rules, closePaths: 'applied' }),
};
