// The client, sentence by sentence: how it finds a server, how it keeps its session, and what it
// tells the program about requests whose answer never came.

import { describe, expect, it } from 'vitest';
import { stepClient } from '../../protocol/client/client.js';
import { serverId } from '../../protocol/ids.js';
import { Program, READ, SYNC, WRITE } from './client-program.js';

/** Without the timers, which have tests of their own. */
const moves = (program: Program): string[] =>
  program.take().filter((line) => /^(dial|close|\d+:)/.test(line));

describe('a client looks for a server', () => {
  it('by dialling the first of its list for its share of the session timeout', () => {
    const program = new Program().start();
    expect(program.take()).toEqual(['dial 1 for 3000']);
    program.at(1000).dialed(1, 7);
    expect(program.take()).toEqual(['7: connect 0 for 9000 seen 0', 'connectTimeout in 2000']);
  });

  it('one after the other, with a longer pause after each fruitless round', () => {
    const program = new Program().start();
    const seen = [];
    for (const peer of [1, 2, 3, 1]) {
      seen.push(...program.take());
      program.dialFailed(peer);
      seen.push(...program.take());
      program.timer('reconnect');
    }
    expect(seen).toEqual([
      'dial 1 for 3000',
      'reconnect in 100',
      'dial 2 for 3000',
      'reconnect in 100',
      'dial 3 for 3000',
      'reconnect in 1000',
      'dial 1 for 3000',
      'reconnect in 100',
    ]);
  });

  it('and goes on to the next when one accepts and says nothing', () => {
    const program = new Program().start().dialed(1, 1).timer('connectTimeout').timer('reconnect');
    expect(moves(program)).toEqual([
      'dial 1 for 3000',
      '1: connect 0 for 9000 seen 0',
      'close 1',
      'dial 2 for 3000',
    ]);
  });

  it('and goes where it is told to', () => {
    const program = new Program().online();
    program
      .event({ kind: 'disconnect', server: serverId(3) })
      .timer('reconnect')
      .dialed(3, 2);
    expect(moves(program)).toEqual([
      'close 1',
      'dial 3 for 3000',
      '2: connect 77 with secret for 9000 seen 0',
    ]);
    program.closed(2).timer('reconnect');
    expect(moves(program)).toEqual(['dial 2 for 3000']);
  });

  it('and when told so while it dials, it gives up what it gets', () => {
    const program = new Program().start();
    program.event({ kind: 'disconnect', server: serverId(3) }).dialed(1, 5);
    expect(moves(program)).toEqual(['dial 1 for 3000', 'close 5', 'dial 3 for 3000']);
  });

  it('and when told to go where it is going already, it goes there once', () => {
    const program = new Program().start().event({ kind: 'disconnect', server: serverId(1) });
    program.dialed(1, 1).connected(1).closed(1);
    program.take();
    expect(moves(program.timer('reconnect'))).toEqual(['dial 2 for 3000']);
  });
});

describe('a connection that was given up', () => {
  it('has no say any more', () => {
    const program = new Program().online().invoke(WRITE);
    program.event({ kind: 'disconnect', server: undefined }).timer('reconnect').dialed(2, 2);
    program.connected(2).invoke(READ);
    program.outcomes();
    program.reply(1, 2, 5).closed(1);
    expect(program.outcomes()).toEqual([]);
    expect(program.state.link).toMatchObject({ kind: 'connected', peer: 2 });
    expect(program.state.login.lastZxid).toBe(0);
  });
});

describe('a session', () => {
  it('is resumed over the next connection, with the newest zxid seen in it', () => {
    const program = new Program()
      .online()
      .invoke(WRITE)
      .invoke(READ)
      .reply(1, 1, 12)
      .reply(1, 2, 9);
    program.closed(1).timer('reconnect').dialed(2, 2);
    expect(moves(program).at(-1)).toBe('2: connect 77 with secret for 9000 seen 12');
  });

  it('is not continued at a server that is behind', () => {
    const program = new Program().online().invoke(READ).reply(1, 1, 12);
    program.closed(1).timer('reconnect').dialed(2, 2).take();
    program.connected(2, 77, 9000, 11);
    expect(moves(program)).toEqual(['close 2']);
    program.timer('reconnect').dialed(3, 3).connected(3, 77, 9000, 12).take();
    expect(program.state.link.kind).toBe('connected');
  });

  it('that a server calls expired gives way to a new one', () => {
    const program = new Program().online().invoke(READ).reply(1, 1, 12).closed(1);
    program.invoke(WRITE).timer('reconnect').dialed(2, 2).connected(2, 0, 0);
    expect(program.outcomes()).toEqual([
      '1 ok',
      'disconnected',
      'connecting',
      'expired',
      '2 error SessionExpired',
    ]);
    program.take();
    program.timer('reconnect').dialed(3, 3);
    expect(moves(program)).toEqual(['dial 3 for 3000', '3: connect 0 for 9000 seen 0']);
  });

  it('is not given up by the client itself, however long it hears nothing', () => {
    const program = new Program().online().closed(1);
    for (let i = 0; i < 20; i++)
      program
        .at(i * 10_000)
        .timer('reconnect')
        .dialFailed(1);
    expect(program.state.login.session).toBe(77);
  });

  it('uses the timeout that the server granted', () => {
    const program = new Program().start().dialed(1, 1);
    program.take();
    program.connected(1, 77, 6000);
    expect(program.take()).toEqual(['no connectTimeout', 'ping in 2000', 'readTimeout in 4000']);
  });
});

describe('silence', () => {
  it('makes the client ping after a third of the timeout since it last sent', () => {
    const program = new Program().online().at(1000).invoke(READ);
    program.take();
    expect(program.at(3000).timer('ping').take()).toEqual(['ping in 1000']);
    expect(program.at(4000).timer('ping').take()).toEqual(['1: clientPing', 'ping in 3000']);
  });

  it('makes it try another server after two thirds since it last heard', () => {
    const program = new Program().online().at(2000).pong(1);
    expect(program.at(6000).timer('readTimeout').take()).toEqual(['readTimeout in 2000']);
    program.at(8000).timer('readTimeout').timer('reconnect');
    expect(moves(program)).toEqual(['close 1', 'dial 2 for 3000']);
  });
});

describe('a request', () => {
  it('is noted when it starts and when its outcome is known', () => {
    const program = new Program().online().invoke(WRITE).reply(1, 1, 5);
    expect(program.notes).toMatchObject([
      { kind: 'invoked', value: 77, digest: 1, text: 'setData', detail: WRITE },
      { kind: 'completed', value: 77, digest: 1, zxid: 5, text: 'ok', detail: { kind: 'done' } },
    ]);
  });

  it('settles with the error that the server answered', () => {
    const program = new Program().online().invoke(WRITE);
    program.reply(1, 1, 5, { kind: 'error', code: 'BadVersion' });
    expect(program.outcomes()).toEqual(['1 error BadVersion']);
    expect(program.state.login.lastZxid).toBe(5);
  });

  it('may be one of several under way, answered in order', () => {
    const program = new Program().online().invoke(WRITE).invoke(READ).invoke(SYNC);
    expect(program.take()).toEqual(['1: operation 1', '1: operation 2', '1: operation 3']);
    program.reply(1, 1, 5).reply(1, 2, 5).reply(1, 3, 5);
    expect(program.outcomes()).toEqual(['1 ok', '2 ok', '3 ok']);
  });

  it('answered out of turn costs the connection', () => {
    const program = new Program().online().invoke(WRITE).invoke(READ).reply(1, 2, 5);
    expect(program.outcomes()).toEqual(['1 unknown', '2 error ConnectionLoss', 'disconnected']);
    expect(moves(program)).toContain('close 1');
  });

  it('that was sent over a lost connection is unknown if it is a write, else it has failed', () => {
    const program = new Program().online().invoke(WRITE).invoke(READ).invoke(SYNC).closed(1);
    expect(program.outcomes()).toEqual([
      '1 unknown',
      '2 error ConnectionLoss',
      '3 error ConnectionLoss',
      'disconnected',
    ]);
  });

  it('waits for a connection and is sent in order', () => {
    const program = new Program().start().invoke(WRITE).invoke(READ).dialed(1, 1);
    program.take();
    program.connected(1).invoke(READ);
    expect(program.take().filter((line) => line.includes('operation'))).toEqual([
      '1: operation 1',
      '1: operation 2',
      '1: operation 3',
    ]);
  });

  it('that waited for a connection as long as a session may last has failed for certain', () => {
    const program = new Program().start().at(1000).invoke(WRITE).at(5000).invoke(WRITE);
    expect(program.take()).toEqual(['dial 1 for 3000', 'expiry in 9000']);
    program.at(10_000).timer('expiry');
    expect(program.outcomes()).toEqual(['connecting', '1 error ConnectionLoss']);
    expect(program.take()).toEqual(['expiry in 4000']);
    program.at(14_000).timer('expiry');
    expect(program.outcomes()).toEqual(['2 error ConnectionLoss']);
  });
});

describe('a client that its program closes', () => {
  it('closes its session, hears the answers that are due, and stops', () => {
    const program = new Program().online().invoke(WRITE).event({ kind: 'close' });
    expect(moves(program)).toEqual(['1: operation 1', '1: closeSession']);
    program.reply(1, 1, 5).sessionClosed(1);
    expect(program.outcomes()).toEqual(['closing', '1 ok', 'closed']);
    program.timer('reconnect').invoke(READ);
    expect(program.outcomes()).toEqual(['3 error SessionExpired']);
    expect(moves(program)).toEqual(['close 1']);
  });

  it('leaves its session to expire when it has no connection', () => {
    const program = new Program().start().invoke(WRITE).event({ kind: 'close' }).dialed(1, 1);
    expect(program.outcomes()).toEqual(['connecting', '1 error ConnectionLoss', 'closed']);
    expect(moves(program)).toEqual(['dial 1 for 3000', 'close 1']);
  });

  it('gives up the connection over which it has no session yet', () => {
    const program = new Program().start().dialed(1, 1).event({ kind: 'close' });
    expect(moves(program).at(-1)).toBe('close 1');
  });

  it('stops too when the connection goes before the answer', () => {
    const program = new Program().online().invoke(WRITE).event({ kind: 'close' }).closed(1);
    expect(program.outcomes()).toEqual(['closing', '1 unknown', 'closed']);
  });
});

describe('an event that means nothing', () => {
  it('leaves the same state and asks for nothing', () => {
    const { config, state } = new Program().online();
    const { state: after, effects } = stepClient(
      config,
      state,
      { kind: 'timer', timer: 'reconnect', key: 0 },
      0,
    );
    expect(after).toBe(state);
    expect(effects).toHaveLength(0);
  });

  it('is noted when it is a message', () => {
    const program = new Program().online().sessionClosed(1);
    expect(program.notes).toMatchObject([
      { kind: 'ignored', text: 'sessionClosed while connected' },
    ]);
  });
});
