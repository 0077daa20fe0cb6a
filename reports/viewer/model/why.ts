// Why did this happen? The chain of causes backwards: from a record to the event it was made in, to
// the event that sent its message or set its timer, and so on. A step is one event; of what was
// noted in it, the record that the chain goes through and what is worth telling. Long runs of
// timers that only wind themselves up again are one step.
import type { TraceView } from './trace-view.js';

export interface Step {
  /** The event: a message handled, a timer, a disk's answer. */
  readonly event: number;
  /** The record that the question was about, or the last one that matters in this event. */
  readonly record: number;
  /** How the step after it came of it. */
  readonly how: 'message' | 'wait' | 'same';
  /** How many steps like it are left out after it. */
  readonly skipped: number;
}

function howOf(trace: TraceView, from: number, to: number): Step['how'] {
  if (trace.columns.actor[from] !== trace.columns.actor[to]) return 'message';
  return trace.columns.atUs[from] === trace.columns.atUs[to] ? 'same' : 'wait';
}

/** The last record of the event, up to `before`, that a story would tell. */
function tellingIn(
  trace: TraceView,
  event: number,
  before: number,
  isTold: (record: number) => boolean,
): number {
  let telling = event;
  for (let at = event + 1; at < trace.length; at++) {
    if (trace.columns.cause[at] === event && trace.eventOf(at) === event) {
      if (isTold(at) && at <= before) telling = at;
    } else if (trace.columns.atUs[at] !== trace.columns.atUs[event]) {
      break;
    }
  }
  return telling;
}

/** From the record itself backwards to where it all began. */
export function whyChain(
  trace: TraceView,
  index: number,
  isTold: (record: number) => boolean,
): Step[] {
  const steps: Step[] = [];
  let record = index;
  let event = trace.eventOf(index);
  for (;;) {
    const why = trace.columns.cause[event] ?? -1;
    const cause = why < 0 ? -1 : trace.eventOf(why);
    const how = why < 0 ? 'same' : howOf(trace, why, event);
    const previous = steps.at(-1);
    const isTimer = trace.kindOf(event) === 'timer' && record === event;
    if (
      previous !== undefined &&
      isTimer &&
      how !== 'message' &&
      trace.kindOf(previous.event) === 'timer' &&
      previous.record === previous.event
    ) {
      steps[steps.length - 1] = { ...previous, skipped: previous.skipped + 1 };
    } else {
      steps.push({ event, record, how, skipped: 0 });
    }
    if (cause < 0) return steps;
    record = why === cause ? tellingIn(trace, cause, trace.length, isTold) : why;
    event = cause;
  }
}
