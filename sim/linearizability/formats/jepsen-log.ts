// The log that Jepsen writes as it runs, one event a line, amid whatever else it logs:
//   INFO  jepsen.util - 4   :invoke :cas [2 4]
// The line ends with process, type, operation and value, in EDN. In these logs (etcd's register
// tests) a failed compare-and-set is an answer of the server: the register held another value.
import { EdnReader } from './edn.js';
import type { ClientEvent } from './pair-events.js';
import { isEventType, pairEvents } from './pair-events.js';
import type { RawHistory } from './raw.js';
import { MalformedHistory, NO_FIELDS, quote } from './raw.js';

/** Process, type, operation, and the rest. */
const EVENT = /(\S+)\s+:(invoke|ok|fail|info)\s+:([\w-]+)(?:\s+(.*))?$/;
/** A line of the kind that an event is, whole or not. */
const LIKE_EVENT = /\s:(invoke|ok|fail|info)\b|jepsen\.util\s+-\s/;

export function looksLikeJepsenLog(text: string): boolean {
  return text.split('\n').some((line) => EVENT.test(line));
}

export function parseJepsenLog(text: string): RawHistory {
  const events: ClientEvent[] = [];
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    const match = EVENT.exec(content.trimEnd());
    if (match === null) {
      if (LIKE_EVENT.test(content)) {
        throw new MalformedHistory(line, quote(content), 'process, :type, :operation and a value');
      }
      return;
    }
    const [, process = '', type = '', f = '', rest = ''] = match;
    if (!/^\d+$/.test(process) || !isEventType(type)) return;
    const value = rest === '' ? null : valueOf(rest, line);
    events.push({
      line,
      process: Number(process),
      type,
      f,
      key: undefined,
      value,
      fields: NO_FIELDS,
    });
  });
  if (events.length === 0) {
    throw new MalformedHistory(
      1,
      'no event of a client in the whole file',
      'lines of a Jepsen log',
    );
  }
  return pairEvents(events, { refusedCas: true });
}

function valueOf(text: string, line: number): ClientEvent['value'] {
  const reader = new EdnReader(text, line);
  const form = reader.next();
  return form === undefined ? null : form.value;
}
