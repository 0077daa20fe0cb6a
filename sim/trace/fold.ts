// The trace hash: a fold of every slot of every record. Two runs are the same run if their
// hashes agree. A record opens with a word that says which slots follow, and slots that are 0 cost
// nothing; so different records never feed the same words.
import { assert } from '../../base/assert.js';
import type { Digest } from '../../base/digest.js';
import { hashString } from '../../base/digest.js';
import type { Note } from '../../protocol/note.js';
import type { RecordKind } from './record.js';
import { RECORD_KINDS } from './record.js';

/**
 * What a record tells besides when, who and why: a note, or an event of the world in the same
 * shape.
 */
export interface Entry extends Omit<Note, 'kind'> {
  readonly kind: RecordKind;
}

/** When, who, why. */
export interface When {
  readonly atUs: number;
  readonly actor: number;
  readonly cause: number;
}

const CODES = new Map<string, number>(RECORD_KINDS.map((kind, code) => [kind, code]));

/** Number of a kind, or -1 for a word that is none. */
export function codeOf(kind: string): number {
  return CODES.get(kind) ?? -1;
}

/**
 * Plain data, field by field in the order of its one construction site. A field that is undefined
 * is as good as absent: that is how JSON writes it.
 */
function addValue(hash: Digest, value: unknown): void {
  if (value === null) {
    hash.addInt(3);
  } else if (typeof value === 'object') {
    // Where one list ends and the next begins.
    if (Array.isArray(value)) hash.addInt(value.length);
    for (const part of Object.values(value)) addValue(hash, part);
  } else if (typeof value === 'number') {
    hash.addNumber(value);
  } else if (typeof value === 'string') {
    hash.addInt(hashString(value));
  } else {
    assert(value === undefined || typeof value === 'boolean', 'a detail is plain data');
    if (value !== undefined) hash.addInt(value ? 1 : 2);
  }
}

/**
 * An integer below 2^53 as one word per lane: its lower half mixed with the upper, differently for
 * each lane, so that two numbers that look alike to one lane differ for the other.
 */
function stepX(lane: number, value: number): number {
  const upper = Math.imul(Math.floor(value * 2 ** -32) | 0, 0x9e3779b1);
  const x = Math.imul(lane ^ value ^ upper, 0xcc9e2d51);
  return (x << 15) | (x >>> 17);
}

function stepY(lane: number, value: number): number {
  const upper = Math.imul(Math.floor(value * 2 ** -32) | 0, 0xc2b2ae35);
  const y = Math.imul(lane ^ ((value | 0) + upper), 0x85ebca6b);
  return (y << 13) | (y >>> 19);
}

/**
 * Absorbs everything about a record except its index, which is how many came before it. The slots
 * of one record first go through two lanes of their own, which stay in registers; each step maps
 * a lane one to one for a given slot, so a difference in one slot is a difference in both at the
 * end.
 */
export function foldRecord(
  hash: Digest,
  when: When,
  code: number,
  textHash: number,
  entry: Entry,
): void {
  const { peer, zxid, epoch, value, digest, detail } = entry;
  const sum = when.atUs + peer + zxid + epoch + value + digest;
  assert(sum - sum === 0, 'slots hold finite numbers');
  const why = Math.imul(when.cause, 0x9e3779b1) ^ textHash;
  // Both are small: they cannot meet in one word.
  const small = Math.imul(epoch, 0x2545f491) ^ peer;
  let x = why ^ (code | (when.actor << 8));
  let y = Math.imul(why ^ when.actor, 0x27d4eb2f) ^ code;
  x = stepX(x ^ small, when.atUs);
  y = stepY(y + small, when.atUs);
  x = stepX(x, zxid);
  y = stepY(y, zxid);
  x = stepX(x, value);
  y = stepY(y, value);
  x = stepX(x, digest);
  y = stepY(y, digest);
  hash.addInt(x);
  hash.addInt(y);
  if (detail === undefined) return;
  // A transaction stands for its digest.
  if ('op' in detail) hash.addInt(detail.digest);
  else addValue(hash, detail);
}
