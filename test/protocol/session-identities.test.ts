// Who a connection is: what it shows, when that counts, and what comes of showing something wrong.
// [ZK-Java DigestAuthenticationProvider, ZooKeeperServer.processPacket]
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import { CREATOR_ACL } from '../../protocol/acl.js';
import { digestOf } from '../../protocol/session/digest-identity.js';
import { revalidated } from '../../protocol/session/front.js';
import { Server } from './session-server.js';

const WHO: Operation = { kind: 'whoAmI' };

function who(server: Server, conn = 1): string {
  server.takeSaid();
  server.ask(conn, 1, WHO);
  return server
    .takeSaid()
    .join()
    .replace(/^1: 1 /, '')
    .replace(/ @\d+$/, '');
}

describe('a digest', () => {
  it.each([
    ['u:p', 'u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ='],
    ['v:p', 'v:RylFHZNG40p+EX2Hf0QUdmqEStY='],
    ['bob:secret', 'bob:fyVmFCwVbTJYrznoSu1koqYEYF0='],
    ['super:pw', 'super:0bX78nEegDzJM3ju0iLBEJdWzjg='],
    // Without a colon it is all name; of several colons the first one counts.
    ['abc', 'abc:qZk+NkcGgWq6PiVxeFDCbJzQ2J0='],
    ['', ':2jmj7l5rSw0yVb/vlWAYkK/YBwk='],
    // As openssl has it: UTF-8, one to four bytes a letter.
    ['é:ß€😀', 'é:lFopvbVWAEgKW4R7vXY7gHXfHls='],
  ])('of %j is %s', (shown, identity) => {
    expect(digestOf(shown)).toBe(identity);
  });
});

describe('a connection', () => {
  it('is its address, and whatever it shows, each once', () => {
    const server = new Server();
    server.open(1, { address: '192.168.7.7' });
    expect(who(server)).toBe('ip:192.168.7.7');
    server.auth(1, 'digest', 'u:p').auth(1, 'digest', 'v:q').auth(1, 'digest', 'u:p');
    expect(server.takeSaid()).toEqual(Array(3).fill('1: -4 done @0'));
    expect(who(server)).toBe('ip:192.168.7.7 digest:u digest:v');
    server.auth(1, 'ip', '10.9.9.9');
    expect(who(server)).toBe('ip:192.168.7.7 digest:u digest:v');
  });

  it.each(['world', 'auth', 'super', 'sasl', 'nosuchscheme', ''])(
    'that shows itself as %j is told that this failed, and closed',
    (scheme) => {
      const server = new Server();
      server.open(1);
      server.auth(1, scheme, 'x');
      expect(server.said).toEqual(['1: -4 AuthFailed @0', '1: closed']);
    },
  );

  it('is super with the digest that the operator has set, and not with another', () => {
    const server = new Server({ service: { superDigest: digestOf('super:pw') } });
    server.open(1);
    server.auth(1, 'digest', 'super:wrong');
    expect(who(server)).toBe('ip:10.0.0.1 digest:super');
    server.auth(1, 'digest', 'super:pw');
    expect(who(server)).toBe('ip:10.0.0.1 digest:super super: digest:super');
  });

  it('begins anew with its address when the session comes back', () => {
    const server = new Server();
    const session = server.open(1) as SessionId;
    server.auth(1, 'digest', 'u:p').connect(2, session, { address: '10.0.0.2' });
    server.takeSubmitted();
    server.step((ctx) => revalidated(ctx, session, 10_000, true)).takeSaid();
    server.ask(2, 1, WHO);
    expect(server.said).toEqual(['2: 1 ip:10.0.0.2 @1']);
  });
});

describe('what is shown', () => {
  it('is answered at once, before what waits', () => {
    const server = new Server();
    server.open(1);
    server.write(1, 1).read(1, 2).auth(1, 'digest', 'u:p');
    expect(server.takeSaid()).toEqual(['1: -4 done @0']);
    server.commit();
    expect(server.said).toEqual(['1: 1 stat @2', '1: 2 data=x @2']);
  });

  it('counts for what is read after it, and not for what waits already', () => {
    const server = new Server();
    server.open(1);
    server.auth(1, 'digest', 'u:p');
    server.ask(1, 1, createOperation('/mine', '', 'persistent', CREATOR_ACL)).commit();
    server.open(2);
    server.write(2, 1).read(2, 2, '/mine').auth(2, 'digest', 'u:p').read(2, 3, '/mine');
    server.takeSaid();
    server.commit();
    expect(server.said.slice(1)).toEqual(['2: 2 NoAuth @4', '2: 3 data= @4']);
  });

  it('goes with a write to the leader as it was then', () => {
    const server = new Server();
    server.open(1);
    server.write(1, 1).auth(1, 'digest', 'u:p').write(1, 2);
    const identities = server.takeSubmitted().map((wanted) => {
      return wanted.kind === 'request' ? wanted.request.identities.length : 0;
    });
    expect(identities).toEqual([1, 2]);
  });

  it('is no sign of life', () => {
    const server = new Server();
    server.open(1);
    server.auth(1, 'digest', 'u:p');
    expect(server.ctx.front.touches.list).toEqual([]);
    server.read(1, 1);
    expect(server.ctx.front.touches.list).toHaveLength(1);
  });
});
