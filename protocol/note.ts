// What a reducer tells the trace: the facts that checkers judge and timelines show. One wide shape
// for all kinds, so that the trace is columns of numbers and its hash a fold over them; the table below
// says which slots a kind uses. Slots that a kind does not use are 0, '' or undefined.
import type { Operation, Result } from './operation.js';
import type { Txn } from './txn.js';

/**
 * | kind            | emitted when                                   | peer     | zxid     | epoch     | value             | digest   | text |
 * | vote            | a LOOKING server adopts a proposal             | leader   | vote's   | peerEpoch | round             |          | |
 * | elected         | an election is decided                         | leader   | vote's   | peerEpoch | round             |          | 'looking' or 'settled' (which quorum) |
 * | role            | role or phase changes                          | leader   |          | if known  |                   |          | 'role/phase' |
 * | epochProposed   | a leader has fixed its new epoch               |          |          | new epoch |                   |          | |
 * | epochFile       | an epoch file is durable                       |          |          | its value |                   |          | 'accepted' or 'current' |
 * | promised        | a learner sends ACKEPOCH                       | leader   | last     | new epoch | currentEpoch or -1|          | |
 * | refused         | an offer is turned down                        | other    |          |           |                   |          | why |
 * | established     | a leader has its ACKEPOCH quorum               |          | last     | epoch     | lineage           |          | |
 * | syncChosen      | a leader has planned one learner's sync        | learner  | its last | epoch     | packets queued    |          | 'diff', 'trunc', 'snap' |
 * | syncing         | a learner got DIFF, TRUNC or SNAP              | leader   | packet's | epoch     |                   |          | same |
 * | newLeaderAcked  | a leader has its NEWLEADER quorum              |          | last     | epoch     | lineage           |          | |
 * | activated       | a leader starts to serve                       |          | last     | epoch     | lineage           |          | |
 * | serving         | a learner has handled UPTODATE                 | leader   | applied  | epoch     | lineage of applied|          | |
 * | stepBegun       | a micro-step begins                            |          |          |           | index             |          | 'list/step' |
 * | stepDone        | a micro-step is complete                       |          |          |           | index             |          | 'list/step' |
 * | appended        | a transaction is in the log's buffer           |          | txn      |           | lineage           | txn      | |
 * | flushed         | the log is durable up to here                  |          | last     |           | lineage           |          | |
 * | truncated       | the log was cut                                |          | new end  |           | entries removed   | lineage* | 'trunc', 'reset' (SNAP) or 'failed' (a disk error took what was not durable) |
 * | snapshot        | a snapshot file is complete                    |          | label    |           | lineage at label  |          | 'synced' or 'written' |
 * | loaded          | the database was read from disk                |          | last     |           | lineage           |          | 'boot' or 'reload' |
 * | fastForwarded   | memory caught up with the log on leaving       |          | last     |           | lineage           |          | |
 * | installed       | memory replaced by a streamed snapshot         | leader   | label    |           | lineage           |          | |
 * | proposed        | a leader broadcasts a proposal                 |          | txn      | epoch     |                   | txn      | ; detail = txn |
 * | ackSent         | a learner sends ACK                            | leader   | acked    | epoch     |                   |          | |
 * | ackReceived     | a leader counts an ACK (its own too)           | acker    | acked    |           |                   |          | |
 * | committed       | a leader decides a commit                      |          | txn      | epoch     |                   | txn      | |
 * | learned         | COMMIT or INFORM reached a learner             | leader   | txn      |           |                   |          | |
 * | applied         | a transaction changed the tree                 |          | txn      |           | lineage after     | txn      | 'serving', 'syncing' or 'replay' |
 * | left            | a role is given up                             | leader   | applied  |           | lineage           |          | why |
 * | lookingAgain    | leaving is complete, election begins           |          | applied  | current   | lineage of applied| lineage of log* | |
 * | rollover        | the counter is exhausted                       |          |          | epoch     |                   |          | |
 * | sessionOpened   | createSession applied                          |          | txn      |           | session           |          | |
 * | sessionClosed   | closeSession applied                           |          | txn      |           | session           |          | |
 * | sessionExpired  | the leader expires a session                   |          |          |           | session           |          | |
 * | attached        | a client connection got its session            |          | applied  |           | session           | client's lastZxid* | |
 * | replied         | a server answers a client                      |          | header   |           | session           | cxid     | 'ok' or the error |
 * | read            | a server answers a read from its tree          |          | applied  |           | session           | cxid     | path |
 * | invoked         | (client) an operation starts                   |          |          |           | session           | cxid     | ; detail = operation |
 * | completed       | (client) its outcome is known                  |          | header   |           | session           | cxid     | 'ok', 'error', 'unknown'; detail = result |
 * | clientState     | (client) connecting, connected, expired ...    | server   | lastZxid |           | session           |          | state |
 * | ignored         | a late or unexpected message was dropped       | other    |          |           |                   |          | why |
 * | mark            | a rare path was taken                          |          |          |           |                   |          | name |
 * | halted          | the process ends by itself                     |          |          |           | exit code         |          | why |
 * (*) numbers beyond uint32 are allowed in every numeric slot.
 */
export const NOTE_KINDS = [
  'vote', 'elected', 'role', 'epochProposed', 'epochFile', 'promised', 'refused', 'established',
  'syncChosen', 'syncing', 'newLeaderAcked', 'activated', 'serving', 'stepBegun', 'stepDone', 'appended',
  'flushed', 'truncated', 'snapshot', 'loaded', 'fastForwarded', 'installed', 'proposed', 'ackSent',
  'ackReceived', 'committed', 'learned', 'applied', 'left', 'lookingAgain', 'rollover', 'sessionOpened',
  'sessionClosed', 'sessionExpired', 'attached', 'replied', 'read', 'invoked', 'completed', 'clientState',
  'ignored', 'mark', 'halted',
] as const; // prettier-ignore

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
