// A session's password follows from its id alone, so that every server can check it and none needs
// to remember it; it keeps mistakes out, not people. The generator is that of java.util.Random,
// seeded with the id and a constant. MODEL: the id is ours, a number below 2^53.
// [ZK-Java ZooKeeperServer.generatePasswd]
import type { SessionId } from '../ids.js';

const SUPER_SECRET = 0xb3415c00n;
const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;
const WORDS = 4;

/** What a server answers to a session that it refuses. */
export const NO_PASSWORD = '00'.repeat(16);

function littleEndian(word: bigint): string {
  let text = '';
  for (let shift = 0n; shift < 32n; shift += 8n) {
    text += ((word >> shift) & 0xffn).toString(16).padStart(2, '0');
  }
  return text;
}

/** Of any 64-bit id, as 32 hex digits. */
export function passwordOfId(id: bigint): string {
  let seed = (id ^ SUPER_SECRET ^ MULTIPLIER) & MASK;
  let text = '';
  for (let word = 0; word < WORDS; word++) {
    seed = (seed * MULTIPLIER + 0xbn) & MASK;
    text += littleEndian((seed >> 16n) & 0xffffffffn);
  }
  return text;
}

export function passwordOf(session: SessionId): string {
  return passwordOfId(BigInt(session));
}
