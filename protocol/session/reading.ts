// What a server answers by itself: from its own tree, from what it knows of the connection. A read
// that asks for a watch leaves one with its answer: exists whether or not there is a znode, the
// others only if they succeed. [ZK-Java FinalRequestProcessor.processRequest]
import type { Context } from '../context.js';
import { note } from '../context.js';
import type { ReadOperation, TreeRead } from '../operation.js';
import type { Result } from '../result.js';
import { readTree } from '../tree/tree.js';
import type { Lane } from './front-state.js';
import type { Identities } from './identities.js';
import { usersOf } from './identities.js';
import { answerAboutWatches, watch } from './watches/requests.js';

/** Where the trace says that the server looked. */
function pathOf(op: TreeRead): string {
  if ('path' in op) return op.path;
  return op.kind === 'getEphemerals' ? op.prefix : '';
}

function leaveWatch(ctx: Context, lane: Lane, op: TreeRead, result: Result): void {
  if (!('watch' in op) || !op.watch) return;
  const absent = result.kind === 'error' && result.code === 'NoNode';
  if (result.kind === 'error' && !(absent && op.kind === 'exists')) return;
  const isOfChildren = op.kind === 'getChildren' || op.kind === 'getChildren2';
  watch(ctx, lane, op.path, isOfChildren ? 'child' : 'data');
}

function readFromTree(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: TreeRead,
  identities: Identities,
): Result {
  const { tree, lastProcessed } = ctx.database;
  const { session } = lane;
  note(ctx, 'read', { zxid: lastProcessed, value: session, digest: cxid, text: pathOf(op) });
  const result = readTree(tree, op, { session, identities, settings: ctx.config.service });
  leaveWatch(ctx, lane, op, result);
  return result;
}

export function readFor(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: ReadOperation,
  identities: Identities,
): Result {
  switch (op.kind) {
    case 'whoAmI':
      return { kind: 'identities', identities: usersOf(identities) };
    case 'malformedRead':
      return { kind: 'error', code: 'MarshallingError' };
    case 'addWatch':
    case 'removeWatches':
    case 'checkWatches':
    case 'setWatches':
    case 'setWatches2':
      return answerAboutWatches(ctx, lane, op);
    default:
      return readFromTree(ctx, lane, cxid, op, identities);
  }
}
