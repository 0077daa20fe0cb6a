// Hard limits, where they are enforced: no write is chosen that takes what its leader had applied
// beyond them. Writes that are under way at the same time do not see each other, upstream neither;
// so the count that is held against the limit is the one as of what the leader had applied.
// A usage that a client has written itself is nobody's count, and is not judged.
// [ZK-Java ZooKeeperServer.checkQuota, DataTree.updateQuotaStat]
import type { WriteTxn } from '../../protocol/txn.js';
import type { TraceRecord } from '../trace/record.js';
import { checker } from './checker.js';
import type { Chosen, Oracle } from './oracle/oracle.js';
import { writesOf } from './oracle/service-model.js';
import { QuotaBook } from './quota-book.js';
import type { Findings } from './verdict.js';
import { zxidText } from './words.js';

class Accounts {
  readonly #found: Findings;
  readonly #book: QuotaBook;

  constructor(oracle: Oracle, found: Findings) {
    this.#found = found;
    this.#book = new QuotaBook(oracle.model);
  }

  chosen(record: TraceRecord, { txn, appliedZxid }: Chosen): void {
    const { op, zxid } = txn;
    const book = this.#book;
    if (op.kind === 'closeSession') {
      for (const path of op.paths) book.write({ kind: 'delete', path }, zxid);
      return;
    }
    const writes = writesOf(op);
    // Each part of a multi is judged alone, against what is applied.
    const paths = new Set(writes.map(({ path }) => path));
    const judged = appliedZxid >= 0 && paths.size === writes.length;
    if (judged) for (const write of writes) this.#judge(record, write, { zxid, appliedZxid });
    for (const write of writes) book.write(write, zxid);
  }

  #judge(record: TraceRecord, write: WriteTxn, at: { zxid: number; appliedZxid: number }): void {
    if (write.kind !== 'create' && write.kind !== 'setData') return;
    const { path } = write;
    const { zxid } = at;
    const limits = this.#book.limitsOver(path, at.appliedZxid);
    if (limits === undefined) return;
    const before = write.kind === 'create' ? 0 : this.#book.sizeBefore(path, zxid);
    if (before === undefined) return;
    this.#found.saw();
    const nodes = write.kind === 'create' ? 1 : 0;
    const bytes = (write.data?.length ?? 0) - before;
    const { subtree, count, size, countLimit, sizeLimit } = limits;
    const facts = { zxid: zxidText(zxid), path, subtree };
    if (nodes > 0 && count + nodes > countLimit) {
      const more = { count: count + nodes, limit: countLimit };
      this.#found.broken(record, 'too-many-znodes', { ...facts, ...more });
    }
    if (bytes !== 0 && size + bytes > sizeLimit) {
      const more = { bytes: size + bytes, limit: sizeLimit };
      this.#found.broken(record, 'too-many-bytes', { ...facts, ...more });
    }
  }
}

export const quotaHonoured = checker(
  {
    id: 'quota-honoured',
    kind: 'client',
    claim:
      'Where quotas are enforced, no write is chosen that exceeds a hard limit, counted in the ' +
      'state that its leader had applied.',
    cites: ['ZK-Java ZooKeeperServer.checkQuota'],
    kinds: ['committed', 'newLeaderAcked'],
  },
  (oracle, found) => {
    if (!oracle.setup.service.enforceQuota) return () => undefined;
    const accounts = new Accounts(oracle, found);
    return (record) => {
      for (const chosen of oracle.justChosen) accounts.chosen(record, chosen);
    };
  },
);
