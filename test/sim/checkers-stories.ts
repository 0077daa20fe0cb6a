// What the stories for the checkers have in common, and the healthy one: in it every checker has
// something to look at, and nothing is wrong.
import type { SessionId } from '../../protocol/ids.js';
import { createOperation } from '../../protocol/operation.js';
import type { RecipeKind } from '../../protocol/recipes/setting.js';
import type { Result, Stat } from '../../protocol/result.js';
import { livenessBoundUs } from '../../sim/checkers/liveness-bound.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { lifeOfService, Service } from './checkers-service-stories.js';
import { create, DONE, lineageOf, SETUP, sessionOf, Story, txn, zxid } from './trace-story.js';

const NOBODY = 0 as SessionId;
const BOUND_MS = livenessBoundUs(SETUP.timing) / 1000;

export const FIRST = txn(1, 1, { kind: 'createSession', timeoutMs: 1000 }, [0, 0]);
export const SECOND = txn(1, 2, { kind: 'createSession', timeoutMs: 1000 }, [1, 0]);
/** Nobody in particular asked for these. */
export const A = txn(1, 3, create('/a', 'x'));
export const B = txn(1, 4, create('/b'));
/** Client 0 did, as its first operation. */
export const WRITE_A = txn(1, 3, create('/a', 'x'), [0, 1]);

export const CREATE_A = createOperation('/a', 'x');
export const CREATE_B = createOperation('/b', '');
export const GET_A = { kind: 'getData', path: '/a', watch: false } as const;
export const NO_NODE: Result = { kind: 'error', code: 'NoNode' };
export const NODE_EXISTS: Result = { kind: 'error', code: 'NodeExists' };

export function dataOfA(data: string): Result {
  return { kind: 'data', data, stat: statOfA() };
}

/** As it is created by WRITE_A, but for what is said. */
export function statOfA(but: Partial<Stat> = {}): Stat {
  const { zxid: at } = A;
  return {
    ...{ czxid: at, mzxid: at, pzxid: at, ctimeMs: 0, mtimeMs: 0 },
    ...{ version: 0, cversion: 0, aversion: 0, ephemeralOwner: 0 as SessionId },
    ...{ dataLength: 1, numChildren: 0, ...but },
  };
}

/** Server 3 leads epoch 1, both clients have sessions, the next zxid is 1:3. */
export function opening(): Story {
  const story = new Story().boot(1, 2, 3).reign(3, 1, [1, 2]);
  story.broadcast(3, FIRST, [1, 2]).broadcast(3, SECOND, [1, 2]);
  return story.connect(0, 1, FIRST).connect(1, 2, SECOND);
}

/** The opening, and /a written by client 0 through server 1. */
export function withA(): Story {
  const story = opening().invoke(0, 1, CREATE_A).broadcast(3, WRITE_A, [1, 2]);
  return story.reply(1, [0, 1], A.zxid).complete(0, 1, A.zxid, DONE);
}

export function deliveries(story: Story, ...causes: number[]): Story {
  for (const cause of causes) story.tell(1, 'received', { peer: 3, value: 7, cause, text: 'ping' });
  return story;
}

function unknown(story: Story, client: number, cxid: number): Story {
  const slots = { value: sessionOf(client), digest: cxid, text: 'unknown' };
  story.tell(FIRST_CLIENT + client, 'completed', slots);
  return story;
}

/** Everybody is left alone for long enough. */
export function leftAlone(story: Story): Story {
  return story.wait(2 * BOUND_MS).end();
}

/** Server 1 gets by SNAP what it has, and live traffic after it. */
function installed(story: Story): void {
  const value = lineageOf([FIRST, SECOND, WRITE_A]);
  story.tell(1, 'installed', { peer: 3, zxid: WRITE_A.zxid, value });
  for (const text of ['newLeader', 'proposal']) {
    story.tell(1, 'received', { peer: 3, zxid: B.zxid, value: 8, text });
  }
}

/**
 * Two epochs. Of the first leader's last two proposals one reaches a quorum without being
 * committed, and is recovered; the other stays with the leader alone, and is cut when it comes
 * back.
 */
export function healthyStory(bySnap = false): Story {
  const story = deliveries(withA(), 4, 9);
  if (bySnap) installed(story);
  story.invoke(1, 1, GET_A).reply(2, [1, 1], A.zxid).complete(1, 1, A.zxid, dataOfA('x'));
  story.invoke(1, 2, GET_A).complete(1, 2, A.zxid, dataOfA('x'));
  story.invoke(0, 2, GET_A).complete(0, 2, A.zxid, dataOfA('x'));

  const lock = txn(1, 4, create('/lock', '', sessionOf(1), 2), [1, 3]);
  story.invoke(1, 3, createOperation('/lock', '', 'ephemeral'));
  story.broadcast(3, lock, [1, 2]).reply(2, [1, 3], lock.zxid).complete(1, 3, lock.zxid, DONE);
  story.broadcast(3, txn(1, 5, { kind: 'closeSession', paths: ['/lock'] }, [1, 4]), [1, 2]);

  const recovered = txn(1, 6, create('/b', '', NOBODY, 3), [0, 3]);
  const orphan = txn(1, 7, create('/c', '', NOBODY, 4), [0, 4]);
  story.invoke(0, 3, CREATE_B).propose(3, recovered).log(2, recovered).log(3, recovered);
  story.invoke(0, 4, createOperation('/c', ''));
  story.propose(3, orphan).log(3, orphan).crash(3, 'power');
  story.leave(1).leave(2).fastForward(2).lookAgain(1).lookAgain(2).reign(2, 2, [1]);
  story.boot(3).vote(3, 3, 1, orphan.zxid).vote(3, 2, 2, recovered.zxid).decide(3, 2, 2);
  story.promise(3, 2, 2).truncate(3, 6).sync(3).ack(3, zxid(2, 0)).serve(3);
  unknown(unknown(story, 0, 3), 0, 4).tell(0, 'quiet');

  const refused = txn(2, 1, { kind: 'error', code: 'NodeExists' }, [0, 5]);
  story.invoke(0, 5, CREATE_A).broadcast(2, refused, [1, 3]);
  story.reply(1, [0, 5], refused.zxid, 'NodeExists').complete(0, 5, refused.zxid, NODE_EXISTS);
  lifeOfService(new Service(story, 2, 2, { leader: 2, followers: [1, 3] }), dataOfA('x'));
  return leftAlone(story);
}

export interface Planted {
  readonly fault: string;
  /** Exactly those that must fail, in the registry's order. */
  readonly found: readonly string[];
  /** What clients do, where it matters. */
  readonly recipe?: RecipeKind;
  readonly story: () => Story;
}
