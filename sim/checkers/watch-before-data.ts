// What a client may conclude from silence: as long as nothing was said of a path that it watches,
// no answer shows a state in which it has changed. That holds from server to server, because a
// client tells each new one what it waits for and what it has seen. [ZK-Java DataTree.setWatches]
import type { WatchEventType } from '../../protocol/watch-event.js';
import type { RecordKind, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Handlers } from './checker.js';
import { byKind, checker } from './checker.js';
import { resultOf } from './oracle/clients.js';
import type { Oracle } from './oracle/oracle.js';
import { nodeChangesOf } from './oracle/txn-changes.js';
import { isPublic } from './permissions.js';
import type { Findings } from './verdict.js';
import { tableFor, Watchers } from './watchers.js';
import { zxidText } from './words.js';

const SENT_BY_SERVERS: ReadonlySet<string> = new Set<WatchEventType>([
  ...(['nodeCreated', 'nodeDeleted', 'nodeDataChanged', 'nodeChildrenChanged'] as const),
]);

/** As the codes of `watchSet` say data watch and recursive watch. */
const DATA = 1;
const RECURSIVE = 4;
const OVER: ReadonlySet<string> = new Set(['expired', 'closed', 'authFailed']);

class Silence {
  readonly #oracle: Oracle;
  readonly #found: Findings;
  readonly #watchers: Watchers;
  /** By client. */
  readonly #sessions = new Map<number, number>();

  constructor(oracle: Oracle, found: Findings) {
    this.#oracle = oracle;
    this.#found = found;
    this.#watchers = new Watchers(oracle.model);
  }

  handlers(): Handlers {
    const chosen = (): void => this.#chosen();
    return new Map<RecordKind, (record: TraceRecord) => void>([
      ['completed', (record) => this.#completed(record)],
      ['watched', (record) => this.#watched(record)],
      ['watchSet', (record) => this.#watchSet(record)],
      ['clientState', (record) => this.#state(record)],
      ['committed', chosen],
      ['newLeaderAcked', chosen],
    ]);
  }

  #watchSet({ value: session, text: path, digest, zxid }: TraceRecord): void {
    if (digest === DATA) this.#watchers.renewed(session, path, zxid);
    // In 3.8 it takes the place of a watch for children, and hears of none (ZOOKEEPER-4466).
    const isOld = this.#oracle.setup.service.compatibility === '3.8.0';
    if (digest === RECURSIVE && isOld) this.#watchers.childrenUnheard(session, path);
  }

  #state({ actor, value, text }: TraceRecord): void {
    if (actor < FIRST_CLIENT || value === 0) return;
    const before = this.#sessions.get(actor);
    if (before !== undefined && before !== value) this.#watchers.forget(before);
    if (OVER.has(text)) this.#watchers.forget(value);
    this.#sessions.set(actor, value);
  }

  #chosen(): void {
    if (this.#watchers.isEmpty) return;
    const { model, justChosen } = this.#oracle;
    for (const { txn } of justChosen) {
      for (const change of nodeChangesOf(txn.op)) {
        const isSecret = (): boolean => !isPublic(model, change.path, txn.zxid);
        this.#watchers.changed(change, txn.zxid, isSecret);
      }
    }
  }

  #watched(record: TraceRecord): void {
    const space = record.text.indexOf(' ');
    const [type, path] = [record.text.slice(0, space), record.text.slice(space + 1)];
    if (!SENT_BY_SERVERS.has(type)) return this.#watchers.forgetPath(record.value, path);
    const event = { type: type as WatchEventType, path };
    this.#watchers.told(record.value, event).forEach(() => this.#found.saw());
  }

  #completed(record: TraceRecord): void {
    const operation = this.#oracle.clients.completing;
    const result = resultOf(record);
    if (operation === undefined || result === undefined || record.zxid <= 0) return;
    const { value: session, zxid } = record;
    for (const wait of this.#watchers.overdue(session, zxid)) {
      const { path, table, sinceZxid, dueZxid } = wait;
      const facts = { session, path, watch: table, set: zxidText(sinceZxid) };
      const shown = { changed: zxidText(dueZxid), answer: zxidText(zxid) };
      this.#found.broken(record, 'answered-before-it-was-told', { ...facts, ...shown });
      this.#watchers.drop(wait);
    }
    const { op } = operation;
    if (op.kind === 'removeWatches') return this.#watchers.forgetPath(session, op.path);
    const table = tableFor(op, result);
    if (table !== undefined && 'path' in op && op.path !== null) {
      this.#watchers.add(session, op.path, table, zxid);
    }
  }
}

export const watchBeforeData = checker(
  {
    id: 'watch-before-data',
    kind: 'client',
    claim:
      'A client hears of the first change to what it watches once before any answer shows it ' +
      'the state after that change, on whatever server.',
    cites: ['ZK-Java DataTree.setWatches', 'ZOOKEEPER-1412'],
    kinds: [
      ...(['completed', 'watched', 'watchSet', 'clientState', 'committed'] as const),
      ...(['newLeaderAcked'] as const),
    ],
  },
  (oracle, found) => byKind(new Silence(oracle, found).handlers()),
);
