// A session whose close is decided passes the check until the close is applied.
import type { Variant } from './variant.js';

export const closingSessionAccepted: Variant = {
  id: 'closing-session-accepted',
  title: 'A closing session may still create',
  jira: ['ZOOKEEPER-1208'],
  cites: [],
  claim: 'An ephemeral znode is created after its session was closed.',
  story: [
    'A session expires: 1:5 closes it, with the list of its ephemeral znodes.',
    '1:5 is not applied yet when a create of that session arrives. The check lets it pass: 1:6.',
    '1:5 deletes what was on the list, and 1:6 creates an ephemeral znode that nobody owns.',
    'Whoever waits for that znode to go, for a lock, waits for ever.',
  ],
  breaks: ['linearizable-writes', 'ephemeral-exactness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.3.3'],
  fixedIn: ['3.3.4', '3.4.0'],
  apply: (rules) => ({ ...rules, closingRefusedFrom: 'applied' }),
};
