// What a create asks for: four opcodes and a number of flags that any of them may carry. Alone, the
// opcode decides what is made and the flags only whether its name gets a suffix and whether it
// belongs to the session; in a multi the flags of containers and of TTL znodes decide over the
// opcode. [ZK-Java CreateMode, EphemeralType, PrepRequestProcessor.pRequest2TxnCreate,
// MultiOperationRecord.deserialize]
import type { SessionId } from '../ids.js';
import type { CreateKind, CreateOperation } from '../operation.js';
import type { ErrorCode } from '../error-code.js';
import type { ServiceSettings } from '../service-settings.js';
import type { Life } from '../txn.js';
import { CONTAINER, PERSISTENT } from '../txn.js';

/** What flags ask for. */
export interface Mode {
  readonly ephemeral: boolean;
  readonly sequential: boolean;
  readonly container: boolean;
  readonly ttl: boolean;
}

function mode(...wants: readonly (keyof Mode)[]): Mode {
  return {
    ephemeral: wants.includes('ephemeral'),
    sequential: wants.includes('sequential'),
    container: wants.includes('container'),
    ttl: wants.includes('ttl'),
  };
}

/** By flags. */
const MODES: readonly Mode[] = [
  mode(),
  mode('ephemeral'),
  mode('sequential'),
  mode('ephemeral', 'sequential'),
  mode('container'),
  mode('ttl'),
  mode('ttl', 'sequential'),
];

export function modeOf(flags: number): Mode | undefined {
  return MODES[flags];
}

const TTL_MAX_MS = 2 ** 40 - 1;

function isTtl(ttlMs: number): boolean {
  return Number.isInteger(ttlMs) && ttlMs > 0 && ttlMs <= TTL_MAX_MS;
}

/** What is wrong with flags and time to live: looked at before the session is. */
export function refusalOfMode(
  op: CreateOperation,
  settings: ServiceSettings,
): ErrorCode | undefined {
  const asked = modeOf(op.flags);
  if (asked === undefined) return 'BadArguments';
  if (asked.ttl && !settings.extendedTypesEnabled) return 'Unimplemented';
  // DIVERGES: of createTTL without a flag for it and with -1, upstream makes a transaction that no
  // server survives (docs/divergence.md).
  const hasTtl = op.kind === 'createTTL';
  if (asked.ttl !== hasTtl || (hasTtl && !isTtl(op.ttlMs))) return 'BadArguments';
  return undefined;
}

/** What lives as the opcode says. */
export function lifeOf({ kind, ttlMs }: CreateOperation, asked: Mode, session: SessionId): Life {
  if (kind === 'createContainer') return CONTAINER;
  if (kind === 'createTTL') return { kind: 'ttl', ttlMs };
  return asked.ephemeral ? { kind: 'ephemeral', owner: session } : PERSISTENT;
}

/** The name that a sequential create gets: ten columns, the sign of a wrapped counter included. */
export function suffixed(path: string, counter: number): string {
  const digits = counter < 0 ? 9 : 10;
  return `${path}${counter < 0 ? '-' : ''}${String(Math.abs(counter)).padStart(digits, '0')}`;
}

function kindInMulti(op: CreateOperation, settings: ServiceSettings): CreateKind | undefined {
  const asked = modeOf(op.flags);
  const isOld = settings.compatibility === '3.8.0';
  if (op.kind === 'createTTL') {
    if (asked?.ttl === true) return 'createTTL';
  } else if (asked === undefined ? !isOld : asked.ttl) {
    return undefined;
  }
  if (asked?.container === true) return 'createContainer';
  return isOld || op.kind === 'createTTL' ? 'create' : op.kind;
}

/** A create as a part of a multi; undefined: all of the multi is malformed for it. */
export function createInMulti(
  op: CreateOperation,
  settings: ServiceSettings,
): CreateOperation | undefined {
  const kind = kindInMulti(op, settings);
  if (kind === undefined || kind === op.kind) return kind === undefined ? undefined : op;
  const { path, data, acl, flags } = op;
  return { kind, path, data, acl, flags, ttlMs: -1 };
}
