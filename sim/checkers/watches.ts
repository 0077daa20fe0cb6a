// What a server owes to those who watch: each change that a connection waits for is sent to it
// while the transaction is applied, so that it comes before any answer that could show the change;
// and nobody is told of what they did not ask about. [ZK-Java DataTree.processTxn,
// FinalRequestProcessor]
import type { RecordKind, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Handlers } from './checker.js';
import { byKind, checker } from './checker.js';
import type { Oracle } from './oracle/oracle.js';
import { nodeChangesOf } from './oracle/txn-changes.js';
import { isPublic } from './permissions.js';
import type { Findings } from './verdict.js';
import { WatchBook } from './watch-book.js';
import { zxidText } from './words.js';

/** As `watchFired` says that the client was not told. */
const WITHHELD = 1;

function pathOf({ text }: TraceRecord): string {
  return text.slice(text.indexOf(' ') + 1);
}

/** An event that a connection is to be sent. */
interface Due {
  readonly zxid: number;
  readonly event: string;
  readonly record: number;
}

/** What is known of the clients of one server. */
interface Desk {
  readonly book: WatchBook;
  /** Sessions whose connection here is alive, as far as their clients know. */
  readonly here: Set<number>;
  readonly due: Map<number, Due[]>;
}

class Desks {
  readonly #oracle: Oracle;
  readonly #found: Findings;
  readonly #desks = new Map<number, Desk>();

  constructor(oracle: Oracle, found: Findings) {
    this.#oracle = oracle;
    this.#found = found;
  }

  #at(server: number): Desk {
    const known = this.#desks.get(server);
    if (known !== undefined) return known;
    const { compatibility } = this.#oracle.setup.service;
    const desk = { book: new WatchBook(compatibility), here: new Set<number>(), due: new Map() };
    this.#desks.set(server, desk);
    return desk;
  }

  handlers(): Handlers {
    const stop = (record: TraceRecord): void => void this.#desks.delete(record.actor);
    return new Map<RecordKind, (record: TraceRecord) => void>([
      ['applied', (record) => this.#applied(record)],
      ['replied', (record) => this.#replied(record)],
      ['watchFired', (record) => this.#fired(record)],
      ['watchSet', (record) => this.#set(record)],
      ['watchGone', (record) => this.#gone(record)],
      ['attached', (record) => this.#attached(record)],
      ['clientState', (record) => this.#clientState(record)],
      // The server stops to serve, and its connections are gone.
      ['crash', stop],
      ['left', stop],
      ['halted', stop],
    ]);
  }

  #set({ actor, value: session, text: path, digest }: TraceRecord): void {
    const { book, here } = this.#at(actor);
    if (here.has(session)) book.set(session, path, digest);
  }

  #gone({ actor, value: session, text: path, digest }: TraceRecord): void {
    this.#at(actor).book.remove(session, path, digest);
  }

  #attached({ actor, value: session }: TraceRecord): void {
    const desk = this.#at(actor);
    this.#forget(desk, session);
    desk.here.add(session);
  }

  /** What a client does not hear any more nobody owes it. */
  #clientState({ actor, value: session, text }: TraceRecord): void {
    if (text === 'connected' || actor < FIRST_CLIENT) return;
    for (const desk of this.#desks.values()) this.#forget(desk, session);
  }

  #forget({ book, here, due }: Desk, session: number): void {
    book.forget(session);
    here.delete(session);
    due.delete(session);
  }

  #applied(record: TraceRecord): void {
    const desk = this.#desks.get(record.actor);
    if (desk === undefined || desk.book.isEmpty || record.text !== 'serving') return;
    const { servers } = this.#oracle;
    const txn = this.#oracle.txnOf(servers.of(record.actor).applied);
    if (txn === undefined) return;
    for (const change of nodeChangesOf(txn.op)) {
      const event = `${change.type} ${change.path}`;
      for (const session of desk.book.fire(change)) {
        this.#found.saw();
        const list = desk.due.get(session) ?? [];
        list.push({ zxid: txn.zxid, event, record: record.index });
        desk.due.set(session, list);
      }
    }
  }

  #fired(record: TraceRecord): void {
    const desk = this.#desks.get(record.actor);
    // What a client missed while it was away is told by another rule: `watch-before-data`.
    if (desk === undefined || record.zxid < 0 || !desk.here.has(record.value)) return;
    const due = desk.due.get(record.value) ?? [];
    const place = due.findIndex(({ zxid, event }) => zxid === record.zxid && event === record.text);
    const facts = { session: record.value, event: record.text, zxid: zxidText(record.zxid) };
    if (place < 0) {
      this.#found.broken(record, 'told-for-no-reason', facts);
      return;
    }
    due.splice(place, 1);
    if (due.length === 0) desk.due.delete(record.value);
    if (record.digest === WITHHELD && isPublic(this.#oracle.model, pathOf(record), record.zxid)) {
      this.#found.broken(record, 'withheld-from-somebody-who-may-read', facts);
    }
  }

  #replied(record: TraceRecord): void {
    const desk = this.#desks.get(record.actor);
    const due = desk === undefined ? undefined : desk.due.get(record.value);
    const late = due?.find(({ zxid }) => zxid <= record.zxid);
    if (desk === undefined || late === undefined) return;
    desk.due.delete(record.value);
    const { event } = late;
    const change = zxidText(late.zxid);
    const facts = { session: record.value, event, change, answer: zxidText(record.zxid) };
    this.#found.broken(record, 'answered-before-it-was-told', facts, [late.record]);
  }
}

export const noLostWatch = checker(
  {
    id: 'no-lost-watch',
    kind: 'client',
    claim:
      'A connection is sent each change that it watches when the change is applied, before any ' +
      'later answer, and nothing else: the first such change for a one-shot watch, all of them ' +
      'for a persistent one.',
    cites: ['ZK-Java WatchManager.triggerWatch', 'ZOOKEEPER-1412'],
    kinds: [
      ...(['applied', 'replied', 'watchFired', 'watchSet', 'watchGone', 'attached'] as const),
      ...(['clientState', 'crash', 'left', 'halted'] as const),
    ],
  },
  (oracle, found) => byKind(new Desks(oracle, found).handlers()),
);
