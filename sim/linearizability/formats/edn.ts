// EDN, the notation of Clojure, as far as histories use it. Values become what JSON can hold:
// keywords and symbols their text (a keyword keeps its colon), sets and lists arrays, maps
// objects whose keyword keys lose their colon. Tags are dropped: a tagged value is the value.
import { isList, valueKey } from '../history.js';
import type { Json } from '../history.js';
import { MalformedHistory, quote } from './raw.js';

/** Everything up to the next character that ends a token. */
const TOKEN = /[^\s,()[\]{}";]*/y;
const SPACES = /[\s,]*/y;
/** The inside of a string, up to its end or the first escape. */
const PLAIN_TEXT = /[^"\\]*/y;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
/** Deeper than any history, shallower than the stack. */
const DEPTH_MAX = 200;

export interface EdnForm {
  readonly value: Json;
  readonly line: number;
}

export class EdnReader {
  readonly #text: string;
  #at = 0;
  #line: number;
  #depth = 0;

  constructor(text: string, firstLine = 1) {
    this.#text = text;
    this.#line = firstLine;
  }

  /** The next form, or undefined at the end. */
  next(): EdnForm | undefined {
    this.#skip();
    if (this.#at >= this.#text.length) return undefined;
    const line = this.#line;
    return { value: this.#read(), line };
  }

  /** Enters a vector or list that holds the whole history; false if none stands here. */
  enter(): boolean {
    this.#skip();
    const open = this.#text[this.#at];
    if (open !== '[' && open !== '(') return false;
    this.#at += 1;
    return true;
  }

  /** Leaves it, if its end stands here. */
  leave(): boolean {
    this.#skip();
    const close = this.#text[this.#at];
    if (close !== ']' && close !== ')') return false;
    this.#at += 1;
    return true;
  }

  #fail(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 80);
    throw new MalformedHistory(this.#line, rest === '' ? 'the end' : quote(rest), expected);
  }

  /** White space, commas, comments, and forms that `#_` discards. */
  #skip(): void {
    for (;;) {
      this.#countLines(this.#match(SPACES));
      const char = this.#text[this.#at];
      if (char === ';') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (char === '#' && this.#text[this.#at + 1] === '_') {
        this.#at += 2;
        this.#read();
      } else {
        return;
      }
    }
  }

  /** What the pattern finds here; moves past it. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #countLines(passed: string): void {
    for (let at = passed.indexOf('\n'); at >= 0; at = passed.indexOf('\n', at + 1)) this.#line += 1;
  }

  #read(): Json {
    this.#skip();
    const char = this.#text[this.#at];
    if (char === undefined) this.#fail('a value');
    if (char === '"') return this.#string();
    if (char === '(' || char === '[') return this.#items(char);
    if (char === '{') return this.#map();
    if (char === '#') return this.#tagged();
    if (char === '^') {
      this.#at += 1;
      this.#read();
      return this.#read();
    }
    return this.#atom();
  }

  #tagged(): Json {
    this.#at += 1;
    const char = this.#text[this.#at] ?? '';
    if (char === '{') return this.#items(char);
    if (char === '"') return this.#string();
    if (char === '#') {
      this.#at += 1;
      return `##${this.#token()}`;
    }
    this.#token();
    return this.#read();
  }

  #items(open: string): Json[] {
    this.#down();
    const close = CLOSING[open] ?? '';
    const items: Json[] = [];
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] === close) break;
      if (this.#at >= this.#text.length) this.#fail(`the ${close} that closes ${open}`);
      items.push(this.#read());
    }
    this.#at += 1;
    this.#depth -= 1;
    return items;
  }

  #map(): Json {
    const line = this.#line;
    const items = this.#items('{');
    if (items.length % 2 === 1) {
      throw new MalformedHistory(line, 'a key without a value', 'a map of keys and values');
    }
    const map: Record<string, Json> = Object.create(null) as Record<string, Json>;
    for (let at = 0; at < items.length; at += 2) {
      map[fieldName(items[at] ?? null)] = items[at + 1] ?? null;
    }
    return map;
  }

  #down(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#fail(`at most ${DEPTH_MAX} levels of nesting`);
    this.#at += 1;
  }

  #string(): string {
    this.#at += 1;
    let text = '';
    for (;;) {
      const plain = this.#match(PLAIN_TEXT);
      this.#countLines(plain);
      text += plain;
      const end = this.#text[this.#at];
      if (end === undefined) this.#fail('the " that closes a string');
      this.#at += 1;
      if (end === '"') return text;
      text += this.#escape();
    }
  }

  /** What stands after a backslash. */
  #escape(): string {
    const escaped = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (escaped !== 'u') return ESCAPES[escaped] ?? escaped;
    const code = parseInt(this.#text.slice(this.#at, this.#at + 4), 16);
    this.#at += 4;
    return String.fromCharCode(code);
  }

  #token(): string {
    return this.#match(TOKEN);
  }

  #atom(): Json {
    if (this.#text[this.#at] === '\\') {
      this.#at += 2;
      return (this.#text[this.#at - 1] ?? '') + this.#token();
    }
    const token = this.#token();
    if (token === '') this.#fail('a value');
    if (token === 'nil') return null;
    if (token === 'true') return true;
    if (token === 'false') return false;
    return /^[+-]?\d/.test(token) ? numberOf(token) : token;
  }
}

/** A number as far as a double holds it; beyond that, the digits. */
function numberOf(token: string): Json {
  const digits = /^([+-]?\d+)N?$/.exec(token)?.[1];
  const value = Number(digits ?? token.replace(/M$/, ''));
  if (digits === undefined) return Number.isFinite(value) ? value : token;
  return Number.isSafeInteger(value) ? value : digits;
}

function fieldName(key: Json): string {
  if (typeof key === 'string') return key.startsWith(':') ? key.slice(1) : key;
  return isList(key) || typeof key === 'object' ? valueKey(key) : String(key);
}
