// What a reducer tells the trace: the facts that checkers judge and timelines show. One wide shape
// for all kinds, so that the trace is columns of numbers and its hash a fold over them; the table
// below says which slots a kind uses. Slots that a kind does not use are 0, '' or undefined.
import type { Operation } from './operation.js';
import type { Result } from './result.js';
import type { Txn } from './txn.js';

/**
 * - vote - a LOOKING server adopts a proposal. peer: leader; zxid: vote's; epoch: peerEpoch;
 *   value: round.
 * - elected - an election is decided. peer: leader; zxid: vote's; epoch: peerEpoch; value: round;
 *   text: 'looking' or 'settled' (which quorum).
 * - role - role or phase changes. peer: leader; epoch: if known; text: 'role/phase'.
 * - epochProposed - a leader has fixed its new epoch. epoch: new epoch.
 * - epochFile - an epoch file is durable. epoch: its value; text: 'accepted' or 'current'.
 * - promised - a learner sends ACKEPOCH. peer: leader; zxid: last; epoch: new epoch; value:
 *   currentEpoch or -1.
 * - refused - an offer is turned down. peer: other; text: why.
 * - established - a leader has its ACKEPOCH quorum. zxid: last; epoch: epoch; value: lineage.
 * - syncChosen - a leader has planned one learner's sync. peer: learner; zxid: its last; epoch:
 *   epoch; value: packets queued; text: 'diff', 'trunc', 'snap'.
 * - syncing - a learner got DIFF, TRUNC or SNAP. peer: leader; zxid: packet's; epoch: epoch;
 *   text: same.
 * - newLeaderAcked - a leader has its NEWLEADER quorum. zxid: last; epoch: epoch; value: lineage.
 * - activated - a leader starts to serve. zxid: last; epoch: epoch; value: lineage.
 * - serving - a learner has handled UPTODATE. peer: leader; zxid: applied; epoch: epoch; value:
 *   lineage of applied.
 * - stepBegun - a micro-step begins. value: index; text: 'list/step'.
 * - stepDone - a micro-step is complete. value: index; text: 'list/step'.
 * - appended - a transaction is in the log's buffer. zxid: txn; value: lineage; digest: txn.
 * - flushed - the log is durable up to here. zxid: last; value: lineage.
 * - truncated - the log was cut. zxid: new end; value: entries removed; digest: lineage*; text:
 *   'trunc', 'reset' (SNAP) or 'failed' (a disk error took what was not durable).
 * - snapshot - a snapshot file is complete. zxid: label; value: lineage at label; text: 'synced'
 *   or 'written'.
 * - loaded - the database was read from disk. zxid: last; value: lineage; text: 'boot' or
 *   'reload'.
 * - fastForwarded - memory caught up with the log on leaving. zxid: last; value: lineage.
 * - installed - memory replaced by a streamed snapshot. peer: leader; zxid: label; value:
 *   lineage.
 * - proposed - a leader broadcasts a proposal. zxid: txn; epoch: epoch; digest: txn; detail: txn.
 * - ackSent - a learner sends ACK. peer: leader; zxid: acked; epoch: epoch.
 * - ackReceived - a leader counts an ACK (its own too). peer: acker; zxid: acked; value:
 *   connection, 0
 *   for its own.
 * - committed - a leader decides a commit. zxid: txn; epoch: epoch; digest: txn.
 * - learned - COMMIT or INFORM reached a learner. peer: leader; zxid: txn.
 * - applied - a transaction changed the tree. zxid: txn; epoch: digest of the tree after, when
 *   serving; value: lineage after; digest: txn; text: 'serving', 'syncing' or 'replay'.
 * - left - a role is given up. peer: leader; zxid: applied; value: lineage; text: why.
 * - lookingAgain - booting or leaving is complete, election begins. zxid: applied; epoch: current;
 *   value:
 *   lineage of applied; digest: lineage of log*.
 * - rollover - the counter is exhausted. epoch: epoch.
 * - sessionOpened - createSession applied. zxid: txn; value: session; digest: session table after.
 * - sessionClosed - closeSession applied. zxid: txn; value: session; digest: session table after.
 * - sessionExpired - the leader expires a session. value: session; text: 'local' if it is one that
 *   only this server knows.
 * - attached - a client connection got its session. zxid: applied; value: session; digest:
 *   client's lastZxid*.
 * - identified - a client has shown who it is. value: session; text: 'scheme id'.
 * - reaping - the leader finds a znode that may go. zxid: applied; value: its wall clock, ms;
 *   text: path.
 * - replied - a server answers a client. zxid: header; value: session; digest: cxid; text: 'ok'
 *   or the error.
 * - read - a server answers a read from its tree. zxid: applied; value: session; digest: cxid;
 *   text: path.
 * - watchSet - a server registers a watch. zxid: applied; value: session; text: path; digest: 1
 *   data, 2 child, 3 persistent, 4 recursive.
 * - watchGone - removeWatches took watches away. value: session; text: path; digest: type.
 * - watchFired - a server tells of a change. zxid: txn, or -1 for what a setWatches finds; value:
 *   session; text: 'event path'; digest: 0 sent, 1 withheld for want of READ.
 * - invoked - (client) an operation starts. value: session; digest: cxid; detail: operation.
 * - completed - (client) its outcome is known. zxid: header; value: session; digest: cxid; text:
 *   'ok', 'error', 'unknown'; detail = result.
 * - clientState - (client) connecting, connected, expired .... peer: server; zxid: lastZxid;
 *   value: session; text: state.
 * - recipe - (client) a program reached a point that matters to its checkers. zxid: fencing token;
 *   value: session; digest: a number of the recipe's own; text: 'recipe/point', or 'recipe/done'.
 * - watched - (client) an event reaches the program. zxid: header; value: session; text: 'event
 *   path'.
 * - ignored - a late or unexpected message was dropped. peer: other; text: why.
 * - mark - a rare path was taken. peer: other, if any; text: its name (marks.ts).
 * - halted - the process ends by itself. value: exit code; text: why.
 * (*) numbers beyond uint32 are allowed in every numeric slot.
 */
export const NOTE_KINDS = [
  'vote',
  'elected',
  'role',
  'epochProposed',
  'epochFile',
  'promised',
  'refused',
  'established',
  'syncChosen',
  'syncing',
  'newLeaderAcked',
  'activated',
  'serving',
  'stepBegun',
  'stepDone',
  'appended',
  'flushed',
  'truncated',
  'snapshot',
  'loaded',
  'fastForwarded',
  'installed',
  'proposed',
  'ackSent',
  'ackReceived',
  'committed',
  'learned',
  'applied',
  'left',
  'lookingAgain',
  'rollover',
  'sessionOpened',
  'sessionClosed',
  'sessionExpired',
  'attached',
  'identified',
  'reaping',
  'replied',
  'read',
  'watchSet',
  'watchGone',
  'watchFired',
  'invoked',
  'completed',
  'clientState',
  'recipe',
  'watched',
  'ignored',
  'mark',
  'halted',
] as const;

export type NoteKind = (typeof NOTE_KINDS)[number];
export type Detail = Txn | Operation | Result;

export interface Note {
  readonly kind: NoteKind;
  readonly peer: number;
  readonly zxid: number;
  readonly epoch: number;
  readonly value: number;
  readonly digest: number;
  readonly text: string;
  readonly detail: Detail | undefined;
}
