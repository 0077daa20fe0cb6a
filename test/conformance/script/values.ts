// What the values of a script are in bytes.
import type { ScriptAcl, ScriptText } from './script.js';
import { surrogateBytes } from '../wire/jute.js';
import { PERMISSIONS } from '../wire/opcodes.js';

function isSurrogate(char: string): boolean {
  return /^[\ud800-\udfff]$/u.test(char);
}

/** UTF-8, but a surrogate without its partner goes as three bytes of its own. */
function utf8(text: string): Buffer {
  if (!/[\ud800-\udfff]/u.test(text)) return Buffer.from(text, 'utf8');
  const parts = Array.from(text, (char) => {
    return isSurrogate(char) ? surrogateBytes(char.charCodeAt(0)) : Buffer.from(char, 'utf8');
  });
  return Buffer.concat(parts);
}

export function textBytes(value: ScriptText): Buffer | null {
  if (value === null) return null;
  if (typeof value === 'string') return utf8(value);
  if ('hex' in value) return Buffer.from(value.hex, 'hex');
  return utf8(value.repeat.repeat(value.n));
}

export interface WireAclEntry {
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

const SHORT_ACLS = {
  open: ['rwcda:world:anyone'],
  read: ['r:world:anyone'],
  creator: ['rwcda:auth:'],
} as const;

function permsOf(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  const bits = new Map<string, number>(PERMISSIONS);
  return Array.from(text).reduce((sum, letter) => sum + (bits.get(letter) ?? 0), 0);
}

export function aclEntries(acl: ScriptAcl): readonly WireAclEntry[] | null {
  if (acl === null) return null;
  const entries = typeof acl === 'string' ? SHORT_ACLS[acl] : acl;
  return entries.map((entry) => {
    const [perms = '', scheme = '', ...id] = entry.split(':');
    return { perms: permsOf(perms), scheme, id: id.join(':') };
  });
}

/** `rwcda`, or the number where no bit is known. */
export function permsText(perms: number): string {
  const letters = PERMISSIONS.filter(([, bit]) => (perms & bit) !== 0).map(([letter]) => letter);
  return letters.length === 0 ? String(perms) : letters.join('');
}
