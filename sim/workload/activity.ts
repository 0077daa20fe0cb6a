// What the clients of a run are busy with: operations drawn for them, or programs of their own.
// The run starts it by letting it listen, and at the end of the faults waits until it is done.
import type { ActorId, TraceRecord } from '../trace/record.js';

export interface Activity {
  /** Reads `clientState`, `completed` and `recipe` records. */
  onRecord(record: TraceRecord): void;
  /** A task of the agenda is due. */
  invoke(index: number): void;
  /** The world knows the outcome of an operation. */
  settled(client: ActorId): void;
  /** All faults are healed. */
  finish(): void;
  /** Is nothing under way and nothing to come? */
  readonly isDone: boolean;
}
