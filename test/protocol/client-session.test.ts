// How a client's session ends, as the library sees it and as a steadier program does: expiry heard
// of or taken for granted, identities that nobody believes, the states that a program is told.
// [ZK-Java ClientCnxn, ZooKeeper.States]
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../protocol/operation.js';
import { Program, READ, SYNC, WRITE } from './client-program.js';

const AUTH: Operation = { kind: 'addAuth', scheme: 'digest', auth: 'u:p' };

const sent = (program: Program): string[] => program.take().filter((line) => /^\d+: /.test(line));

describe('the library', () => {
  it('stops when it learns that its session has expired', () => {
    const program = new Program({ bare: true }).online().closed(1).invoke(READ);
    program.timer('reconnect').dialed(2, 2).connected(2, 0, 0);
    expect(program.heard()).toEqual(['disconnected', 'expired', '1 error']);
    program.timer('reconnect').timer('selfExpiry').invoke(WRITE).event({ kind: 'close' });
    expect(program.outcomes().slice(-2)).toEqual([
      '1 error SessionExpired',
      '2 error SessionExpired',
    ]);
    expect(
      program
        .take()
        .filter((line) => /^(dial|\d)/.test(line))
        .at(-1),
    ).toMatch(/^2: connect/);
    expect(program.state.link.kind).toBe('expired');
  });

  it('takes its session for expired after four thirds of its time in silence', () => {
    const program = new Program({ bare: true }).online().at(2000).pong(1);
    program.at(8000).timer('readTimeout');
    expect(program.take()).toContain('selfExpiry in 6000');
    program.at(8100).timer('reconnect').at(11_100).dialFailed(2).at(11_200).timer('reconnect');
    expect(program.heard()).toEqual(['disconnected']);
    expect(program.at(13_999).timer('selfExpiry').take().at(-1)).toBe('selfExpiry in 1');
    program.at(14_000).timer('selfExpiry');
    expect([program.heard(), program.state.link.kind]).toEqual([['expired'], 'expired']);
    program.dialed(3, 9);
    expect(program.take().at(-1)).toBe('close 9');
  });

  it('does not if a server has answered meanwhile, or if it never had a session', () => {
    const program = new Program({ bare: true }).online().closed(1).at(11_000).timer('reconnect');
    program.dialed(2, 2).connected(2);
    expect(program.take()).toContain('no selfExpiry');
    program.at(12_000).timer('selfExpiry');
    expect(program.state.link.kind).toBe('connected');
    const young = new Program({ bare: true }).start().dialFailed(1).at(99_000).timer('selfExpiry');
    expect(young.take().filter((line) => line.startsWith('selfExpiry'))).toEqual([]);
    expect(young.state.link.kind).toBe('pausing');
  });

  it('fails what waits for a connection with each attempt that leads nowhere', () => {
    const program = new Program({ bare: true }).start().invoke(WRITE).dialFailed(1).invoke(READ);
    expect(program.outcomes()).toEqual(['connecting', '1 error ConnectionLoss']);
    program.timer('reconnect').dialed(2, 2).timer('connectTimeout');
    expect(program.outcomes()).toEqual(['connecting', '2 error ConnectionLoss', 'disconnected']);
    expect(program.take().filter((line) => line.startsWith('expiry'))).toEqual([]);
  });

  it('fails what was sent and what was not when the connection goes, then says so', () => {
    const program = new Program({ bare: true }).online().invoke(WRITE).invoke(READ).closed(1);
    program.invoke(READ).dialFailed(2);
    expect(program.heard()).toEqual(['1 unknown', '2 error', 'disconnected']);
    program.timer('reconnect').dialFailed(2);
    expect(program.heard()).toEqual(['3 error']);
  });
});

describe('a program that goes on', () => {
  it('asks for a new session after it took the old one for expired', () => {
    const program = new Program().online().closed(1).at(12_000).timer('selfExpiry');
    expect(program.heard()).toEqual(['disconnected', 'expired']);
    program.timer('reconnect').take();
    program.dialed(2, 2);
    expect(program.take()[0]).toBe('2: connect 0 for 9000 seen 0');
    program.connected(2, 78);
    expect([program.heard(), program.state.login.session]).toEqual([['connected'], 78]);
  });

  it('does so over the connection that it is making, too', () => {
    const program = new Program().online().closed(1).timer('reconnect').at(12_000);
    program.timer('selfExpiry').dialed(2, 2);
    expect(sent(program).at(-1)).toBe('2: connect 0 for 9000 seen 0');
    const later = new Program().online().closed(1).timer('reconnect').dialed(2, 2).at(12_000);
    later.take();
    expect(later.timer('selfExpiry').take()).toContain('close 2');
    expect(later.state.link.kind).toBe('pausing');
  });
});

describe('a program', () => {
  it('is told of each state once, however often it comes to that', () => {
    const program = new Program().start().dialFailed(1).timer('reconnect').dialed(2, 1);
    program.closed(1).timer('reconnect').dialed(3, 2).connected(2).closed(2).timer('reconnect');
    program.dialFailed(1).timer('reconnect').dialed(2, 3).connected(3).event({ kind: 'close' });
    program.sessionClosed(3);
    expect(program.heard()).toEqual(['connected', 'disconnected', 'connected', 'closed']);
  });
});

describe('an identity', () => {
  it('is shown at once, and answered whatever waits', () => {
    const program = new Program().online().invoke(WRITE).invoke(AUTH).invoke(READ);
    expect(sent(program)).toEqual(['1: operation 1', '1: operation -4', '1: operation 3']);
    program.reply(1, -4, 0).reply(1, 1, 5).reply(1, 3, 5);
    expect(program.heard()).toEqual(['2 ok', '1 ok', '3 ok']);
  });

  it('is shown again over every connection, before anything else', () => {
    const program = new Program().online().invoke(AUTH).reply(1, -4, 0).invoke(SYNC).closed(1);
    program.invoke(READ).timer('reconnect').dialed(2, 2).take();
    program.connected(2);
    expect(sent(program)).toEqual(['2: operation -4', '2: operation 3']);
    program.outcomes();
    program.reply(2, -4, 0);
    expect(program.outcomes()).toEqual([]);
  });

  it('that was shown while there was no connection waits for one, and is answered then', () => {
    const program = new Program()
      .start()
      .invoke(AUTH)
      .invoke({ ...AUTH, auth: 'v:q' });
    expect(program.heard()).toEqual([]);
    program.dialed(1, 1).connected(1).reply(1, -4, 0).closed(1);
    expect(program.heard()).toEqual(['connected', '1 ok', 'disconnected']);
    program.timer('reconnect').dialed(2, 2).connected(2).reply(2, -4, 0).reply(2, -4, 0);
    expect(program.heard()).toEqual(['connected', '2 ok']);
  });

  it('that is not believed is the end', () => {
    const program = new Program().online().invoke(WRITE).invoke(READ).invoke(AUTH);
    program.take();
    program.reply(1, -4, 0, { kind: 'error', code: 'AuthFailed' });
    expect(program.heard()).toEqual(['3 error', '1 unknown', '2 error', 'authFailed']);
    expect(program.take()[0]).toBe('close 1');
    program.closed(1).timer('reconnect').timer('selfExpiry').outcomes();
    program.invoke(READ).invoke(AUTH);
    expect(program.outcomes()).toEqual(['4 error AuthFailed', '5 error AuthFailed']);
    expect(program.take()).toEqual([]);
  });

  it('of a client that stops before it was shown has failed', () => {
    const program = new Program().start().invoke(AUTH).event({ kind: 'close' });
    expect(program.outcomes()).toEqual(['connecting', '1 error ConnectionLoss', 'closed']);
  });
});
