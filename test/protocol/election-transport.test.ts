// The election transport, sentence by sentence: who keeps which connection, what waits and what is
// said again. [ZK-Java QuorumCnxManager]
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../protocol/context.js';
import type { Effect } from '../../protocol/effect.js';
import { makeNotification } from '../../protocol/election/looking.js';
import {
  EMPTY_TRANSPORT,
  connectAll,
  haveDelivered,
  ownsConn,
  startTransport,
  takeLoopback,
  toSend,
  transportAccepted,
  transportClosed,
  transportDialFailed,
  transportDialed,
  transportReceived,
} from '../../protocol/election/transport.js';
import type { ConnId, ServerId, Zxid } from '../../protocol/ids.js';
import { NO_ZXID, serverId } from '../../protocol/ids.js';
import type { NotificationBody } from '../../protocol/message.js';
import { packet } from '../../protocol/message.js';
import { DEFAULT_TIMING } from '../../protocol/config.js';
import { makeVote } from '../../protocol/vote.js';
import { ElectionCluster } from './election-harness.js';
import {
  bootState,
  configOf,
  contextOf,
  ensembleOf,
  history,
  round,
  stateOf,
} from './election-stub.js';

const body = (zxid: number): NotificationBody =>
  makeNotification(
    makeVote(serverId(1), zxid as Zxid, history(1, 0).currentEpoch),
    round(1),
    'looking',
  );

/** The transport of one server, told what happens, answering with what it asks for. */
class Transport {
  #state;
  readonly #config;
  #last: Effect[] = [];
  marks: string[] = [];

  constructor(sid: number, voters = [1, 2, 3], observers: number[] = []) {
    this.#config = configOf(ensembleOf(voters, observers), sid, DEFAULT_TIMING);
    this.#state = bootState(this.#config, history(0, 0));
    this.#do(startTransport);
  }

  #do(handler: (ctx: Context) => void): this {
    const ctx = contextOf(this.#config, this.#state, history(0, 0));
    handler(ctx);
    this.#state = stateOf(ctx);
    this.#last = ctx.effects;
    return this;
  }

  get value() {
    return this.#state.transport;
  }

  /** The effects of the last thing that happened, one short line each. */
  get asked(): string[] {
    return this.#last.map((effect) => {
      if (effect.kind === 'dial') return `dial ${effect.peer}`;
      if (effect.kind === 'close') return `close c${effect.conn}`;
      if (effect.kind === 'note') return `${effect.note.kind} ${effect.note.text}`;
      if (effect.kind !== 'send') return effect.kind;
      const { conn, message } = effect;
      return message.kind === 'notification'
        ? `send ${message.body.vote.zxid} on c${conn}`
        : `${message.kind} on c${conn}`;
    });
  }

  send = (peer: number, zxid: number) =>
    this.#do((ctx) => toSend(ctx, peer as ServerId, body(zxid)));
  dialed = (peer: number, conn: number) =>
    this.#do((ctx) => transportDialed(ctx, peer as ServerId, conn as ConnId));
  failed = (peer: number) => this.#do((ctx) => transportDialFailed(ctx, peer as ServerId));
  accepted = (conn: number) => this.#do((ctx) => transportAccepted(ctx, conn as ConnId));
  closed = (conn: number) => this.#do((ctx) => transportClosed(ctx, conn as ConnId));
  greeted = (conn: number, sid: number) =>
    this.#do((ctx) => {
      const greeting = packet('greeting', NO_ZXID, { sid: sid as ServerId });
      expect(transportReceived(ctx, conn as ConnId, greeting)).toBeUndefined();
    });
  connectAll = () => this.#do(connectAll);
  loopback = () => {
    let own: NotificationBody | undefined;
    this.#do((ctx) => {
      own = takeLoopback(ctx);
    });
    return own;
  };
  received = (conn: number, zxid: number) => {
    let from: number | undefined;
    this.#do((ctx) => {
      const message = packet('notification', NO_ZXID, body(zxid));
      from = transportReceived(ctx, conn as ConnId, message)?.from;
    });
    return from;
  };
}

describe('which connection survives', () => {
  it('the smaller server leaves its name, hangs up and waits to be dialled', () => {
    const one = new Transport(1);
    expect(one.send(3, 10).asked).toEqual(['dial 3']);
    expect(one.dialed(3, 0).asked).toEqual(['greeting on c0', 'close c0']);
    expect(ownsConn(one.value, 0 as ConnId)).toBe(false);
    expect(one.accepted(1).asked).toEqual([]);
    expect(one.greeted(1, 3).asked).toEqual(['send 10 on c1']);
  });

  it('the larger server keeps what it dialled', () => {
    const three = new Transport(3);
    three.send(1, 10);
    expect(three.dialed(1, 0).asked).toEqual(['greeting on c0', 'send 10 on c0']);
  });

  it('a smaller name makes the larger server drop even a healthy connection and dial back', () => {
    const three = new Transport(3);
    three.send(1, 10);
    three.dialed(1, 0);
    three.accepted(1);
    expect(three.greeted(1, 1).asked).toEqual(['close c1', 'close c0', 'dial 1']);
    expect(ownsConn(three.value, 0 as ConnId)).toBe(false);
  });

  it('a larger name replaces the connection there is', () => {
    const one = new Transport(1);
    one.accepted(0);
    one.greeted(0, 3);
    one.accepted(1);
    expect(one.greeted(1, 3).asked).toEqual(['close c0']);
    expect(one.received(1, 5)).toBe(3);
  });

  it('a connection of a dial replaces one accepted meanwhile', () => {
    const three = new Transport(3, [1, 2, 3, 4]);
    three.send(1, 10);
    three.dialed(1, 0);
    expect(three.dialed(1, 1).asked).toEqual([
      'greeting on c1',
      'close c0',
      'send 10 on c1',
      'mark election/stale-resend',
    ]);
  });

  it('a stranger, or its own name, is shown the door', () => {
    const two = new Transport(2);
    for (const sid of [2, 9]) {
      two.accepted(sid);
      expect(two.greeted(sid, sid).asked).toEqual([
        `close c${sid}`,
        'ignored greeting of a stranger',
      ]);
      expect(ownsConn(two.value, sid as ConnId)).toBe(false);
    }
  });

  it('there is one dial at a time for each peer', () => {
    const one = new Transport(1);
    expect(one.send(3, 10).asked).toEqual(['dial 3']);
    expect(one.send(3, 11).asked).toEqual([]);
    expect(one.send(2, 11).asked).toEqual(['dial 2']);
    one.failed(3);
    expect(one.send(3, 12).asked).toEqual(['dial 3']);
  });
});

describe('what waits, and what is said again', () => {
  it('of several notifications that wait, the newest remains', () => {
    const three = new Transport(3);
    three.send(1, 10).send(1, 11).send(1, 12);
    expect(three.dialed(1, 0).asked).toEqual(['greeting on c0', 'send 12 on c0']);
  });

  it('nothing waits for a connected peer', () => {
    const three = new Transport(3);
    three.send(1, 10).dialed(1, 0);
    expect(three.send(1, 11).asked).toEqual(['send 11 on c0']);
    expect(three.send(1, 12).asked).toEqual(['send 12 on c0']);
  });

  it('a new connection starts with what waits, else with what was said last', () => {
    const three = new Transport(3);
    three.send(1, 10).dialed(1, 0).send(1, 11).closed(0);
    three.accepted(1);
    expect(three.greeted(1, 1).asked).toEqual(['close c1', 'dial 1']);
    expect(three.dialed(1, 2).asked).toEqual([
      'greeting on c2',
      'send 11 on c2',
      'mark election/stale-resend',
    ]);
    three.closed(2).send(1, 12);
    expect(three.dialed(1, 3).asked).toEqual(['greeting on c3', 'send 12 on c3']);
  });

  it('after a break nothing is dialled until there is something to say', () => {
    const three = new Transport(3);
    three.send(1, 10).dialed(1, 0);
    expect(three.closed(0).asked).toEqual([]);
    expect(three.connectAll().asked).toEqual(['dial 1']);
  });

  it('delivered means that any queue is empty; none is not delivered', () => {
    expect(haveDelivered(EMPTY_TRANSPORT)).toBe(false);
    const three = new Transport(3);
    expect(haveDelivered(three.value)).toBe(false);
    three.send(1, 10).send(2, 10);
    expect(haveDelivered(three.value)).toBe(false);
    three.dialed(1, 0);
    expect(haveDelivered(three.value)).toBe(true);
    // A broken connection has an empty queue all the same.
    three.closed(0);
    expect(haveDelivered(three.value)).toBe(true);
  });

  it('connectAll dials those with a queue and no connection, in order', () => {
    const three = new Transport(3, [1, 2, 3, 4]);
    expect(three.connectAll().asked).toEqual([]);
    three.send(2, 10).failed(2).send(1, 10).dialed(1, 0).send(4, 10).failed(4);
    expect(three.connectAll().asked).toEqual(['dial 2', 'dial 4']);
    expect(three.connectAll().asked).toEqual([]);
  });

  it('what it sends to itself comes back at once, and once', () => {
    const two = new Transport(2);
    expect(two.send(2, 10).asked).toEqual([]);
    expect(two.loopback()).toEqual(body(10));
    expect(two.loopback()).toBeUndefined();
  });
});

it('hangs up on whoever comes before boot is over', () => {
  const config = configOf(ensembleOf([1, 2, 3]), 1, DEFAULT_TIMING);
  const ctx = contextOf(config, bootState(config, history(0, 0)), history(0, 0));
  transportAccepted(ctx, 7 as ConnId);
  expect(ctx.effects).toEqual([{ kind: 'close', conn: 7 }]);
  expect(ctx.transport).toBe(EMPTY_TRANSPORT);
});

it('hears a notification only from whom it knows by name', () => {
  const one = new Transport(1);
  one.accepted(0);
  expect(one.received(0, 5)).toBeUndefined();
  one.greeted(0, 3);
  expect(one.received(0, 5)).toBe(3);
  one.closed(0);
  expect(one.received(0, 5)).toBeUndefined();
});

it('two servers that dial each other at once end with one connection', () => {
  for (const [there, back] of [
    [1, 1],
    [1, 7],
    [7, 1],
  ]) {
    const delayMs = (from: number) => (from === 1 ? there! : back!);
    const cluster = new ElectionCluster({ voters: [1, 2], delayMs }).start().run(100);
    expect(cluster.connections(1, 2)).toBe(1);
  }
});

it('is total, and never has two connections with a peer or a queue before an open one', () => {
  const small = fc.integer({ min: 1, max: 4 });
  const happening = fc.tuple(fc.nat(6), small, fc.nat(9));
  fc.assert(
    fc.property(small, fc.array(happening, { maxLength: 60 }), (sid, happenings) => {
      const server = new Transport(sid, [1, 2, 3], [4]);
      let conn = 100;
      for (const [what, peer, old] of happenings) {
        const some = 100 + old;
        if (what === 0) server.send(peer, old);
        else if (what === 1 && peer !== sid) server.dialed(peer, conn++);
        else if (what === 2) server.failed(peer);
        else if (what === 3) server.accepted(conn++);
        else if (what === 4) server.greeted(some, peer);
        else if (what === 5) server.closed(some);
        else server.connectAll();
        server.loopback();
        const { wires, queues } = server.value;
        const live = [...wires.conns.filter((one) => one >= 0), ...wires.unnamed];
        expect(new Set(live).size).toBe(live.length);
        wires.conns.forEach((one, at) => {
          if (one >= 0) expect(queues.outbox[at]).toBeUndefined();
        });
      }
    }),
  );
});
