// Containers and TTL znodes: when the reaper may have them.

import { describe, expect, it } from 'vitest';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { reapable } from '../../protocol/tree/reaping.js';
import { create, Leader, remove, setData, TTL_ON } from './tree-leader.js';

function due(leader: Leader, wallMs: number, settings = TTL_ON): readonly string[] {
  return reapable(leader.tree, wallMs, settings);
}

describe('a container', () => {
  it('goes when its last child has gone, and not before it had one', () => {
    const leader = new Leader();
    for (const path of ['/b', '/a']) leader.do(create(path, 'container'));
    expect(due(leader, 1e9)).toEqual([]);
    for (const path of ['/a/x', '/b/x']) leader.do(create(path));
    expect(due(leader, 1e9)).toEqual([]);
    for (const path of ['/a/x', '/b/x']) leader.do(remove(path));
    expect(due(leader, 0)).toEqual(['/a', '/b']);
    expect(leader.do({ kind: 'deleteContainer', path: '/a' })).toBe('ok');
    expect(due(leader, 0)).toEqual(['/b']);
    leader.do(create('/b/y'));
    expect(leader.do({ kind: 'deleteContainer', path: '/b' })).toBe('NotEmpty');
  });

  it('that was never used goes after some time, if that is wanted', () => {
    const leader = new Leader();
    leader.nowMs = 1000;
    leader.do(create('/c', 'container'));
    const settings = { ...DEFAULT_SERVICE, maxNeverUsedIntervalMs: 500 };
    expect(due(leader, 1500, settings)).toEqual([]);
    expect(due(leader, 1501, settings)).toEqual(['/c']);
    expect(due(leader, 1501)).toEqual([]);
  });
});

describe('a TTL znode', () => {
  it('goes when it is childless and unchanged for too long', () => {
    const leader = new Leader(TTL_ON);
    leader.nowMs = 1000;
    leader.do(create('/t', 'ttl', { ttlMs: 500 }));
    expect(due(leader, 1500)).toEqual([]);
    expect(due(leader, 1501)).toEqual(['/t']);
    leader.nowMs = 1400;
    leader.do(setData('/t', 'x'));
    expect(due(leader, 1900)).toEqual([]);
    // A child keeps it, but does not renew it.
    leader.do(create('/t/x'));
    expect(due(leader, 9999)).toEqual([]);
    leader.nowMs = 9000;
    leader.do(remove('/t/x'));
    expect(due(leader, 9000)).toEqual(['/t']);
    expect(leader.do({ kind: 'deleteContainer', path: '/t' })).toBe('ok');
    expect(due(leader, 9000)).toEqual([]);
  });
});
