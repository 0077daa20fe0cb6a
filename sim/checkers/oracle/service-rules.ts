// What the contract makes of one write in a given state: the transaction that it must become, or
// the error. Where the model does not know enough (who the client is, paths that are left to the
// parser, quotas) it claims nothing. [ZK-Java PrepRequestProcessor.pRequest2Txn]
import { unreachable } from '../../../base/assert.js';
import type { Acl } from '../../../protocol/acl.js';
import type { ErrorCode } from '../../../protocol/error-code.js';
import type { CreateOperation, MultiPart, WriteOperation } from '../../../protocol/operation.js';
import { isCreate } from '../../../protocol/operation.js';
import type { ServiceSettings } from '../../../protocol/service-settings.js';
import type { Life, TxnOp, TxnPart, WriteTxn } from '../../../protocol/txn.js';
import type { ZnodeState } from './znode-state.js';
import { believedAcl } from './znode-state.js';

/** Where a decision is taken. */
export interface Scene {
  readonly service: ServiceSettings;
  readonly session: number;
  readonly sessionOpen: boolean;
  /** Somewhere there is a quota that is enforced. */
  readonly limited: boolean;
  /** What the leader had applied when it decided; -1 for unknown. */
  readonly appliedZxid: number;
  now(path: string): ZnodeState;
}

type Verdict = WriteTxn | ErrorCode | 'unclaimed';

const ANY_VERSION = -1;

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** Of printable letters; what else may stand in a path is left to the parser. */
export function isPlain(path: string): boolean {
  const isLetters = /^(\/[!-.0-~]+)+$/.test(path);
  return isLetters && !/\/\.\.?(\/|$)/.test(path) && !path.startsWith('/zookeeper');
}

/** Everybody may do everything. */
export function isOpen(acl: Acl | null): boolean {
  const [entry] = acl ?? [];
  if (entry === undefined || acl?.length !== 1) return false;
  return entry.perms === 31 && entry.scheme === 'world' && entry.id === 'anyone';
}

/** May everybody do everything, as far as the leader knows? */
function isFree(state: ZnodeState, { appliedZxid }: Scene): boolean {
  return (appliedZxid >= 0 || state.guard.open) && isOpen(believedAcl(state, appliedZxid));
}

interface Wish {
  readonly life: Life;
  readonly sequential: boolean;
}

/** What opcode and flags ask for where they fit each other. */
function wishOf(op: CreateOperation, scene: Scene): Wish | undefined {
  const { kind, flags, ttlMs } = op;
  if (kind === 'createContainer') {
    return flags === 4 ? { life: { kind: 'container' }, sequential: false } : undefined;
  }
  if (kind === 'createTTL') {
    const fits = scene.service.extendedTypesEnabled && ttlMs > 0 && ttlMs < 2 ** 40;
    const isTtl = fits && (flags === 5 || flags === 6);
    return isTtl ? { life: { kind: 'ttl', ttlMs }, sequential: flags === 6 } : undefined;
  }
  if (![0, 1, 2, 3].includes(flags)) return undefined;
  const owner = scene.session as Extract<Life, { kind: 'ephemeral' }>['owner'];
  const life: Life = flags % 2 === 1 ? { kind: 'ephemeral', owner } : { kind: 'persistent' };
  return { life, sequential: flags >= 2 };
}

/** A create that the model says nothing about may spoil all of the multi that it is in. */
export function isRegular(op: MultiPart, scene: Scene): boolean {
  return !isCreate(op) || wishOf(op, scene) !== undefined;
}

function nameOfNext(path: string, creates: number): string {
  return `${path}${String(creates).padStart(10, '0')}`;
}

function create(scene: Scene, op: CreateOperation): Verdict {
  const wish = wishOf(op, scene);
  const parent = scene.now(parentOf(op.path));
  const { creates } = parent.family;
  const path = wish?.sequential === true ? nameOfNext(op.path, creates) : op.path;
  if (wish === undefined || !isPlain(path) || !isOpen(op.acl)) return 'unclaimed';
  if (!scene.sessionOpen) return 'SessionExpired';
  if (!parent.exists) return 'NoNode';
  if (!isFree(parent, scene)) return 'unclaimed';
  if (scene.now(path).exists) return 'NodeExists';
  if (parent.birth.owner !== 0) return 'NoChildrenForEphemerals';
  if (scene.limited) return 'unclaimed';
  const { data, acl } = op;
  const parentCversion = (creates + 1) | 0;
  const withStat = op.kind !== 'create';
  return { kind: 'create', path, data, acl: acl ?? [], life: wish.life, parentCversion, withStat };
}

/** How many children the leader counted. */
function childrenCounted({ family, lag }: ZnodeState, { appliedZxid }: Scene): number | undefined {
  if (lag.surplus === 0) return family.children;
  if (appliedZxid < 0) return undefined;
  return family.children + (lag.zxid > appliedZxid ? lag.surplus : 0);
}

function mismatches(expected: number, version: number): boolean {
  return expected !== ANY_VERSION && expected !== version;
}

function remove(scene: Scene, path: string, version: number, ofReaper: boolean): Verdict {
  const found = scene.now(path);
  if (!ofReaper && !isFree(scene.now(parentOf(path)), scene)) return 'unclaimed';
  if (!found.exists) return 'NoNode';
  if (mismatches(version, found.content.version)) return 'BadVersion';
  const children = childrenCounted(found, scene);
  if (children === undefined) return 'unclaimed';
  if (children > 0) return 'NotEmpty';
  if (ofReaper && found.birth.owner !== 0) return 'BadVersion';
  return { kind: 'delete', path };
}

type OnZnode = Exclude<
  WriteOperation,
  CreateOperation | { kind: 'multi' | 'reconfig' | 'malformedWrite' }
>;

function onZnode(scene: Scene, op: OnZnode): Verdict {
  const { path } = op;
  if (!isPlain(path)) return 'unclaimed';
  if (op.kind === 'deleteContainer') return remove(scene, path, ANY_VERSION, true);
  if (!scene.sessionOpen) return 'SessionExpired';
  if (op.kind === 'delete') return remove(scene, path, op.version, false);
  const found = scene.now(path);
  if (op.kind === 'setACL' && !isOpen(op.acl)) return 'unclaimed';
  if (!found.exists) return 'NoNode';
  if (!isFree(found, scene)) return 'unclaimed';
  const { version } = op.kind === 'setACL' ? { version: found.guard.aversion } : found.content;
  if (op.kind === 'setData' && scene.limited) return 'unclaimed';
  if (mismatches(op.version, version)) return 'BadVersion';
  const next = (version + 1) | 0;
  if (op.kind === 'setACL') return { kind: 'setACL', path, acl: op.acl ?? [], version: next };
  if (op.kind === 'check') return { kind: 'check', path, version: next };
  return { kind: 'setData', path, data: op.data, version: next };
}

/** What becomes of one write; a multi is made of several. */
export function decisionOf(
  scene: Scene,
  op: Exclude<WriteOperation, { kind: 'multi' }> | MultiPart,
): Verdict {
  switch (op.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return create(scene, op);
    case 'reconfig':
      return 'ReconfigDisabled';
    case 'malformedWrite':
      return 'MarshallingError';
    case 'delete':
    case 'deleteContainer':
    case 'setData':
    case 'setACL':
    case 'check':
      return onZnode(scene, op);
    default:
      return unreachable(op);
  }
}

function isSameLife(a: Life, b: Life): boolean {
  if (a.kind === 'ephemeral') return b.kind === 'ephemeral' && a.owner === b.owner;
  if (a.kind === 'ttl') return b.kind === 'ttl' && a.ttlMs === b.ttlMs;
  return a.kind === b.kind;
}

/** Is `got` what was to be done? */
export function isDeed(deed: WriteTxn, got: TxnOp | TxnPart): boolean {
  if (deed.kind === 'create') {
    const same = got.kind === 'create' && got.path === deed.path && got.data === deed.data;
    return same && got.parentCversion === deed.parentCversion && isSameLife(got.life, deed.life);
  }
  if (deed.kind !== got.kind || deed.path !== got.path) return false;
  if (deed.kind === 'delete' || got.kind === 'delete') return true;
  if (deed.kind === 'setData' && got.kind === 'setData' && deed.data !== got.data) return false;
  return deed.version === got.version;
}
