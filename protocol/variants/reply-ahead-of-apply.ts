// A read is answered under the zxid of the last transaction that the server has heard of, not of
// the last that it has applied. Story: a client watches /x and reads something at a server that has
// logged a write to /x and not applied it; the answer says that the client has seen that write; its
// connection breaks, and it tells the next server that it waits for what is newer. That server
// finds nothing newer, and the change is never announced.
import type { Variant } from './variant.js';

export const replyAheadOfApply: Variant = {
  id: 'reply-ahead-of-apply',
  title: 'A read is answered under a zxid that is not applied yet',
  cites: '[ZOOKEEPER-1412]',
  breaks: 'watch-before-data',
  apply: (rules) => ({ ...rules, readZxid: 'logged' }),
};
