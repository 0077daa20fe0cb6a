// Something that is going to happen: a message under way, a timer, a disk request, a client's
// action. One shape for all kinds, so that the queue sees one hidden class; `key` and `body` mean
// what the kind says. Never changed once made, so forks of a world share it.
import type { Message } from '../../protocol/message.js';
import type { Operation } from '../../protocol/operation.js';

/**
 * | kind                | key          | body      | to `actor` |
 * | boot                |              |           | the process starts (a client: begins) |
 * | timer               | timer's code |           | a timer or stage |
 * | message, copy       | connection   | message   | arrives; a copy is a duplicate |
 * | syn                 | connection   |           | its kernel is asked for a connection |
 * | dialed, refused     | connection   |           | the kernel's answer reaches the dialler |
 * | dialTimeout         | connection   |           | the dialler stops waiting |
 * | accepted            | connection   |           | the callee sees the connection |
 * | eof, reset          | connection   |           | travels behind what was sent |
 * | broken              | connection   |           | a reset made by a fault, at both ends |
 * | disk                |              |           | a disk request completes |
 * | invoke              |              | operation | (client) the program asks |
 * | disconnect          | server or 0  |           | (client) made to drop its connection |
 * | closeClient         |              |           | (client) the program ends |
 * | finishProgram       |              |           | (client) its program is told to end |
 */
export type PendingKind =
  | 'boot'
  | 'timer'
  | 'message'
  | 'copy'
  | 'syn'
  | 'dialed'
  | 'refused'
  | 'dialTimeout'
  | 'accepted'
  | 'eof'
  | 'reset'
  | 'broken'
  | 'disk'
  | 'invoke'
  | 'disconnect'
  | 'closeClient'
  | 'finishProgram';

export type PendingBody = Message | Operation | undefined;

export interface Pending {
  readonly atUs: number;
  /** Unique in a run, from 1. */
  readonly seq: number;
  readonly kind: PendingKind;
  /** Whom it happens to. */
  readonly actor: number;
  /** Index of the record of the event that led to it. */
  readonly cause: number;
  readonly key: number;
  readonly body: PendingBody;
}
