// Faults planted in what clients see and in what becomes of an ensemble that is left alone; and
// runs that look wrong and are not.
import type { SessionId } from '../../protocol/ids.js';
import { createOperation } from '../../protocol/operation.js';
import type { Planted } from './checkers-stories.js';
import {
  A,
  CREATE_A,
  CREATE_B,
  deliveries,
  dataOfA,
  FIRST,
  GET_A,
  leftAlone,
  NO_NODE,
  NODE_EXISTS,
  opening,
  SECOND,
  withA,
  WRITE_A,
} from './checkers-stories.js';
import { create, DONE, sessionOf, Story, txn } from './trace-story.js';

const NOBODY = 0 as SessionId;

const CLIENTS: readonly Planted[] = [
  {
    fault: 'a write is answered before it is chosen',
    found: ['acked-write-is-chosen'],
    story: () => opening().invoke(0, 1, CREATE_A).propose(3, WRITE_A).reply(1, [0, 1], A.zxid),
  },
  {
    fault: 'a client is told ok and nothing was chosen',
    found: ['linearizable-writes'],
    story: () => opening().invoke(0, 1, CREATE_A).complete(0, 1, A.zxid, DONE),
  },
  {
    fault: 'a znode is created twice',
    found: ['linearizable-writes'],
    story: () =>
      withA()
        .invoke(0, 2, CREATE_A)
        .broadcast(3, txn(1, 4, create('/a', 'x'), [0, 2]), [1, 2]),
  },
  {
    fault: 'a write carries other data than was asked for',
    found: ['linearizable-writes'],
    story: () => {
      const other = txn(1, 3, create('/a', 'y'), [0, 1]);
      return opening().invoke(0, 1, CREATE_A).broadcast(3, other, [1, 2]);
    },
  },
  {
    fault: 'a client is told an error and the write was chosen',
    found: ['linearizable-writes', 'client-history'],
    story: () => {
      const story = opening().invoke(0, 1, CREATE_A).broadcast(3, WRITE_A, [1, 2]);
      return story.complete(0, 1, A.zxid, NODE_EXISTS);
    },
  },
  {
    fault: 'an operation is carried out twice',
    found: ['linearizable-writes', 'fifo-client-order'],
    story: () => {
      const again = txn(1, 4, { kind: 'error', code: 'NodeExists' }, [0, 1]);
      return opening()
        .invoke(0, 1, CREATE_A)
        .broadcast(3, WRITE_A, [1, 2])
        .broadcast(3, again, [1, 2]);
    },
  },
  {
    fault: 'a read returns data that was never there',
    found: ['reads-see-a-prefix', 'client-history'],
    story: () => withA().invoke(1, 1, GET_A).complete(1, 1, A.zxid, dataOfA('y')),
  },
  {
    fault: 'a closed session leaves an ephemeral znode behind',
    found: ['ephemeral-exactness'],
    story: () => {
      const lock = txn(1, 3, create('/lock', '', sessionOf(1)), [1, 1]);
      const close = txn(1, 4, { kind: 'closeSession', paths: [] }, [1, 2]);
      const op = createOperation('/lock', '', 'ephemeral');
      return opening().invoke(1, 1, op).broadcast(3, lock, [1, 2]).broadcast(3, close, [1, 2]);
    },
  },
  {
    fault: 'a session reads an older state than before',
    found: ['monotonic-reads', 'client-history'],
    story: () => {
      const story = withA().invoke(1, 1, GET_A).complete(1, 1, A.zxid, dataOfA('x'));
      return story.invoke(1, 2, GET_A).complete(1, 2, SECOND.zxid, NO_NODE);
    },
  },
  {
    fault: 'a session does not see its own write',
    found: ['read-your-writes', 'client-history'],
    story: () => withA().invoke(0, 2, GET_A).complete(0, 2, SECOND.zxid, NO_NODE),
  },
  {
    fault: 'writes of a session overtake one another',
    found: ['fifo-client-order'],
    story: () => {
      const story = opening().invoke(0, 1, CREATE_A).invoke(0, 2, CREATE_B);
      story.broadcast(3, txn(1, 3, create('/b'), [0, 2]), [1, 2]);
      return story.broadcast(3, txn(1, 4, create('/a', 'x', NOBODY, 2), [0, 1]), [1, 2]);
    },
  },
  {
    fault: 'a server takes in a client that has seen more',
    found: ['single-system-image'],
    story: () => {
      const story = opening();
      story.tell(1, 'attached', { zxid: FIRST.zxid, value: 1000, digest: SECOND.zxid });
      return story;
    },
  },
];

const PROGRESS: readonly Planted[] = [
  {
    fault: 'a server that serves is left behind',
    found: ['convergence'],
    story: () => {
      const story = opening();
      story.tell(0, 'quiet');
      story.propose(3, A).log(1, A).log(2, A).log(3, A);
      return leftAlone(story.commit(3, A).apply(3, A).learn(1, A).apply(1, A));
    },
  },
  {
    fault: 'a server never joins',
    found: ['liveness'],
    story: () => {
      const story = opening().crash(2).boot(2);
      story.tell(0, 'quiet');
      return leftAlone(story);
    },
  },
  {
    fault: 'an operation is never answered',
    found: ['liveness'],
    story: () => {
      const story = opening();
      story.tell(0, 'quiet');
      return leftAlone(story.invoke(0, 1, GET_A));
    },
  },
  {
    fault: 'nobody leads',
    found: ['liveness'],
    story: () => {
      const story = new Story().boot(1, 2, 3);
      story.tell(0, 'quiet');
      return leftAlone(story);
    },
  },
];

/** What must be found in what clients see, and at the end of a healed run. */
export const PLANTED_IN_SERVICE: readonly Planted[] = [...CLIENTS, ...PROGRESS];

export interface Legal {
  readonly what: string;
  readonly story: () => Story;
}

/** Invariants that are none: nobody may object. */
export const LEGAL: readonly Legal[] = [
  {
    what: 'a process that was stopped reads what was sent before something was lost',
    story: (): Story => {
      const story = deliveries(opening(), 4);
      story.tell(0, 'lost', { peer: 1, value: 7, text: 'inform', cause: 9 });
      return deliveries(story, 5);
    },
  },
  {
    what: 'a leader commits before its own disk has the transaction',
    story: (): Story =>
      opening().propose(3, A).append(3, A).log(1, A).log(2, A).commit(3, A).apply(3, A),
  },
  {
    what: 'a server applies a transaction and loses it with its buffer',
    story: (): Story => {
      const story = opening().propose(3, A).log(3, A).log(2, A).append(1, A);
      return story.commit(3, A).learn(1, A).apply(1, A).crash(1, 'power').boot(1);
    },
  },
  {
    what: 'a deposed leader commits what its successor has recovered',
    story: (): Story => {
      const story = opening().propose(3, A).log(1, A).log(2, A);
      for (const sid of [1, 2]) story.leave(sid).fastForward(sid).lookAgain(sid);
      story.reign(2, 2, [1]);
      return story
        .broadcast(2, txn(2, 1, create('/b')), [1])
        .commit(3, A)
        .apply(3, A);
    },
  },
  {
    what: 'a deposed leader proposes to nobody while its successor commits',
    story: (): Story => {
      const story = opening().leave(1).leave(2).lookAgain(1).lookAgain(2).reign(2, 2, [1]);
      return story
        .broadcast(2, txn(2, 1, create('/b')), [1])
        .propose(3, A)
        .append(3, A);
    },
  },
  {
    what: 'an epoch is skipped, and a promise for it was given',
    story: (): Story => {
      const story = opening().leave(1).lookAgain(1).promise(1, 2, 2).leave(2).lookAgain(2);
      return story.reign(2, 3, [1]);
    },
  },
  {
    what: 'a process ends while a flush is under way, and finds more in its log than it knew of',
    story: (): Story => {
      const story = opening().propose(3, A).append(1, A);
      story.server(1).flushed = 3;
      return story.crash(1, 'process').boot(1).crash(1, 'power').boot(1);
    },
  },
  {
    what: 'a stale server answers a session that has seen no more',
    story: (): Story => withA().invoke(1, 1, GET_A).complete(1, 1, SECOND.zxid, NO_NODE),
  },
  {
    what: 'the wiped disk of a minority forgets its promises',
    story: (): Story => opening().crash(1, 'wipe').boot(1).promise(1, 3, 1).sync(1),
  },
  {
    what: 'a run that is cut short before anybody serves',
    story: (): Story => {
      const story = new Story().boot(1, 2, 3);
      story.tell(0, 'quiet');
      return story.wait(10).end();
    },
  },
];
