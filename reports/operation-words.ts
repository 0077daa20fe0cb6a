// Operations, transactions and results in a few words. Written by shape (a kind, perhaps a path),
// so that a kind added to the service reads sensibly here from its first day.
import type { Detail } from '../protocol/note.js';

interface Shape {
  readonly kind: string;
  readonly path?: unknown;
  readonly paths?: unknown;
  readonly code?: unknown;
  readonly version?: unknown;
  readonly ephemeral?: unknown;
  readonly ephemeralOwner?: unknown;
}

const VERBS: Partial<Record<string, string>> = {
  createSession: 'open a session',
  closeSession: 'close the session',
  error: 'failed write',
};

function shapeWords(shape: Shape): string {
  const words = [VERBS[shape.kind] ?? shape.kind];
  if (typeof shape.path === 'string') words.push(shape.path);
  if (shape.ephemeral === true || Number(shape.ephemeralOwner ?? 0) > 0) words.push('(ephemeral)');
  if (typeof shape.version === 'number' && shape.version >= 0) words.push(`v${shape.version}`);
  if (typeof shape.code === 'string') words.push(`(${shape.code})`);
  return words.join(' ');
}

/** `setData /a v3` */
export function operationWords(detail: Detail | undefined): string {
  if (detail === undefined) return '';
  return shapeWords('op' in detail ? detail.op : detail);
}
