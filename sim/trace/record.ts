// One record of a trace: an event that the world carried out, or a note that a reducer emitted
// while handling one. The same wide shape for all of them (see protocol/note.ts for the notes'
// slots), so that memory is columns of numbers, the hash is a fold, and a checker sees one hidden
// class. `cause` is the index of the record that made this one happen: for a note, the event being
// handled; for an event, the event whose effect scheduled it. So happens-before is there for the
// asking.
import type { Brand } from '../../base/brand.js';
import type { Detail } from '../../protocol/note.js';
import { NOTE_KINDS } from '../../protocol/note.js';

/** Who acts: 0 the world, 1 to 127 servers by their id, 128 and up clients (128 + index). */
export type ActorId = Brand<number, 'ActorId'>;
export const WORLD = 0 as ActorId;
export const FIRST_CLIENT = 128;

/**
 * - start - first record. text: seed.
 * - boot - a process starts and reads its disk. zxid: last in log; epoch: currentEpoch; value:
 *   lineage of log; digest: acceptedEpoch.
 * - crash - a process ends. zxid: last that survives in the log; epoch: currentEpoch on disk;
 *   value: lineage of it; digest: acceptedEpoch on disk; text: 'process', 'power', 'wipe' or
 *   'exit'.
 * - received - a message is handled. peer: sender; zxid: its zxid; value: conn; text: message
 *   kind.
 * - dialed - a dial succeeded. peer: callee; value: conn; text: purpose.
 * - dialFailed - a dial failed. peer: callee; text: 'purpose/why'.
 * - accepted - a connection came in. peer: dialler; value: conn; text: purpose.
 * - closed - a connection ended. peer: other; value: conn; text: 'eof' or 'reset'.
 * - timer - a timer or stage fires. value: key; text: timer.
 * - disk - a disk request completes. text: event kind.
 * - invoke - the workload starts an operation. text: operation kind; detail = operation.
 * - lost - a message was dropped. peer: target; zxid: zxid; value: conn; text: message kind.
 * - fault - a fault begins. peer: target or 0; value: fault index; text: kind and parameters.
 * - healed - a fault ends. peer: target or 0; value: fault index; text: kind.
 * - effect - a fault took effect (first of its kind on a target). value: fault index; text: what
 *   it did.
 * - quiet - all faults are healed: the liveness suffix begins.
 * - end - last record.
 */
const WORLD_KINDS = [
  'start',
  'boot',
  'crash',
  'received',
  'dialed',
  'dialFailed',
  'accepted',
  'closed',
  'timer',
  'disk',
  'invoke',
  'lost',
  'fault',
  'healed',
  'effect',
  'quiet',
  'end',
] as const;

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
