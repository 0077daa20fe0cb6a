// A client may live below a path that it never names: the library puts it before every path that
// goes out and takes it off every path that comes back. Servers know nothing of it, and nobody
// creates it. [ZK-Java ZooKeeper.prependChroot, ZooKeeper.delete, ClientCnxn.stripChroot]
import type { MultiPart, MultiReadPart, Operation } from '../operation.js';
import type { Result } from '../result.js';
import { ROOT } from '../tree/path.js';

/** The path as servers know it. */
export function rootedPath(chroot: string, path: string): string {
  if (chroot === '') return path;
  return path === ROOT ? chroot : chroot + path;
}

/** The path as the program knows it. What is not below the chroot is passed on as it is. */
export function strippedPath(chroot: string, path: string): string {
  if (path === chroot) return ROOT;
  return path.startsWith(`${chroot}/`) ? path.slice(chroot.length) : path;
}

type Pathed = Extract<Operation, { readonly path: string }> | MultiPart | MultiReadPart;

function rootedOne<T extends Pathed>(chroot: string, op: T): T {
  // So that nobody deletes the root of the client's world by mistake: the server refuses that.
  const path = op.kind === 'delete' && op.path === ROOT ? ROOT : rootedPath(chroot, op.path);
  return Object.assign({}, op, { path });
}

/** What is sent for an operation of the program. */
export function rooted(chroot: string, op: Operation): Operation {
  if (chroot === '') return op;
  switch (op.kind) {
    case 'multi':
      return { kind: 'multi', parts: op.parts.map((part) => rootedOne(chroot, part)) };
    case 'multiRead':
      return { kind: 'multiRead', parts: op.parts.map((part) => rootedOne(chroot, part)) };
    case 'sync':
      return { kind: 'sync', path: op.path === null ? null : rootedPath(chroot, op.path) };
    default:
      return 'path' in op ? rootedOne(chroot, op) : op;
  }
}

/** What the program is told of an answer. The prefix of getEphemerals is not touched either way. */
export function stripped(chroot: string, result: Result): Result {
  if (chroot === '') return result;
  switch (result.kind) {
    case 'created':
      return { kind: 'created', path: strippedPath(chroot, result.path), stat: result.stat };
    case 'synced': {
      const { path } = result;
      return { kind: 'synced', path: path === null ? null : strippedPath(chroot, path) };
    }
    case 'multi':
      return { kind: 'multi', results: result.results.map((part) => stripped(chroot, part)) };
    default:
      return result;
  }
}
