// The world's way to its trace. It counts the points of an event at which somebody outside may
// interfere: whenever a record is written, because a listener may act on it, and whenever a
// client's operation is settled. So an interference can be replayed at exactly the point where it
// happened.
import type { Note } from '../../protocol/note.js';
import type { Entry } from '../trace/fold.js';
import type { ActorId } from '../trace/record.js';
import type { Recorder } from '../trace/recorder.js';
import type { Timeline } from './timeline.js';

export class Journal {
  readonly recorder: Recorder;
  readonly #timeline: Timeline;
  /** Which point of the event this is, from 1. */
  point = 1;
  /** Called at each point when a recording is replayed. */
  onPoint: (() => void) | undefined;

  constructor(recorder: Recorder, timeline: Timeline) {
    this.recorder = recorder;
    this.#timeline = timeline;
  }

  /** Returns the record's index. */
  event(actor: number, cause: number, entry: Entry): number {
    this.point += 1;
    const index = this.recorder.event(this.#timeline.nowUs, actor as ActorId, cause, entry);
    if (this.onPoint !== undefined) this.onPoint();
    return index;
  }

  /** What the reducer told about the event that is being handled. */
  note(actor: number, note: Note): void {
    const { nowUs, cause } = this.#timeline;
    this.point += 1;
    this.recorder.note(nowUs, actor as ActorId, cause, note);
    if (this.onPoint !== undefined) this.onPoint();
  }
}
