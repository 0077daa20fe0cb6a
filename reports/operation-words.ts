// Operations, transactions and results in a few words. Written by shape (a kind, perhaps a path),
// so that a kind added to the service reads sensibly here from its first day.
import type { Detail } from '../protocol/note.js';

interface Shape {
  readonly kind: string;
  readonly path?: unknown;
  readonly code?: unknown;
  readonly version?: unknown;
  /** Of a create as it is asked for. */
  readonly flags?: unknown;
  /** Of a create as it is carried out. */
  readonly life?: { readonly kind: string };
  readonly watch?: unknown;
  readonly parts?: readonly Shape[];
}

const VERBS: Partial<Record<string, string>> = {
  createSession: 'open a session',
  closeSession: 'close the session',
  error: 'failed write',
};

/** By flags of a create. */
const MODES: readonly string[] = [
  ...['', 'ephemeral', 'sequential', 'ephemeral sequential'],
  ...['container', 'TTL', 'sequential TTL'],
];

function modeOf({ flags, life }: Shape): string {
  if (life !== undefined) return life.kind === 'persistent' ? '' : life.kind;
  return typeof flags === 'number' ? (MODES[flags] ?? `flags ${flags}`) : '';
}

/** Of several writes the first failure says most. */
function partsWords(parts: readonly Shape[]): string {
  const failed = parts.find(({ code }) => typeof code === 'string');
  if (failed !== undefined) return `(${String(failed.code)})`;
  return parts.length === 0 ? 'of nothing' : `of ${parts.map(shapeWords).join(', ')}`;
}

function shapeWords(shape: Shape): string {
  const words = [VERBS[shape.kind] ?? shape.kind];
  if (typeof shape.path === 'string') words.push(shape.path);
  const mode = modeOf(shape);
  if (mode !== '') words.push(`(${mode})`);
  if (typeof shape.version === 'number' && shape.version >= 0) words.push(`v${shape.version}`);
  if (shape.watch === true) words.push('and watch');
  if (typeof shape.code === 'string') words.push(`(${shape.code})`);
  if (shape.parts !== undefined) words.push(partsWords(shape.parts));
  return words.join(' ');
}

/** `setData /a v3` */
export function operationWords(detail: Detail | undefined): string {
  if (detail === undefined) return '';
  return shapeWords('op' in detail ? detail.op : detail);
}
