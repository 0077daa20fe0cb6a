// A client below a path of its own: what it says and hears has no trace of that path.
// [ZK-Java ZooKeeper.prependChroot, ClientCnxn]
import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../protocol/acl.js';
import { rooted, rootedPath, stripped, strippedPath } from '../../protocol/client/chroot.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import { Program } from './client-program.js';

const below = (op: Operation): Operation => rooted('/app', op);

describe('a chroot', () => {
  it.each([
    ['/', '/app'],
    ['/n', '/app/n'],
    ['/app', '/app/app'],
    ['foo', '/appfoo'],
  ])('turns %s into %s', (path, onServer) => {
    expect([rootedPath('/app', path), rootedPath('', path)]).toEqual([onServer, path]);
  });

  it.each([
    ['/app', '/'],
    ['/app/n', '/n'],
    ['/apple', '/apple'],
    ['/zookeeper/config', '/zookeeper/config'],
  ])('turns %s back into %s', (onServer, path) => {
    expect([strippedPath('/app', onServer), strippedPath('', path)]).toEqual([path, path]);
  });

  it('goes before the path of every request', () => {
    const requests: readonly Operation[] = [
      createOperation('/n', 'x'),
      { kind: 'setData', path: '/n', data: 'x', version: 3 },
      { kind: 'setACL', path: '/n', acl: OPEN_ACL, version: 2 },
      { kind: 'exists', path: '/n', watch: true },
      { kind: 'getChildren2', path: '/n', watch: false },
      { kind: 'addWatch', path: '/n', mode: 1 },
      { kind: 'removeWatches', path: '/n', type: 3 },
      { kind: 'sync', path: '/n' },
      { kind: 'delete', path: '/n', version: 1 },
    ];
    for (const op of requests) expect(below(op)).toEqual({ ...op, path: '/app/n' });
    const parts = [createOperation('/n', ''), { kind: 'check', path: '/', version: 0 }] as const;
    expect(below({ kind: 'multi', parts })).toMatchObject({
      parts: [{ path: '/app/n' }, { kind: 'check', path: '/app', version: 0 }],
    });
    const reads = [{ kind: 'getData', path: '/n', watch: false }] as const;
    expect(below({ kind: 'multiRead', parts: reads })).toMatchObject({
      parts: [{ path: '/app/n' }],
    });
  });

  it('does not let the root of its world be deleted, and leaves what has no path', () => {
    const root: Operation = { kind: 'delete', path: '/', version: -1 };
    expect(below(root)).toEqual(root);
    for (const op of [
      { kind: 'getEphemerals', prefix: '/e' },
      { kind: 'whoAmI' },
      { kind: 'sync', path: null },
      { kind: 'addAuth', scheme: 'digest', auth: 'u:p' },
    ] as const) {
      expect(below(op)).toEqual(op);
    }
  });

  it('is taken off the paths of answers', () => {
    const created: Result = { kind: 'created', path: '/app/n-1', stat: undefined };
    expect(stripped('/app', created)).toEqual({ ...created, path: '/n-1' });
    expect(stripped('/app', { kind: 'multi', results: [created] })).toMatchObject({
      results: [{ path: '/n-1' }],
    });
    expect(stripped('/app', { kind: 'synced', path: '/app' })).toMatchObject({ path: '/' });
    const paths: Result = { kind: 'paths', paths: ['/app/e'] };
    expect(stripped('/app', paths)).toBe(paths);
    expect(stripped('', created)).toBe(created);
  });
});

describe('a client with a chroot', () => {
  it('watches and hears by its own paths; the trace has the servers’', () => {
    const program = new Program({ chroot: '/app' }).online();
    program.invoke({ kind: 'getData', path: '/n', watch: true });
    program.reply(1, 1, 3, { kind: 'done' }).watchEvent(1, 'nodeDataChanged', '/app/n');
    expect(program.heard()).toEqual(['1 ok', 'nodeDataChanged /n']);
    expect(program.notes.map(({ kind, text }) => `${kind} ${text}`)).toContain(
      'watched nodeDataChanged /app/n',
    );
    expect(program.notes[0]).toMatchObject({ kind: 'invoked', detail: { path: '/app/n' } });
  });
});
