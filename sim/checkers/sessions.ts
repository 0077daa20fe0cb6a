// What a session may rely on, whichever servers it visits: it never sees time go backwards, it
// sees what it wrote, and its requests take effect and are answered in the order in which it sent
// them. Reads of different sessions promise each other nothing. [ZK-Java
// ZooKeeperServer.processConnectRequest]
import { isWrite } from '../../protocol/operation.js';
import type { TraceRecord } from '../trace/record.js';
import { checker } from './checker.js';
import { codeOf, outcomeOf } from './oracle/service-model.js';
import { zxidText } from './words.js';

interface Seen {
  readonly zxid: number;
  readonly record: number;
}

/** Has the client got an answer from a server? */
function isAnswered(record: TraceRecord): boolean {
  return record.text !== 'unknown' && record.value !== 0 && record.zxid > 0;
}

export const monotonicReads = checker(
  {
    id: 'monotonic-reads',
    kind: 'client',
    claim: "A session's reads see states of the service that never go back.",
    cites: ['Medeiros12', 'ZK-Java ClientCnxn'],
    kinds: ['completed'],
    clientVisible: true,
  },
  (oracle, found) => {
    const last = new Map<number, Seen>();
    return (record) => {
      const operation = oracle.clients.completing;
      if (operation === undefined || isWrite(operation.op) || !isAnswered(record)) return;
      const before = last.get(record.value);
      if (before !== undefined) {
        found.saw();
        if (record.zxid < before.zxid) {
          const facts = { zxid: zxidText(record.zxid), seenBefore: zxidText(before.zxid) };
          found.broken(record, 'monotonic-reads', facts, [before.record]);
          return;
        }
      }
      last.set(record.value, { zxid: record.zxid, record: record.index });
    };
  },
);

export const readYourWrites = checker(
  {
    id: 'read-your-writes',
    kind: 'client',
    claim: "A session's read sees every write that was acknowledged to it before.",
    cites: ['Medeiros12', 'ZOOKEEPER-3023'],
    kinds: ['completed'],
    clientVisible: true,
  },
  (oracle, found) => {
    const written = new Map<number, Seen>();
    return (record) => {
      const operation = oracle.clients.completing;
      if (operation === undefined || !isAnswered(record)) return;
      const before = written.get(record.value);
      if (isWrite(operation.op)) {
        if (before !== undefined && before.zxid > record.zxid) return;
        written.set(record.value, { zxid: record.zxid, record: record.index });
      } else if (before !== undefined) {
        found.saw();
        if (record.zxid >= before.zxid) return;
        const facts = { zxid: zxidText(record.zxid), written: zxidText(before.zxid) };
        found.broken(record, 'read-your-writes', facts, [before.record]);
      }
    };
  },
);

/*
 * A write that the leader refuses because its session has moved on or is gone takes no place in the
 * order: it may come late, from a connection that was given up.
 */
const OUT_OF_ORDER = new Set<string>(['SessionMoved', 'SessionExpired']);

export const fifoClientOrder = checker(
  {
    id: 'fifo-client-order',
    kind: 'client',
    claim:
      'The requests of a session are chosen, each once, and answered in the order in which ' +
      'it sent them.',
    cites: ['Zab11 FIFO order of clients', 'ZOOKEEPER-1863'],
    kinds: ['completed', 'committed', 'newLeaderAcked'],
  },
  (oracle, found) => {
    const answered = new Map<number, Seen & { readonly cxid: number }>();
    const chosen = new Map<number, { readonly cxid: number; readonly record: number }>();
    return (record) => {
      if (record.kind === 'completed') {
        if (oracle.clients.completing === undefined || !isAnswered(record)) return;
        const before = answered.get(record.value);
        const cxid = record.digest;
        answered.set(record.value, { cxid, zxid: record.zxid, record: record.index });
        if (before === undefined) return;
        found.saw();
        if (cxid > before.cxid) return;
        const facts = { session: record.value, cxid, after: before.cxid };
        found.broken(record, 'answered-out-of-order', facts, [before.record]);
        return;
      }
      for (const { txn } of oracle.justChosen) {
        if (txn.cxid === 0 || OUT_OF_ORDER.has(codeOf(outcomeOf(txn.op)))) continue;
        const before = chosen.get(txn.session);
        chosen.set(txn.session, { cxid: txn.cxid, record: record.index });
        if (before === undefined) continue;
        found.saw();
        if (txn.cxid > before.cxid) continue;
        const facts = { session: txn.session, cxid: txn.cxid, after: before.cxid };
        found.broken(record, 'chosen-out-of-order', facts, [before.record]);
      }
    };
  },
);

export const singleSystemImage = checker(
  {
    id: 'single-system-image',
    kind: 'client',
    claim: 'A server that takes a session in has applied everything that its client has seen.',
    cites: ['ZK-Java ZooKeeperServer.processConnectRequest'],
    kinds: ['attached'],
  },
  (_oracle, found) => (record) => {
    found.saw();
    if (record.zxid >= record.digest) return;
    const facts = { applied: zxidText(record.zxid), clientHasSeen: zxidText(record.digest) };
    found.broken(record, 'single-system-image', facts);
  },
);
