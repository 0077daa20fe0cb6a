// What the leader takes away on its own: containers that have lost their last child, and TTL znodes
// that nobody has written for too long, never one with children. When it looks it says what it has
// found, by its own clock and its own state; only what it has found may it delete. A write that
// comes between the look and the delete does not save the znode, upstream neither.
// [ZK-Java ContainerManager.getCandidates]
import type { TraceRecord } from '../trace/record.js';
import { checker } from './checker.js';
import type { Chosen, Oracle } from './oracle/oracle.js';
import type { ZnodeState } from './oracle/znode-state.js';
import type { Findings } from './verdict.js';
import { zxidText } from './words.js';

/** Why it may not go; undefined: it may. */
function reasonToStay(state: ZnodeState, wallMs: number, keptMs: number): string | undefined {
  const { life } = state.birth;
  if (!state.exists) return 'there is none';
  if (state.family.children > 0) return 'it has children';
  const ageMs = wallMs - state.content.mtimeMs;
  if (life.kind === 'ttl') return ageMs > life.ttlMs ? undefined : 'its time is not over';
  if (life.kind !== 'container') return 'it is no container and has no TTL';
  const isLeft = state.family.creates > 0 || (keptMs !== 0 && ageMs > keptMs);
  return isLeft ? undefined : 'it never had a child';
}

class Reaper {
  readonly #oracle: Oracle;
  readonly #found: Findings;
  /** What leaders have found, and may delete as often. */
  readonly #asked = new Map<string, number>();

  constructor(oracle: Oracle, found: Findings) {
    this.#oracle = oracle;
    this.#found = found;
  }

  onRecord(record: TraceRecord): void {
    if (record.kind === 'reaping') return this.#looked(record);
    for (const chosen of this.#oracle.justChosen) this.#chosen(record, chosen);
  }

  #looked(record: TraceRecord): void {
    const { model, setup } = this.#oracle;
    const { text: path, zxid, value: wallMs } = record;
    this.#asked.set(path, (this.#asked.get(path) ?? 0) + 1);
    const state = model.stateAt(path, zxid);
    if (state === undefined) return;
    this.#found.saw();
    const reason = reasonToStay(state, wallMs, setup.service.maxNeverUsedIntervalMs);
    if (reason === undefined) return;
    this.#found.broken(record, 'not-due', { path, zxid: zxidText(zxid), reason });
  }

  #chosen(record: TraceRecord, { txn }: Chosen): void {
    const { op, zxid, session, cxid } = txn;
    if (op.kind !== 'delete' || session !== 0 || cxid !== 0) return;
    this.#found.saw();
    const { path } = op;
    const facts = { path, zxid: zxidText(zxid) };
    const asked = this.#asked.get(path) ?? 0;
    if (asked === 0) this.#found.broken(record, 'nobody-looked', facts);
    else if (asked === 1) this.#asked.delete(path);
    else this.#asked.set(path, asked - 1);
    const children = this.#oracle.model.stateAt(path, zxid - 1)?.family.children ?? 0;
    if (children > 0) this.#found.broken(record, 'has-children', { ...facts, children });
  }
}

export const reapedWhenDue = checker(
  {
    id: 'reaped-when-due',
    kind: 'client',
    claim:
      'The leader removes only childless containers that had a child and childless TTL znodes ' +
      'whose time is over.',
    cites: ['ZK-Java ContainerManager.getCandidates'],
    kinds: ['committed', 'newLeaderAcked', 'reaping'],
  },
  (oracle, found) => {
    const reaper = new Reaper(oracle, found);
    return (record) => reaper.onRecord(record);
  },
);
