// A read is answered under the zxid of the last transaction that the server has heard of, not of
// the last that it has applied. Story: a client watches /x and reads something at a server that has
// logged a write to /x and not applied it; the answer says that the client has seen that write; its
// connection breaks, and it tells the next server that it waits for what is newer. That server
// finds nothing newer, and the change is never announced.
import type { Variant } from './variant.js';

export const replyAheadOfApply: Variant = {
  id: 'reply-ahead-of-apply',
  title: 'A read is answered under a zxid that is not applied yet',
  jira: ['ZOOKEEPER-1412'],
  cites: [],
  claim: 'A client that was told of a zxid too early never hears of the change that it watches.',
  breaks: ['reads-see-a-prefix', 'watch-before-data'],
  smallestCluster: { voters: 3, observers: 0 },
  fixedIn: ['3.3.5', '3.4.4'],
  apply: (rules) => ({ ...rules, readZxid: 'logged' }),
};
