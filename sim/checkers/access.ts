// Permissions, held against what everybody has shown: an operation that succeeds, an answer that
// tells something and an event that is sent were allowed to somebody in that session. A session is
// taken to be everybody whom any of its connections has shown so far; so what is found here is a
// bypass, and what was wrongly refused is for others to find. [ZK-Java ZooKeeperServer.checkACL]
import { ADMIN, READ } from '../../protocol/acl.js';
import type { Operation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { TraceRecord } from '../trace/record.js';
import type { Handlers } from './checker.js';
import { byKind, checker } from './checker.js';
import { resultOf } from './oracle/clients.js';
import type { Chosen, Oracle } from './oracle/oracle.js';
import { isOpen } from './oracle/service-rules.js';
import { mayHear, permits } from './permissions.js';
import type { Findings } from './verdict.js';
import { zxidText } from './words.js';

const NOBODY: ReadonlySet<string> = new Set();
const TOLD = 0;

/** What an answer other than an error needed; what is not here needs nothing that an ACL says. */
const NEEDS: Partial<Record<Operation['kind'], number>> = {
  getData: READ,
  getChildren: READ,
  getChildren2: READ,
  getAllChildrenNumber: READ,
  exists: READ,
  getACL: READ | ADMIN,
};

class Gate {
  readonly #oracle: Oracle;
  readonly #found: Findings;
  readonly #shown = new Map<number, Set<string>>();

  constructor(oracle: Oracle, found: Findings) {
    this.#oracle = oracle;
    this.#found = found;
  }

  handlers(): Handlers {
    const choose = (record: TraceRecord): void => {
      for (const chosen of this.#oracle.justChosen) this.#chosen(record, chosen);
    };
    return new Map([
      ['committed', choose],
      ['newLeaderAcked', choose],
      ['completed', (record) => this.#completed(record)],
      ['watchFired', (record) => this.#fired(record)],
      ['identified', (record) => this.#identified(record)],
    ]);
  }

  #identified({ value: session, text }: TraceRecord): void {
    const known = this.#shown.get(session) ?? new Set();
    this.#shown.set(session, known.add(text));
  }

  #who(session: number): ReadonlySet<string> {
    return this.#shown.get(session) ?? NOBODY;
  }

  #chosen(record: TraceRecord, { txn, guarded, appliedZxid, operation }: Chosen): void {
    if (guarded.length === 0 || txn.session === 0 || appliedZxid < 0) return;
    // Whoever knows that opcode may remove what nobody keeps: nobody's rights are asked for.
    if (operation?.op.kind === 'deleteContainer') return;
    for (const { path, perms, acl } of guarded) {
      this.#found.saw();
      if (permits(acl, perms, this.#who(txn.session))) continue;
      const facts = { zxid: zxidText(txn.zxid), session: txn.session, path };
      this.#found.broken(record, 'write-without-permission', facts);
    }
  }

  #completed(record: TraceRecord): void {
    const operation = this.#oracle.clients.completing;
    const result = resultOf(record);
    if (operation === undefined || result === undefined) return;
    const { op } = operation;
    if (op.kind !== 'multiRead') return this.#answered(record, op, result);
    if (result.kind !== 'multi') return;
    for (const [index, part] of op.parts.entries()) {
      const answer = result.results[index];
      if (answer !== undefined) this.#answered(record, part, answer);
    }
  }

  #answered(record: TraceRecord, op: Operation, result: Result): void {
    const { model, setup } = this.#oracle;
    if (result.kind === 'error' || !('path' in op) || op.path === null) return;
    const isUnguarded = op.kind === 'exists' && setup.service.compatibility === '3.8.0';
    const perms = isUnguarded ? 0 : (NEEDS[op.kind] ?? 0);
    const state = perms === 0 ? undefined : model.stateAt(op.path, record.zxid);
    if (state?.exists !== true || isOpen(state.guard.acl)) return;
    this.#found.saw();
    if (permits(state.guard.acl, perms, this.#who(record.value))) return;
    const facts = { zxid: zxidText(record.zxid), session: record.value, path: op.path };
    this.#found.broken(record, 'answer-without-permission', facts);
  }

  #fired(record: TraceRecord): void {
    if (record.digest !== TOLD || record.zxid < 0) return;
    const path = record.text.slice(record.text.indexOf(' ') + 1);
    const { value: session, zxid } = record;
    if (mayHear(this.#oracle.model, path, zxid, this.#who(session))) return;
    const facts = { zxid: zxidText(zxid), session, path };
    this.#found.broken(record, 'event-without-permission', facts);
  }
}

export const aclNeverBypassed = checker(
  {
    id: 'acl-never-bypassed',
    kind: 'client',
    claim:
      'Nobody changes, reads or hears of a znode without a right that its ACL gives to somebody ' +
      'whom the session has shown; for a write, the ACL that the leader had applied.',
    cites: ['ZK-Java ZooKeeperServer.checkACL'],
    kinds: ['committed', 'newLeaderAcked', 'completed', 'watchFired', 'identified'],
  },
  (oracle, found) => {
    if (oracle.setup.service.skipAcl) return () => undefined;
    return byKind(new Gate(oracle, found).handlers());
  },
);
