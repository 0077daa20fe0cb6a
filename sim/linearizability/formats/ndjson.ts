// One JSON object a line, of three makes, told apart by their fields:
//   our own       {"client","invoked","completed","op":{...},"result":{...},"outcome"} (history.ts)
//   intervals     {"id","process","f","value","call","ret","type","out"}, or for short
//                 {"client","k":"w","v":2,"call":0,"ret":14}
//   events        {"process","type":"invoke","f","value"}, as in Jepsen's EDN
import type { Json, Outcome } from '../history.js';
import { valueKey } from '../history.js';
import { eventOfFields } from './jepsen-edn.js';
import type { ClientEvent } from './pair-events.js';
import { pairEvents } from './pair-events.js';
import type { Fields, RawHistory, RawHistoryOp, RawResult } from './raw.js';
import { clientName, isFields, MalformedHistory, NO_FIELDS, quote } from './raw.js';

interface Line {
  readonly fields: Fields;
  readonly line: number;
}

/** Names that the short form gives to operations. */
const SHORT_NAMES: Readonly<Record<string, string>> = { w: 'write', r: 'read' };
const OPTIONAL_HEADER = 'zabsim';

export interface NdjsonHistory {
  readonly ops: RawHistory;
  readonly own: boolean;
  /** What the first line says the history is of. */
  readonly model: string | undefined;
}

export function parseNdjson(text: string): NdjsonHistory {
  const lines = linesOf(text);
  const header = lines[0]?.fields[OPTIONAL_HEADER] === undefined ? undefined : lines.shift();
  if (header !== undefined) checkHeader(header);
  const model = header?.fields['model'];
  const first = lines[0];
  const own = header !== undefined || first?.fields['op'] !== undefined;
  return {
    ops: own
      ? lines.map(ownOp)
      : first?.fields['call'] === undefined
        ? paired(lines)
        : intervals(lines),
    own,
    model: typeof model === 'string' ? model : undefined,
  };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  text.split('\n').forEach((content, index) => {
    if (content.trim() === '') return;
    lines.push({ fields: parseLine(content, index + 1), line: index + 1 });
  });
  return lines;
}

function parseLine(content: string, line: number): Fields {
  let value: Json;
  try {
    value = JSON.parse(content) as Json;
  } catch {
    throw new MalformedHistory(line, quote(content), 'a JSON object');
  }
  if (!isFields(value)) throw new MalformedHistory(line, quote(content), 'a JSON object');
  return value;
}

function checkHeader({ fields, line }: Line): void {
  const { [OPTIONAL_HEADER]: kind, version } = fields;
  if (kind !== 'history') {
    throw new MalformedHistory(line, quote(valueKey(kind ?? null)), '"zabsim":"history"');
  }
  if (version !== 1) {
    throw new MalformedHistory(line, `version ${valueKey(version ?? null)}`, 'version 1');
  }
}

function paired(lines: readonly Line[]): RawHistory {
  const events: ClientEvent[] = [];
  for (const { fields, line } of lines) {
    if (fields['type'] === undefined || fields['call'] !== undefined) {
      throw new MalformedHistory(
        line,
        quote(JSON.stringify(fields)),
        'an event with "type", an interval with "call", or an operation with "op"',
      );
    }
    const event = eventOfFields(fields, line);
    if (event !== undefined) events.push(event);
  }
  return pairEvents(events, { refusedCas: false });
}

function intervals(lines: readonly Line[]): RawHistory {
  return lines.map(({ fields, line }) => intervalOf(fields, line));
}

/** An operation with its two times; `line` is where it stands. */
export function intervalOf(fields: Fields, line: number): RawHistoryOp {
  const short = fields['f'] === undefined ? fields['k'] : fields['f'];
  if (typeof short !== 'string') {
    throw new MalformedHistory(line, quote(JSON.stringify(fields)), 'the operation as "f"');
  }
  const f = SHORT_NAMES[short] ?? short;
  const value = fields['value'] === undefined ? fields['v'] : fields['value'];
  const type = fields['type'] ?? 'ok';
  if (type !== 'ok' && type !== 'fail' && type !== 'info') {
    throw new MalformedHistory(line, `"type" ${valueKey(type)}`, '"ok", "fail" or "info"');
  }
  const invokedAt = timeOf(fields['call'], '"call"', line);
  const ret = fields['ret'] ?? null;
  const completedAt = ret === null ? undefined : timeOf(ret, '"ret"', line);
  checkOrder(invokedAt, completedAt, line);
  const outcome = type === 'fail' ? 'fail' : type === 'info' || ret === null ? 'unknown' : 'ok';
  // In the short form a read has no result of its own: its value is what it returned.
  const out = fields['out'] === undefined ? value : fields['out'];
  const refused = out === false && f === 'cas';
  const result = { value: out, refused, fields: NO_FIELDS };
  return {
    client: clientName(fields['process'] ?? fields['client'] ?? fields['c'], line),
    invokedAt,
    completedAt,
    op: { f, key: fields['key'], value, fields },
    result: outcome === 'ok' ? result : undefined,
    outcome,
    line,
  };
}

function ownOp({ fields, line }: Line): RawHistoryOp {
  const op = fields['op'];
  if (!isFields(op)) {
    throw new MalformedHistory(line, quote(JSON.stringify(fields)), 'an operation as "op": {…}');
  }
  const f = op['f'];
  if (typeof f !== 'string') {
    throw new MalformedHistory(line, quote(JSON.stringify(op)), 'its name as "f"');
  }
  const invokedAt = timeOf(fields['invoked'], '"invoked"', line);
  const completed = fields['completed'] ?? null;
  const completedAt = completed === null ? undefined : timeOf(completed, '"completed"', line);
  checkOrder(invokedAt, completedAt, line);
  const said = fields['outcome'] ?? (completedAt === undefined ? 'unknown' : 'ok');
  // A refusal is an answer: `error:NONODE` is short for `ok` with that error in the result.
  const error = typeof said === 'string' ? /^error:(\w+)$/.exec(said)?.[1] : undefined;
  const outcome = error === undefined ? said : 'ok';
  if (!isOutcome(outcome)) {
    const expected = '"ok", "fail", "unknown" or "error:CODE"';
    throw new MalformedHistory(line, `"outcome" ${valueKey(outcome)}`, expected);
  }
  if (outcome === 'ok' && completedAt === undefined) {
    throw new MalformedHistory(
      line,
      '"outcome" "ok" and no "completed"',
      'the time it completed at',
    );
  }
  return {
    client: clientName(fields['client'], line),
    invokedAt,
    completedAt,
    op: { f, key: op['key'] ?? op['path'], value: op['value'], fields: op },
    result: outcome === 'ok' ? ownResult(fields['result'], error) : undefined,
    outcome,
    line,
  };
}

/**
 * An object's `value` is the result, beside what else it says; anything else is the value itself.
 */
function ownResult(result: Json | undefined, error: string | undefined): RawResult {
  const refused = error !== undefined;
  const said = error === undefined ? NO_FIELDS : { error };
  if (!isFields(result))
    return { value: result, refused: refused || result === false, fields: said };
  const fields = { ...result, ...said };
  return { value: result['value'], refused: refused || result['refused'] === true, fields };
}

function isOutcome(value: Json): value is Outcome {
  return value === 'ok' || value === 'fail' || value === 'unknown';
}

function timeOf(value: Json | undefined, field: string, line: number): number {
  if (typeof value === 'number') return value;
  const found = value === undefined ? 'nothing' : valueKey(value);
  throw new MalformedHistory(line, `${found} for ${field}`, 'a time, as a number');
}

function checkOrder(invokedAt: number, completedAt: number | undefined, line: number): void {
  if (completedAt === undefined || completedAt >= invokedAt) return;
  throw new MalformedHistory(
    line,
    `an operation that completes at ${completedAt}`,
    `a time from its invocation at ${invokedAt} on`,
  );
}
