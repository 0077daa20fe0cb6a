// One record of a trace: an event that the world carried out, or a note that a reducer emitted
// while handling one. The same wide shape for all of them (see protocol/note.ts for the notes' slots), so
// that memory is columns of numbers, the hash is a fold, and a checker sees one hidden class.
// `cause` is the index of the record that made this one happen: for a note, the event being handled;
// for an event, the event whose effect scheduled it. So happens-before is there for the asking.
import type { Brand } from '../../base/brand.js';
import type { Detail } from '../../protocol/note.js';
import { NOTE_KINDS } from '../../protocol/note.js';

/** Who acts: 0 the world, 1 to 127 servers by their id, 128 and up clients (128 + index). */
export type ActorId = Brand<number, 'ActorId'>;
export const WORLD = 0 as ActorId;
export const FIRST_CLIENT = 128;

/**
 * | kind       | emitted when                          | peer   | zxid | epoch | value | digest | text |
 * | start      | first record                          |        |      |       |       |        | seed |
 * | boot       | a process starts and reads its disk   |        | last in log | currentEpoch | lineage of log | acceptedEpoch | |
 * | crash      | a process ends                        |        | last that survives in the log | currentEpoch on disk | lineage of it | acceptedEpoch on disk | 'process', 'power', 'wipe' or 'exit' |
 * | received   | a message is handled                  | sender | its zxid |   | conn  |        | message kind |
 * | dialed     | a dial succeeded                      | callee |      |       | conn  |        | purpose |
 * | dialFailed | a dial failed                         | callee |      |       |       |        | 'purpose/why' |
 * | accepted   | a connection came in                  | dialler|      |       | conn  |        | purpose |
 * | closed     | a connection ended                    | other  |      |       | conn  |        | 'eof' or 'reset' |
 * | timer      | a timer or stage fires                |        |      |       | key   |        | timer |
 * | disk       | a disk request completes              |        |      |       |       |        | event kind |
 * | invoke     | the workload starts an operation      |        |      |       |       |        | operation kind; detail = operation |
 * | lost       | a message was dropped                 | target | zxid |       | conn  |        | message kind |
 * | fault      | a fault begins                        | target or 0 |  |      | fault index |  | kind and parameters |
 * | healed     | a fault ends                          | target or 0 |  |      | fault index |  | kind |
 * | effect     | a fault took effect (first of its kind on a target) | | | | fault index | | what it did |
 * | quiet      | all faults are healed: the liveness suffix begins | |  |      |       |        | |
 * | end        | last record                           |        |      |       |       |        | |
 */
export const WORLD_KINDS = [
  'start', 'boot', 'crash', 'received', 'dialed', 'dialFailed', 'accepted', 'closed', 'timer',
  'disk', 'invoke', 'lost', 'fault', 'healed', 'effect', 'quiet', 'end',
] as const; // prettier-ignore

export const RECORD_KINDS = [...WORLD_KINDS, ...NOTE_KINDS] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

export interface TraceRecord {
  readonly index: number;
  /** Virtual time, integer microseconds. */
  readonly atUs: number;
  readonly actor: ActorId;
  /** Index of the causing record; -1 for none. */
  readonly cause: number;
  readonly kind: RecordKind;
  readonly peer: number;
  readonly zxid: number;
  readonly epoch: number;
  readonly value: number;
  readonly digest: number;
  readonly text: string;
  readonly detail: Detail | undefined;
}
