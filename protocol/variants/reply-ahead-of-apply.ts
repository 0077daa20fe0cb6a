// A read is answered under the zxid of the last transaction that the server has heard of, not of
// the last that it has applied.
import type { Variant } from './variant.js';

export const replyAheadOfApply: Variant = {
  id: 'reply-ahead-of-apply',
  title: 'A read is answered under a zxid that is not applied yet',
  jira: ['ZOOKEEPER-1412'],
  cites: [],
  claim: 'A client that was told of a zxid too early never hears of the change that it watches.',
  story: [
    'A client watches /x at a server that has logged a write to /x and not applied it.',
    'The client reads something else, and the answer says that it has seen that write.',
    'Its connection breaks. It tells the next server that it waits for what is newer.',
    'That server finds nothing newer, and the change is never announced.',
  ],
  breaks: ['reads-see-a-prefix', 'watch-before-data'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.3.4', '3.4.0 to 3.4.3'],
  fixedIn: ['3.3.5', '3.4.4'],
  apply: (rules) => ({ ...rules, readZxid: 'logged' }),
};
