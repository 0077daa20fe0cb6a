// Jepsen and Knossos histories in EDN: maps of :process, :type, :f and :value, one after the
// other or in one vector or list. Porcupine's key-value logs are of the same make, with a :key.
import { valueKey } from '../history.js';
import type { Json } from '../history.js';
import { EdnReader } from './edn.js';
import type { EdnForm } from './edn.js';
import type { ClientEvent } from './pair-events.js';
import { isEventType, pairEvents } from './pair-events.js';
import type { Fields, RawHistory } from './raw.js';
import { isFields, MalformedHistory, quote } from './raw.js';

export function parseJepsenEdn(text: string): RawHistory {
  const reader = new EdnReader(text);
  const events: ClientEvent[] = [];
  const wrapped = reader.enter();
  for (;;) {
    if (wrapped && reader.leave()) break;
    const form = reader.next();
    if (form === undefined) {
      if (!wrapped) break;
      throw new MalformedHistory(lastLine(text), 'the end', 'the ] that closes the history');
    }
    const event = eventOf(form);
    if (event !== undefined) events.push(event);
  }
  const rest = wrapped ? reader.next() : undefined;
  if (rest !== undefined) {
    throw new MalformedHistory(rest.line, quote(valueKey(rest.value)), 'nothing after the history');
  }
  return pairEvents(events, { refusedCas: false });
}

function lastLine(text: string): number {
  return text.trimEnd().split('\n').length;
}

function eventOf({ value, line }: EdnForm): ClientEvent | undefined {
  if (!isFields(value)) {
    throw new MalformedHistory(
      line,
      quote(valueKey(value)),
      'a map of :process, :type, :f, :value',
    );
  }
  return eventOfFields(value, line);
}

/** The same for an event in JSON; undefined for what no client did. */
export function eventOfFields(fields: Fields, line: number): ClientEvent | undefined {
  const type = name(fields['type'], 'type', line);
  if (!isEventType(type)) {
    throw new MalformedHistory(line, `:type ${quote(type)}`, 'invoke, ok, fail or info');
  }
  const process = fields['process'];
  if (process === undefined) {
    throw new MalformedHistory(line, 'an event without :process', 'the process that it is of');
  }
  if (typeof process !== 'number') return undefined;
  const f = name(fields['f'], 'f', line);
  return { line, process, type, f, key: fields['key'], value: fields['value'], fields };
}

function name(value: Json | undefined, field: string, line: number): string {
  if (typeof value !== 'string') {
    const found = value === undefined ? 'nothing' : quote(valueKey(value));
    throw new MalformedHistory(line, `${found} for :${field}`, 'a keyword');
  }
  return value.startsWith(':') ? value.slice(1) : value;
}
