// What a server looks at before a request takes its turn. [ZK-Java ZooKeeperServer.submitRequestNow,
// UnimplementedRequestProcessor, NIOServerCnxn.readLength]
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import { requestBytes } from '../../protocol/request-bytes.js';
import { Server } from './session-server.js';

function open(service = {}): Server {
  const server = new Server({ service });
  server.open(1);
  return server;
}

describe('a request', () => {
  it('as large as the server reads is carried out, one byte more closes the connection', () => {
    const frame = (length: number): Operation => createOperation('/n', 'x'.repeat(length));
    const rest = requestBytes(frame(0));
    const server = open();
    server.ask(1, 1, frame(1_048_575 - rest)).commit();
    expect(server.takeSaid()).toEqual(['1: 1 created @2']);
    server
      .read(1, 2)
      .ask(1, 3, frame(1_048_576 - rest))
      .read(1, 4);
    expect(server.takeSaid()).toEqual(['1: 2 data= @2', '1: closed']);
    expect(server.takeSubmitted()).toEqual([]);
  });

  it('of an unknown kind is answered at once, with no zxid, and the connection is closed', () => {
    for (const opcode of [77, 0, 13, -1]) {
      const server = open();
      server.write(1, 1).read(1, 2).ask(1, 3, { kind: 'unknown', opcode });
      expect(server.takeSaid()).toEqual(['1: 3 Unimplemented @-1', '1: closed']);
      expect(server.commit().said).toEqual([]);
    }
  });

  it('that is a read nobody can parse fails in its turn', () => {
    const server = open();
    server.write(1, 1).ask(1, 2, { kind: 'malformedRead', opcode: 4 }).read(1, 3);
    server.commit();
    expect(server.said).toEqual(['1: 1 stat @2', '1: 2 MarshallingError @2', '1: 3 data=x @2']);
  });

  it('that is a write nobody can parse takes no zxid, unless it would have been a multi', () => {
    const server = open();
    server.ask(1, 1, { kind: 'malformedWrite', opcode: 1 });
    expect(server.takeSaid()).toEqual(['1: 1 MarshallingError @1']);
    server.ask(1, 2, { kind: 'malformedWrite', opcode: 14 }).commit();
    expect(server.takeSaid()).toEqual(['1: 2 MarshallingError @2']);
  });

  it('that is a write nobody can parse takes one in 3.8.0', () => {
    const server = open({ compatibility: '3.8.0' });
    server.ask(1, 1, { kind: 'malformedWrite', opcode: 1 }).commit();
    expect(server.said).toEqual(['1: 1 MarshallingError @2']);
  });

  it('to reconfigure is refused, as a transaction', () => {
    const server = open();
    server.ask(1, 1, { kind: 'reconfig' }).commit();
    expect(server.said).toEqual(['1: 1 ReconfigDisabled @2']);
  });
});

describe('a ping', () => {
  it('is answered in its turn, with the zxid that the server has processed', () => {
    const server = open();
    server.write(1, 1).receive(1, { kind: 'clientPing', zxid: -1 as never, body: undefined });
    expect(server.said).toEqual([]);
    server.commit();
    expect(server.said).toEqual(['1: 1 stat @2', '1: clientPong']);
  });
});

describe('a closeSession', () => {
  it('is the last request that is heard', () => {
    const server = open();
    server.close(1, 1).read(1, 2).write(1, 3).close(1, 4);
    expect(server.ctx.submitted).toHaveLength(1);
    server.commit();
    expect(server.said).toEqual(['1: sessionClosed @2', '1: closed']);
  });
});
