// A session whose close is decided passes the check until the close is applied. Story: the
// session expires, 1:5 closes it with the list of its ephemeral znodes; a create of the same
// session arrives a moment later and becomes 1:6. Nobody will ever delete that znode.
import type { Variant } from './variant.js';

export const closingSessionAccepted: Variant = {
  id: 'closing-session-accepted',
  title: 'A closing session may still create',
  jira: ['ZOOKEEPER-1208'],
  cites: [],
  claim: 'An ephemeral znode is created after its session was closed.',
  breaks: ['linearizable-writes', 'ephemeral-exactness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.3.3'],
  fixedIn: ['3.3.4', '3.4.0'],
  apply: (rules) => ({ ...rules, closingRefusedFrom: 'applied' }),
};
