// Faults planted in what the service makes of requests: names with numbers, several writes at once,
// what a Stat says; and what only looks like one.
import type { SessionId } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { TxnOp, TxnPart } from '../../protocol/txn.js';
import type { Legal } from './checkers-planted-service.js';
import type { Planted } from './checkers-stories.js';
import { A, GET_A, opening, statOfA, withA } from './checkers-stories.js';
import type { Story } from './trace-story.js';
import { create, sessionOf, txn } from './trace-story.js';

const NOBODY = 0 as SessionId;
const NUMBERED = createOperation('/n-', 'x', 'persistentSequential');
const SET_A = { kind: 'setData', path: '/a', data: 'y', version: -1 } as const;
const WROTE_A: TxnPart = { kind: 'setData', path: '/a', data: 'y', version: 1 };

/** A write of client 0, and what it became. */
function decided(story: Story, op: Operation, as: TxnOp): Story {
  return story.invoke(0, 2, op).broadcast(3, txn(1, 4, as, [0, 2]), [1, 2]);
}

function answered(story: Story, result: Result): Story {
  return story.complete(0, 2, txn(1, 4, { kind: 'error', code: 'NoNode' }, [0, 2]).zxid, result);
}

function multi(...parts: readonly TxnPart[]): TxnOp {
  return { kind: 'multi', parts };
}

/** Client 1's session has an ephemeral child of /p, and ends: chosen, but not applied by the leader. */
function closing(): { story: Story; apply: () => Story } {
  const parent = txn(1, 3, create('/p'));
  const child = txn(1, 4, create('/p/e', '', sessionOf(1)), [1, 1]);
  const close = txn(1, 5, { kind: 'closeSession', paths: ['/p/e'] }, [1, 2]);
  const story = opening().broadcast(3, parent, [1, 2]);
  story.invoke(1, 1, createOperation('/p/e', '', 'ephemeral')).broadcast(3, child, [1, 2]);
  story.propose(3, close);
  for (const sid of [1, 2, 3]) story.log(sid, close);
  story.commit(3, close);
  const apply = (): Story => {
    for (const sid of [1, 2]) story.learn(sid, close).apply(sid, close);
    return story.apply(3, close);
  };
  return { story, apply };
}

const REMOVE_P = { kind: 'delete', path: '/p', version: -1 } as const;

export const PLANTED_IN_TREE: readonly Planted[] = [
  {
    fault: 'a number is given twice',
    found: ['linearizable-writes'],
    story: (): Story => decided(withA(), NUMBERED, create('/n-0000000000', 'x', NOBODY, 1)),
  },
  {
    fault: 'a number is left out',
    found: ['linearizable-writes'],
    story: (): Story => decided(withA(), NUMBERED, create('/n-0000000002', 'x', NOBODY, 3)),
  },
  {
    fault: 'a client is told another name than was made',
    found: ['linearizable-writes'],
    story: (): Story => {
      const story = decided(withA(), NUMBERED, create('/n-0000000001', 'x', NOBODY, 2));
      return answered(story, { kind: 'created', path: '/n-0000000002', stat: undefined });
    },
  },
  {
    fault: 'of several writes one is left out',
    found: ['linearizable-writes'],
    story: (): Story => {
      const op = { kind: 'multi', parts: [SET_A, createOperation('/b', '')] } as const;
      return decided(withA(), op, multi(WROTE_A));
    },
  },
  {
    fault: 'of several writes one does not see the one before it',
    found: ['linearizable-writes'],
    story: (): Story =>
      decided(withA(), { kind: 'multi', parts: [SET_A, SET_A] }, multi(WROTE_A, WROTE_A)),
  },
  {
    fault: 'several writes fail where nothing is wrong',
    found: ['linearizable-writes'],
    story: (): Story => {
      const op = { kind: 'multi', parts: [SET_A] } as const;
      return decided(withA(), op, multi({ kind: 'error', code: 'BadVersion' }));
    },
  },
  {
    fault: 'a client is told of another failure among several writes',
    found: ['linearizable-writes'],
    story: (): Story => {
      const parts = [SET_A, { kind: 'delete', path: '/no', version: -1 }] as const;
      const failed = multi({ kind: 'undone' }, { kind: 'error', code: 'NoNode' });
      const results = [{ kind: 'error', code: 'NoNode' }, { kind: 'done' }] as const;
      const story = decided(withA(), { kind: 'multi', parts }, failed);
      return answered(story, { kind: 'multi', results });
    },
  },
  {
    fault: 'a Stat counts the children wrongly',
    found: ['reads-see-a-prefix'],
    story: (): Story => {
      const stat = statOfA({ cversion: 1 });
      return withA().invoke(1, 1, GET_A).complete(1, 1, A.zxid, { kind: 'data', data: 'x', stat });
    },
  },
  {
    fault: 'one of several reads returns another state',
    found: ['reads-see-a-prefix'],
    story: (): Story => {
      const good = { kind: 'data', data: 'x', stat: statOfA() } as const;
      const bad = { kind: 'data', data: 'y', stat: statOfA() } as const;
      const op = { kind: 'multiRead', parts: [GET_A, GET_A] } as const;
      const results = { kind: 'multi', results: [good, bad] } as const;
      return withA().invoke(1, 1, op).complete(1, 1, A.zxid, results);
    },
  },
  {
    fault: 'a client is refused what everybody may read',
    found: ['reads-see-a-prefix'],
    story: (): Story => {
      const refused = { kind: 'error', code: 'NoAuth' } as const;
      return withA().invoke(1, 1, GET_A).complete(1, 1, A.zxid, refused);
    },
  },
  {
    fault: 'a parent is full of ephemerals that are gone for good',
    found: ['linearizable-writes'],
    story: (): Story => {
      const { apply } = closing();
      const refused = txn(1, 6, { kind: 'error', code: 'NotEmpty' }, [0, 1]);
      return apply().invoke(0, 1, REMOVE_P).broadcast(3, refused, [1, 2]);
    },
  },
  {
    fault: 'a closed session gets an ephemeral among several writes',
    found: ['ephemeral-exactness'],
    story: (): Story => {
      const close = txn(1, 3, { kind: 'closeSession', paths: [] }, [1, 1]);
      const late = txn(1, 4, multi(create('/late', '', sessionOf(1))), [0, 0]);
      const of = { ...late, session: sessionOf(1) };
      return opening().broadcast(3, close, [1, 2]).broadcast(3, of, [1, 2]);
    },
  },
];

export const LEGAL_IN_TREE: readonly Legal[] = [
  {
    what: 'a parent is full as long as the leader has not applied the end of a session',
    story: (): Story => {
      const { story } = closing();
      const refused = txn(1, 6, { kind: 'error', code: 'NotEmpty' }, [0, 1]);
      story.invoke(0, 1, REMOVE_P).propose(3, refused);
      for (const sid of [1, 2, 3]) story.log(sid, refused);
      return story.commit(3, refused);
    },
  },
  {
    what: 'several writes, numbered names among them, and what the client is told of them',
    story: (): Story => {
      const parts = [NUMBERED, SET_A, NUMBERED] as const;
      const first = create('/n-0000000001', 'x', NOBODY, 2);
      const second = create('/n-0000000002', 'x', NOBODY, 3);
      const as = multi(first, WROTE_A, second);
      const story = decided(withA(), { kind: 'multi', parts }, as);
      const { zxid } = txn(1, 4, as, [0, 2]);
      const stat = statOfA({ mzxid: zxid, version: 1 });
      const told = (path: string): Result => ({ kind: 'created', path, stat: undefined });
      const results = [told(first.path), { kind: 'stat', stat } as const, told(second.path)];
      answered(story, { kind: 'multi', results });
      const now = { kind: 'data', data: 'y', stat } as const;
      return story.invoke(1, 1, GET_A).complete(1, 1, zxid, now);
    },
  },
];
