// From the text of a file to its histories, in whatever format it is. The format is recognised by
// what the text begins with; saying which one it is only makes the messages better.
import type { Json } from '../history.js';
import { isList, valueKey } from '../history.js';
import { parseJepsenEdn } from './jepsen-edn.js';
import { looksLikeJepsenLog, parseJepsenLog } from './jepsen-log.js';
import { intervalOf, parseNdjson } from './ndjson.js';
import type { RawHistory } from './raw.js';
import { isFields, MalformedHistory, quote } from './raw.js';

export const FORMATS = [
  'auto',
  'ndjson',
  'jepsen-log',
  'jepsen-edn',
  'porcupine-kv',
  'zabsim',
] as const;
export type Format = (typeof FORMATS)[number];
/** What a file turned out to be. */
export type KnownFormat = Exclude<Format, 'auto'> | 'json';

export interface ParsedHistory {
  /** Empty unless the file holds several. */
  readonly name: string;
  readonly format: KnownFormat;
  /** The model that the file itself names. */
  readonly model: string | undefined;
  readonly ops: RawHistory;
}

export type Parsed =
  | { readonly ok: true; readonly histories: readonly ParsedHistory[] }
  | { readonly ok: false; readonly problem: MalformedHistory };

export function parseHistory(text: string, format: Format): Parsed {
  try {
    const content = text.startsWith('\ufeff') ? text.slice(1) : text;
    return {
      ok: true,
      histories: parseAs(content, format === 'auto' ? recognise(content) : format),
    };
  } catch (error) {
    if (error instanceof MalformedHistory) return { ok: false, problem: error };
    throw error;
  }
}

function recognise(text: string): KnownFormat {
  const start = text.replace(/^(\s|;.*)*/, '');
  if (start === '') return 'ndjson';
  if (/^[[(]?\s*(#[\w.-]+\s*)?\{\s*:/.test(start) || /^(\[\s*\]|\()/.test(start)) {
    return /^\{[^}]*:key\s/.test(start) ? 'porcupine-kv' : 'jepsen-edn';
  }
  if (start.startsWith('[')) return 'json';
  if (start.startsWith('{')) return isWhole(start.split('\n', 1)[0] ?? '') ? 'ndjson' : 'json';
  if (looksLikeJepsenLog(text)) return 'jepsen-log';
  const line = text.slice(0, text.length - start.length).split('\n').length;
  throw new MalformedHistory(
    line,
    quote(start),
    'a history: JSON lines, EDN maps, or a Jepsen log (see --format)',
  );
}

/** A first line that is no JSON by itself may begin a document, or be broken: both end there. */
function isWhole(line: string): boolean {
  try {
    const value = JSON.parse(line) as Json;
    return isFields(value) && value['histories'] === undefined;
  } catch {
    return !/[[{,:]\s*$/.test(line);
  }
}

function parseAs(text: string, format: KnownFormat): ParsedHistory[] {
  const only = (ops: RawHistory, model?: string): ParsedHistory[] => [
    { name: '', format, model, ops },
  ];
  switch (format) {
    case 'jepsen-edn':
      return only(parseJepsenEdn(text));
    case 'porcupine-kv':
      return only(parseJepsenEdn(text), 'kv');
    case 'jepsen-log':
      return only(parseJepsenLog(text));
    case 'ndjson':
    case 'zabsim': {
      const { ops, own, model } = parseNdjson(text);
      if (format === 'zabsim' && !own && ops.length > 0) {
        throw new MalformedHistory(ops[0]?.line ?? 1, 'a line without "op"', 'zabsim operations');
      }
      return [{ name: '', format: own ? 'zabsim' : 'ndjson', model, ops }];
    }
    case 'json':
      return parseDocument(text);
  }
}

/** A JSON document: a list of intervals, or {"histories": [{"name", "ops": [...]}]}. */
function parseDocument(text: string): ParsedHistory[] {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new MalformedHistory(lineOf(text, reason), quote(reason), 'JSON');
  }
  if (isList(document)) return [historyOf('', document)];
  const histories = isFields(document) ? document['histories'] : undefined;
  if (histories === undefined || !isList(histories)) {
    throw new MalformedHistory(1, quote(text), '"histories", a list');
  }
  return histories.map((history, index) => {
    const ops = isFields(history) ? history['ops'] : undefined;
    if (!isFields(history) || ops === undefined || !isList(ops)) {
      throw new MalformedHistory(1, `history ${index + 1} without "ops"`, '"ops", a list');
    }
    const { name } = history;
    return historyOf(typeof name === 'string' ? name : String(index + 1), ops);
  });
}

function historyOf(name: string, ops: readonly Json[]): ParsedHistory {
  return {
    name,
    format: 'json',
    model: undefined,
    ops: ops.map((op, index) => {
      if (!isFields(op)) {
        throw new MalformedHistory(1, quote(valueKey(op)), `an object as operation ${index + 1}`);
      }
      return intervalOf(op, 0);
    }),
  };
}

/** V8 names a position in its message; the line is more useful. */
function lineOf(text: string, message: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? 1 : text.slice(0, Number(position)).split('\n').length;
}
