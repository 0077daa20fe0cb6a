// Writes that touch a znode with an ACL: which right each needs of which list. The list is the one
// that the leader believed in: it may be older than the newest decision, because a change of an ACL
// counts only when it is applied. [ZK-Java PrepRequestProcessor.pRequest2Txn]
import type { Acl } from '../../../protocol/acl.js';
import { ADMIN, CREATE, DELETE, READ, WRITE } from '../../../protocol/acl.js';
import type { TxnOp, WriteTxn } from '../../../protocol/txn.js';
import type { ServiceModel } from './service-model.js';
import { writesOf } from './service-model.js';
import { isOpen, parentOf } from './service-rules.js';
import { believedAcl } from './znode-state.js';

export interface Guarded {
  readonly path: string;
  /** The right that was needed. */
  readonly perms: number;
  readonly acl: Acl;
}

const NONE: readonly Guarded[] = [];

const NEEDS: Readonly<Record<WriteTxn['kind'], number>> = {
  create: CREATE,
  delete: DELETE,
  setData: WRITE,
  setACL: ADMIN,
  check: READ,
};

/** Whose ACL is asked. */
function guardianOf({ kind, path }: WriteTxn): string {
  return kind === 'create' || kind === 'delete' ? parentOf(path) : path;
}

/** What the writes of a transaction needed, just before it; those of open znodes are left out. */
export function guardedBy(model: ServiceModel, op: TxnOp, appliedZxid: number): readonly Guarded[] {
  if (!model.hasLists && op.kind !== 'multi') return NONE;
  const writes = writesOf(op);
  let guarded: Guarded[] | undefined;
  /** Made by an earlier part of the same transaction. */
  let born: Map<string, Acl> | undefined;
  for (const write of writes) {
    const path = guardianOf(write);
    const acl = born?.get(path) ?? aclOf(model, path, appliedZxid);
    if (acl !== undefined && !isOpen(acl)) {
      guarded ??= [];
      guarded.push({ path, perms: NEEDS[write.kind], acl });
    }
    if (write.kind !== 'create' || writes.length === 1) continue;
    born ??= new Map();
    born.set(write.path, write.acl);
  }
  return guarded ?? NONE;
}

function aclOf(model: ServiceModel, path: string, appliedZxid: number): Acl | undefined {
  const { guard, lag, exists } = model.now(path);
  if (!exists || (guard.open && lag.believed === undefined)) return undefined;
  return believedAcl(model.now(path), appliedZxid);
}
