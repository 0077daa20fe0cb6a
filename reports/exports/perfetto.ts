// Chrome's trace event format, which Perfetto and chrome://tracing open: a process for each server
// and client, its role as long slices, everything that happened as short ones, messages as flows
// from the step that sent them to the step that got them. Times are microseconds of virtual time.
// [TraceEventFormat]
import { WORLD } from '../../sim/trace/record.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import { actorName } from '../format.js';
import { packetWords } from '../packet-words.js';
import { describe } from '../words.js';
import type { ExportInput } from './export.js';

const ROLE_THREAD = 1;
const EVENT_THREAD = 2;
/** Nothing takes time inside a step; a slice without length would not be seen. */
const STEP_US = 1;

type TraceEvent = Readonly<Record<string, unknown>>;

function* names({ servers, clients }: ExportInput): Generator<TraceEvent> {
  for (const actor of [WORLD, ...servers, ...clients]) {
    const pid = actor;
    yield { ph: 'M', name: 'process_name', pid, args: { name: actorName(actor) } };
    yield { ph: 'M', name: 'process_sort_index', pid, args: { sort_index: actor } };
    const threads = { [ROLE_THREAD]: 'role', [EVENT_THREAD]: 'events' };
    for (const [tid, name] of Object.entries(threads)) {
      yield { ph: 'M', name: 'thread_name', pid, tid: Number(tid), args: { name } };
    }
  }
}

function slice(record: TraceRecord): TraceEvent {
  const { actor, index, kind, atUs } = record;
  const args = { record: index, kind, cause: record.cause };
  const place = { ph: 'X', pid: actor, tid: EVENT_THREAD, ts: atUs, dur: STEP_US };
  return { ...place, name: describe(record), cat: kind, args };
}

/** From the step that sent the message to the one that handles it. */
function flow(record: TraceRecord, sent: TraceRecord): readonly TraceEvent[] {
  const name = packetWords(record.text, record.zxid);
  const common = { name, cat: 'message', id: record.index, tid: EVENT_THREAD };
  return [
    { ...common, ph: 's', pid: sent.actor, ts: sent.atUs },
    { ...common, ph: 'f', bp: 'e', pid: record.actor, ts: record.atUs },
  ];
}

interface Role {
  readonly text: string;
  readonly sinceUs: number;
}

/** Roles as slices: from one `role` to the next, or to the crash. */
class Roles {
  readonly #open = new Map<number, Role>();

  next({ kind, actor, text, atUs }: TraceRecord): readonly TraceEvent[] {
    if (kind !== 'role' && kind !== 'crash') return [];
    const ended = this.#end(actor, atUs);
    if (kind === 'role') this.#open.set(actor, { text, sinceUs: atUs });
    return ended;
  }

  #end(actor: number, atUs: number): readonly TraceEvent[] {
    const role = this.#open.get(actor);
    if (role === undefined) return [];
    this.#open.delete(actor);
    const { text, sinceUs } = role;
    const place = { ph: 'X', pid: actor, tid: ROLE_THREAD, ts: sinceUs, dur: atUs - sinceUs };
    return [{ ...place, name: text, cat: 'role' }];
  }

  finish(atUs: number): readonly TraceEvent[] {
    return [...this.#open.keys()].flatMap((actor) => this.#end(actor, atUs));
  }
}

function* events(input: ExportInput): Generator<TraceEvent> {
  const { records, selected } = input;
  yield* names(input);
  const roles = new Roles();
  let endUs = 0;
  for (const record of records) {
    yield* roles.next(record);
    endUs = record.atUs;
    if (!selected(record)) continue;
    yield slice(record);
    const sent = record.kind === 'received' ? records[record.cause] : undefined;
    if (sent !== undefined && selected(sent)) yield* flow(record, sent);
  }
  yield* roles.finish(endUs);
}

export function* perfetto(input: ExportInput): Generator<string> {
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ title: input.title })},`;
  yield '"traceEvents":[';
  let before: string | undefined;
  for (const event of events(input)) {
    if (before !== undefined) yield `${before},`;
    before = JSON.stringify(event);
  }
  if (before !== undefined) yield before;
  yield ']}';
}
