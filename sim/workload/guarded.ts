// Operations about who may do what, how much, and for how long: identities and access lists, quotas
// with writes below them, znodes that go by themselves.
import type { Operation } from '../../protocol/operation.js';
import { createOperation, ttlOperation } from '../../protocol/operation.js';
import { QUOTA } from '../../protocol/tree/path.js';
import { ACL_WORDS, aclOf } from '../scenario/access-lists.js';
import { valueOf } from '../scenario/operations.js';
import type { Turn } from './turn.js';

/** Fewer than clients, so that some share one; a client may show to be several. */
const USERS = ['ann:a', 'bob:b'];
const LIVES_MS = [300, 1000, 4000];

export function showIdentity({ stream }: Turn): Operation {
  return { kind: 'addAuth', scheme: 'digest', auth: stream.pick(USERS) };
}

/** On `present`, or a znode that has an access list from the beginning. */
export function guard(turn: Turn, fresh: string, present: string): Operation {
  const { stream } = turn;
  const acl = aclOf(stream.pick(ACL_WORDS));
  if (stream.chance(0.4)) {
    return createOperation(fresh, valueOf(turn.client, turn.nth), 'persistent', acl);
  }
  if (stream.chance(0.3)) return { kind: 'getACL', path: present };
  return { kind: 'setACL', path: present, acl, version: -1 };
}

export function shortLived(turn: Turn, path: string): Operation {
  return ttlOperation(path, valueOf(turn.client, turn.nth), turn.stream.pick(LIVES_MS));
}

/** Tight enough that a few writes reach them. The last number makes the text another each time. */
function limits({ client, nth, stream }: Turn): string {
  const bytes = stream.between(4, 30);
  const hard = `byteHardLimit=${bytes};countHardLimit=${stream.between(1, 5)}`;
  return `count=-1,bytes=-1=;${hard};c${client + 1}=${nth}`;
}

/** What it takes until a subtree has a quota, in this order; then znodes in it, other limits. */
export function underQuota(turn: Turn, subtree: string, done: number): Operation {
  const { stream, client, nth } = turn;
  const node = `${QUOTA}${subtree}`;
  switch (done) {
    case 0:
      return createOperation(subtree, valueOf(client, nth));
    case 1:
      return createOperation(node, '');
    case 2:
      return createOperation(`${node}/zookeeper_limits`, limits(turn));
    case 3:
      return createOperation(`${node}/zookeeper_stats`, 'count=0,bytes=0');
    default:
      if (stream.chance(0.8)) {
        return createOperation(`${subtree}/n${stream.int(4)}`, valueOf(client, nth));
      }
      return { kind: 'setData', path: `${node}/zookeeper_limits`, data: limits(turn), version: -1 };
  }
}
