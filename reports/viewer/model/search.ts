// What the search box understands: words, each of which must fit. `server:2`, `kind:COMMIT`,
// `epoch:3`, `zxid:1:7` (or `zxid>=1:7`), `session:0x1000`, `fault:2`; anything else is looked for
// in the sentence that tells a record. A minus before a word turns it round.
import type { TraceRecord } from '../../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../../sim/trace/record.js';
import { epochOf } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { actorName } from '../../format.js';
import { describe } from '../../words.js';
import type { TraceView } from './trace-view.js';

type Test = (record: TraceRecord) => boolean;

export type Query =
  | { readonly ok: true; readonly test: Test; readonly empty: boolean }
  | { readonly ok: false; readonly problem: string };

export function parseZxid(text: string): number | undefined {
  const pair = /^(\d{1,7}):(\d{1,10})$/.exec(text);
  if (pair !== null) return Number(pair[1]) * 2 ** 32 + Number(pair[2]);
  const hex = /^0x([0-9a-f]{1,13})$/i.exec(text);
  return hex === null ? undefined : parseInt(hex[1] ?? '', 16);
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ':': (a, b) => a === b,
  '=': (a, b) => a === b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};

function epochIn(record: TraceRecord): number {
  // The slot of an applied transaction holds the digest of the tree.
  if (record.kind !== 'applied' && record.epoch > 0) return record.epoch;
  return record.zxid > 0 ? epochOf(record.zxid as Zxid) : 0;
}

function actorTest(value: string): Test | string {
  const client = /^(?:c|client-?)(\d+)$/.exec(value);
  const server = /^s?(\d+)$/.exec(value);
  if (client === null && server === null) return `server:${value}: expected a server like s2`;
  const actor = client === null ? Number(server?.[1]) : FIRST_CLIENT + Number(client[1]) - 1;
  return (record) => record.actor === actor || record.peer === actor;
}

function sessionTest(value: string): Test | string {
  const session = /^0x[0-9a-f]+$/i.test(value) ? parseInt(value, 16) : Number(value);
  if (!Number.isFinite(session)) return `session:${value}: expected a number like 0x4000`;
  return (record) => isOfSession(record, session);
}

const SESSION_KINDS: ReadonlySet<string> = new Set([
  ...['sessionOpened', 'sessionClosed', 'sessionExpired', 'attached', 'replied', 'read'],
  ...['invoked', 'completed', 'clientState'],
]);

export function isOfSession(record: TraceRecord, session: number): boolean {
  if (SESSION_KINDS.has(record.kind) && record.value === session) return true;
  const { detail } = record;
  return detail !== undefined && 'session' in detail && detail.session === session;
}

function wordTest(text: string): Test {
  const wanted = text.toLowerCase();
  return (record) =>
    describe(record).toLowerCase().includes(wanted) ||
    actorName(record.actor).includes(wanted) ||
    `#${record.index}` === wanted;
}

function fieldTest(name: string, sign: string, value: string): Test | string {
  const compare = COMPARE[sign] ?? ((a: number, b: number) => a === b);
  const number = Number(value);
  switch (name) {
    case 'server':
    case 'client':
      return actorTest(name === 'client' ? `c${value.replace(/^\D+/, '')}` : value);
    case 'kind': {
      const kinds = value.toLowerCase().split(',');
      return ({ kind, text }) =>
        kinds.includes(kind.toLowerCase()) || kinds.includes(text.toLowerCase());
    }
    case 'epoch':
      if (!Number.isInteger(number)) return `epoch:${value}: expected a number`;
      return (record) => epochIn(record) > 0 && compare(epochIn(record), number);
    case 'zxid': {
      const zxid = parseZxid(value);
      if (zxid === undefined) return `zxid:${value}: expected epoch:counter, like 1:7`;
      return (record) => record.zxid > 0 && compare(record.zxid, zxid);
    }
    case 'session':
      return sessionTest(value);
    case 'fault':
      if (!Number.isInteger(number)) return `fault:${value}: expected a number`;
      return ({ kind, value: fault }) =>
        (kind === 'fault' || kind === 'healed' || kind === 'effect') && fault === number - 1;
    default:
      return wordTest(`${name}${sign}${value}`);
  }
}

const FIELD = /^(server|client|kind|epoch|zxid|session|fault)(:|>=|<=|=|>|<)(.+)$/;

export function parseQuery(text: string): Query {
  const words = [...text.matchAll(/-?"[^"]*"|\S+/g)].map(([word]) => word);
  const tests: Test[] = [];
  for (const word of words) {
    const negative = word.startsWith('-') && word.length > 1;
    const plain = (negative ? word.slice(1) : word).replace(/^"(.*)"$/, '$1');
    const field = FIELD.exec(plain);
    const test =
      field === null ? wordTest(plain) : fieldTest(field[1] ?? '', field[2] ?? '', field[3] ?? '');
    if (typeof test === 'string') return { ok: false, problem: test };
    tests.push(negative ? (record) => !test(record) : test);
  }
  return {
    ok: true,
    test: (record) => tests.every((test) => test(record)),
    empty: tests.length === 0,
  };
}

/** Looks at all records, a batch at a time; what it yields is how far it has come. */
export function* searching(
  trace: TraceView,
  test: Test,
  found: number[],
  batch = 2000,
): Generator<number, void> {
  for (let at = 0; at < trace.length; at++) {
    if (test(trace.at(at))) found.push(at);
    if (at % batch === batch - 1) yield at;
  }
}
