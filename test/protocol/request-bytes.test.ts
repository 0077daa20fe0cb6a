// The size of requests on the wire, counted by hand from the encoding: four bytes for a length, one
// for a boolean, eight for the header.

import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../protocol/acl.js';
import type { Operation } from '../../protocol/operation.js';
import { requestBytes } from '../../protocol/request-bytes.js';
import { create, multi, remove } from './tree-leader.js';

/** perms, `world`, `anyone`, and the length of the list. */
const OPEN_BYTES = 4 + 4 + (4 + 5) + (4 + 6);
const CREATE_A = 6 + 4 + OPEN_BYTES + 4;

describe('a request', () => {
  it.each([
    [create('/a'), 8 + CREATE_A],
    [create('/a', 'persistent', { data: 'xyz' }), 8 + CREATE_A + 3],
    [create('/a', 'persistent', { data: null }), 8 + CREATE_A],
    [create('/a', 'persistent', { acl: null }), 8 + CREATE_A - OPEN_BYTES + 4],
    [create('/a', 'ttl', { ttlMs: 5 }), 8 + CREATE_A + 8],
    [remove('/a'), 8 + 6 + 4],
    [{ kind: 'setACL', path: '/a', acl: OPEN_ACL, version: 1 }, 8 + 6 + OPEN_BYTES + 4],
    [{ kind: 'getData', path: '/a', watch: true }, 8 + 6 + 1],
    [{ kind: 'getData', path: '/\u00e4\u20ac', watch: true }, 8 + 4 + 1 + 2 + 3 + 1],
    [{ kind: 'sync', path: null }, 8 + 4],
    [multi(), 8 + 9],
    [multi(create('/a'), remove('/b')), 8 + 9 + CREATE_A + 9 + 10 + 9],
    [
      {
        ...{ kind: 'setWatches2', relativeZxid: 0, data: ['/a'], exist: [], child: ['/b'] },
        ...{ persistent: [], recursive: ['/c'] },
      },
      8 + 8 + (4 + 6) + 4 + (4 + 6) + 4 + (4 + 6),
    ],
    [{ kind: 'addAuth', scheme: 'digest', auth: 'u:p' }, 8 + 4 + (4 + 6) + (4 + 3)],
    [{ kind: 'whoAmI' }, 8],
  ])('%o: %d', (op, bytes) => {
    expect(requestBytes(op as Operation)).toBe(bytes);
  });

  it('of the largest size that a server reads leaves so much for data', () => {
    const room = 0xfffff - requestBytes(create('/a'));
    const data = 'x'.repeat(room);
    expect(requestBytes(create('/a', 'persistent', { data }))).toBe(1048575);
  });
});
