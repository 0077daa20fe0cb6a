// Operations and transactions in words.
import { describe, expect, it } from 'vitest';
import type { Detail } from '../../protocol/note.js';
import { createOperation } from '../../protocol/operation.js';
import { operationWords } from '../../reports/operation-words.js';
import { create, sessionOf, txn } from '../sim/trace-story.js';

const REMOVE: Detail = { kind: 'delete', path: '/b', version: 2 };

describe('words', () => {
  it.each([
    ['create /a', createOperation('/a', 'x')],
    ['create /n- (ephemeral sequential)', createOperation('/n-', '', 'ephemeralSequential')],
    ['create /a (flags 9)', { ...createOperation('/a', ''), flags: 9 }],
    ['delete /b v2', REMOVE],
    ['getData /a and watch', { kind: 'getData', path: '/a', watch: true }],
    [
      'multi of create /a, delete /b v2',
      { kind: 'multi', parts: [createOperation('/a', ''), REMOVE] },
    ],
    ['multi of nothing', { kind: 'multi', parts: [] }],
    ['create /e (ephemeral)', txn(1, 1, create('/e', '', sessionOf(1)))],
    ['create /p', txn(1, 1, create('/p'))],
    ['failed write (NoNode)', txn(1, 1, { kind: 'error', code: 'NoNode' })],
    [
      'multi (NoNode)',
      txn(1, 1, { kind: 'multi', parts: [{ kind: 'undone' }, { kind: 'error', code: 'NoNode' }] }),
    ],
    ['open a session', txn(1, 1, { kind: 'createSession', timeoutMs: 9 })],
  ] as readonly (readonly [string, Detail])[])('%s', (words, detail) => {
    expect(operationWords(detail)).toBe(words);
  });
});
