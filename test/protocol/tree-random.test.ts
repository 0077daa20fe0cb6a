// Whatever is asked: nothing throws, nothing leaves the tree in pieces, the digest kept up to date
// is the digest computed anew, and a leader that decides ahead of what it has applied decides the
// same, but for what upstream does otherwise. ZABSIM_REQUESTS=<count> asks for more.

import { describe, expect, it } from 'vitest';
import type { RandomStream } from '../../base/random.js';
import { RandomStreams } from '../../base/random.js';
import { serverId } from '../../protocol/ids.js';
import type { SessionId, Zxid } from '../../protocol/ids.js';
import type { LeaderOperation, Request } from '../../protocol/operation.js';
import { makeRequest } from '../../protocol/operation.js';
import { requestBytes } from '../../protocol/request-bytes.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { changesOf } from '../../protocol/tree/changes.js';
import { childOf, nameOf, parentOf } from '../../protocol/tree/path.js';
import type { Outstanding } from '../../protocol/tree/prepare.js';
import { NO_OUTSTANDING, prepare, settle } from '../../protocol/tree/prepare.js';
import { reapable } from '../../protocol/tree/reaping.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { applyTxn, EMPTY_TREE, readTree } from '../../protocol/tree/tree.js';
import type { Txn, TxnOp } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';
import { drawOperation, drawPeople, drawRead, drawWrite, isTwofold } from './random-requests.js';
import { digestAnew, OLD, TTL_ON } from './tree-leader.js';

const COUNT = Number(process.env['ZABSIM_REQUESTS'] ?? 20_000);
/** Trees are small and short-lived: a new one after so many requests. */
const EACH = 400;
const SETTINGS: readonly ServiceSettings[] = [
  ...[DEFAULT_SERVICE, TTL_ON, OLD, { ...TTL_ON, enforceQuota: true }],
  { ...TTL_ON, skipAcl: true },
];

function request(random: RandomStream, op: LeaderOperation): Request {
  const session = random.between(1, 3) as SessionId;
  return makeRequest(session, 1, op, serverId(1), drawPeople(random));
}

/** What is wrong with how the parts of the tree fit together. */
function broken(tree: Tree): string[] {
  const wrong: string[] = [];
  const owned = new Map<number, string[]>();
  for (const [path, { origin, family }] of tree.znodes) {
    for (const name of family.names) {
      if (!tree.znodes.has(childOf(path, name))) wrong.push(`${path} lists ${name}`);
    }
    if (path === '/') continue;
    const parent = tree.znodes.get(parentOf(path));
    if (parent?.family.names.has(nameOf(path)) !== true) wrong.push(`${path} is nobody's`);
    if (parent?.origin.life.kind === 'ephemeral') wrong.push(`${path} is under an ephemeral`);
    const { life } = origin;
    if (life.kind === 'ephemeral') owned.set(life.owner, [...(owned.get(life.owner) ?? []), path]);
    const { containers, ttls } = tree.registers;
    if (containers.has(path) !== (life.kind === 'container')) wrong.push(`${path} as container`);
    if (ttls.has(path) !== (life.kind === 'ttl')) wrong.push(`${path} as TTL znode`);
  }
  for (const [session, paths] of tree.ephemerals) {
    if (paths.size !== owned.get(session)?.length) wrong.push(`ephemerals of ${session}`);
  }
  if (tree.ephemerals.size !== owned.size) wrong.push('ephemerals of sessions');
  const sessions = [...tree.sessions.timeouts.keys()].length;
  if (sessions === 0 && digestAnew(tree) !== tree.digest) wrong.push('digest');
  return wrong;
}

/** A leader some way ahead of its tree. */
class Ahead {
  tree: Tree = EMPTY_TREE;
  outstanding: Outstanding = NO_OUTSTANDING;
  readonly #waiting: Txn[] = [];
  #zxid = 0;

  readonly settings: ServiceSettings;

  constructor(settings: ServiceSettings) {
    this.settings = settings;
  }

  decide(asked: Request): TxnOp {
    this.#zxid += 1;
    const prepared = prepare(this, asked, this.#zxid as Zxid);
    this.outstanding = prepared.outstanding;
    return prepared.op;
  }

  /** As transaction of the newest zxid. */
  take({ session, cxid }: Request, op: TxnOp, timeMs: number): Txn {
    const txn = makeTxn({ zxid: this.#zxid as Zxid, session, cxid, timeMs }, op);
    this.#waiting.push(txn);
    return txn;
  }

  get waiting(): readonly Txn[] {
    return this.#waiting;
  }

  catchUp(lag: number): void {
    while (this.#waiting.length > lag) {
      const txn = this.#waiting.shift()!;
      this.tree = applyTxn(this.tree, txn).tree;
      this.outstanding = settle(this.outstanding, txn.zxid);
    }
  }
}

describe('random requests', () => {
  it(`${COUNT} of them leave whole trees, and throw nothing`, () => {
    const streams = new RandomStreams('requests');
    for (let round = 0; round < COUNT / EACH; round++) {
      const random = streams.stream(`round/${round}`);
      const settings = random.pick(SETTINGS);
      const leader = new Ahead(settings);
      let twin = EMPTY_TREE;
      for (let n = 0; n < EACH; n++) {
        const asked = request(random, drawWrite(random));
        const txn = leader.take(asked, leader.decide(asked), n);
        if (n % 7 === 0) changesOf(twin, txn);
        // Another server, which applies at once, ends with the same tree.
        const { tree, result } = applyTxn(twin, txn);
        if (txn.op.kind === 'error') expect(result).toEqual({ kind: 'error', code: txn.op.code });
        twin = tree;
        leader.catchUp(random.int(20));
        const reader = { session: asked.session, identities: asked.identities, settings };
        readTree(leader.tree, drawRead(random), reader);
        requestBytes(drawOperation(random));
      }
      reapable(twin, EACH, settings);
      leader.catchUp(0);
      expect(leader.tree.digest).toBe(twin.digest);
      expect([round, broken(twin)]).toEqual([round, []]);
    }
  });
});

function codesOf(op: TxnOp): string {
  if (op.kind === 'error') return op.code;
  if (op.kind !== 'multi') return 'ok';
  return op.parts.map((part) => (part.kind === 'error' ? part.code : 'ok')).join(' ');
}

/** The only ways in which deciding ahead may differ: see service's facts about what is in flight. */
function isKnown(ahead: TxnOp, applied: TxnOp, waiting: readonly Txn[]): boolean {
  const kinds = new Set(waiting.map(({ op }) => op.kind));
  const codes = `${codesOf(ahead)} ${codesOf(applied)}`;
  if (kinds.has('setACL') && codes.includes('NoAuth')) return true;
  return kinds.has('closeSession') && codesOf(ahead).includes('NotEmpty');
}

describe('deciding ahead of applying', () => {
  it(`is deciding when all is applied, ${COUNT} times`, () => {
    const streams = new RandomStreams('ahead');
    let known = 0;
    for (let round = 0; round < COUNT / EACH; round++) {
      const random = streams.stream(`round/${round}`);
      const settings = random.pick([DEFAULT_SERVICE, TTL_ON, OLD]);
      const leader = new Ahead(settings);
      let applied = EMPTY_TREE;
      for (let n = 0; n < EACH; n++) {
        const op = drawWrite(random);
        if (isTwofold(op)) continue;
        const asked = request(random, op);
        const zxid = (n + 1) as Zxid;
        const view = { tree: applied, outstanding: NO_OUTSTANDING, settings };
        const after = prepare(view, asked, zxid).op;
        const ahead = leader.decide(asked);
        if (JSON.stringify(ahead) !== JSON.stringify(after)) {
          if (!isKnown(ahead, after, leader.waiting)) expect([round, n, ahead]).toEqual(after);
          known += 1;
        }
        applied = applyTxn(applied, leader.take(asked, ahead, n)).tree;
        leader.catchUp(random.int(random.pick([1, 8, 30])));
      }
    }
    // They happen, or nothing would be known of them.
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(COUNT / 20);
  });
});
