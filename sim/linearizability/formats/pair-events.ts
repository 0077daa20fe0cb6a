// Jepsen records two events for each operation, its invocation and its completion, by the process
// that runs it. Here they become intervals; the position of an event is its time, because the
// order in which events were recorded is what is known best. Processes that are not numbers
// inject faults and are no clients.
import type { HistoryOp, Json } from '../history.js';
import { isList } from '../history.js';
import type { Fields, RawHistory, RawHistoryOp, RawOp, RawResult } from './raw.js';
import { MalformedHistory, NO_FIELDS, quote } from './raw.js';

export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

export interface ClientEvent {
  readonly line: number;
  readonly process: number;
  readonly type: EventType;
  readonly f: string;
  readonly key: Json | undefined;
  readonly value: Json | undefined;
  readonly fields: Fields;
}

/** What a `fail` means in this format. */
export interface FailureRule {
  /** A compare-and-set that failed completed, and saw another value. */
  readonly refusedCas: boolean;
}

interface Open {
  readonly event: ClientEvent;
  readonly at: number;
}

const TIMED_OUT = ':timed-out';

export function isEventType(text: string): text is EventType {
  return text === 'invoke' || text === 'ok' || text === 'fail' || text === 'info';
}

export function pairEvents(events: readonly ClientEvent[], rule: FailureRule): RawHistory {
  const open = new Map<number, Open>();
  const ops: RawHistoryOp[] = [];
  events.forEach((event, at) => {
    const invocation = open.get(event.process);
    if (event.type === 'invoke') {
      if (invocation !== undefined) {
        throw new MalformedHistory(
          event.line,
          `an invocation by process ${event.process}, whose ${describe(invocation)} is still open`,
          'its completion first',
        );
      }
      open.set(event.process, { event, at });
      return;
    }
    if (invocation === undefined) {
      throw new MalformedHistory(
        event.line,
        `${quote(event.type)} by process ${event.process}`,
        'an invocation by that process before it',
      );
    }
    if (invocation.event.f !== event.f) {
      throw new MalformedHistory(
        event.line,
        `the completion of ${quote(event.f)}`,
        `that of the ${describe(invocation)} by process ${event.process}`,
      );
    }
    open.delete(event.process);
    ops.push(complete(invocation, event, at, rule));
  });
  for (const invocation of open.values())
    ops.push(makeOp(invocation, undefined, 'unknown', undefined));
  return splitIndependentKeys(ops.sort((a, b) => a.invokedAt - b.invokedAt));
}

function describe({ event }: Open): string {
  return `${event.f} of line ${event.line}`;
}

function complete(
  invocation: Open,
  event: ClientEvent,
  at: number,
  rule: FailureRule,
): RawHistoryOp {
  const result: RawResult = { value: event.value, refused: false, fields: event.fields };
  switch (event.type) {
    case 'ok':
      return makeOp(invocation, at, 'ok', result);
    case 'fail':
      if (event.value === TIMED_OUT) {
        // A read that timed out told nothing and did nothing; anything else may still happen.
        const harmless = event.f === 'read' || event.f === 'get';
        return makeOp(invocation, undefined, harmless ? 'fail' : 'unknown', undefined);
      }
      if (rule.refusedCas && event.f === 'cas') {
        return makeOp(invocation, at, 'ok', { value: undefined, refused: true, fields: NO_FIELDS });
      }
      return makeOp(invocation, at, 'fail', undefined);
    case 'info':
    case 'invoke':
      return makeOp(invocation, undefined, 'unknown', undefined);
  }
}

function makeOp(
  { event, at }: Open,
  completedAt: number | undefined,
  outcome: HistoryOp<RawOp, RawResult>['outcome'],
  result: RawResult | undefined,
): RawHistoryOp {
  const op = { f: event.f, key: event.key, value: event.value, fields: event.fields };
  const client = String(event.process);
  return { client, invokedAt: at, completedAt, op, result, outcome, line: event.line };
}

/**
 * Jepsen's independent histories carry [key value] in the place of the value. Recognised by
 * reads, whose invocation has no value otherwise: every operation must then carry a pair.
 */
function splitIndependentKeys(ops: RawHistory): RawHistory {
  const keyed =
    ops.some(({ op }) => op.f === 'read') &&
    ops.every(({ op }) => {
      const inner = pairOf(op.value)?.[1];
      return inner !== undefined && (op.f !== 'cas' || pairOf(inner) !== undefined);
    });
  if (!keyed) return ops;
  return ops.map((raw) => {
    const pair = pairOf(raw.op.value);
    const { f, fields } = raw.op;
    const op = { f, key: pair?.[0], value: pair?.[1], fields };
    const { result } = raw;
    if (result === undefined) return { ...raw, op };
    const value = pairOf(result.value)?.[1] ?? result.value;
    return { ...raw, op, result: { value, refused: result.refused, fields: result.fields } };
  });
}

function pairOf(value: Json | undefined): readonly [Json, Json] | undefined {
  if (value === undefined || !isList(value) || value.length !== 2) return undefined;
  return [value[0] ?? null, value[1] ?? null];
}
