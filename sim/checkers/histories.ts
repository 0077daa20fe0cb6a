// What the clients of a run saw, and nothing else, judged by the history checker. It knows no
// server, so it checks the checkers that do: whatever it rejects, one of them must have
// rejected, or one of the two is wrong. It sees less than they do, so the reverse does not hold.
import type { Operation, Result } from '../../protocol/operation.js';
import type { ClientRecord } from '../linearizability/decode-znode.js';
import { znodeHistory } from '../linearizability/decode-znode.js';
import type { Judgement } from '../linearizability/judge.js';
import { judge } from '../linearizability/judge.js';
import { znodeSubject } from '../linearizability/subject.js';
import type { TraceRecord } from '../trace/record.js';
import type { Checker } from './checker.js';
import { Findings } from './verdict.js';

/** Clients number their operations far below this. */
const CXID_SPAN = 2 ** 32;
/**
 * Operations judged of one run: what is asked for later is left out, which is sound, since a
 * history without its end is a history. Keeps the cost of a run bounded.
 */
const OPERATIONS_MAX = 2000;
/** Steps, not seconds: the verdict of a run may not depend on the machine. */
const JUDGE_LIMITS = { maxSteps: 200_000, maxConfigurations: 1 << 18, expired: () => false };
const EXPLAIN_LIMITS = { ...JUDGE_LIMITS, maxSteps: 1_000_000 };

interface Call {
  readonly op: Operation;
  /** Indices of records serve as times: they order events as they happened. */
  readonly invokedAt: number;
  readonly actor: TraceRecord['actor'];
  readonly client: string;
}

/** An operation that ended, and where in the trace. */
interface Ending {
  readonly index: number;
  readonly atUs: number;
  readonly actor: TraceRecord['actor'];
  readonly peer: number;
}

/** Operations are ordered within a session; without one a client is on its own. */
function clientOf({ actor, value }: TraceRecord): string {
  return value === 0 ? `client ${String(actor)}` : `session ${String(value)}`;
}

function versionOf(result: Result | undefined): number | undefined {
  return result !== undefined && 'stat' in result ? result.stat?.version : undefined;
}

function outcomeOf(text: string, result: Result | undefined): string {
  return text === 'error' && result?.kind === 'error' ? `error:${result.code.toUpperCase()}` : text;
}

function ended({ op, invokedAt, client }: Call, record: TraceRecord | undefined): ClientRecord {
  const result = record?.detail as Result | undefined;
  const writes = op.kind === 'create' || op.kind === 'setData';
  return {
    client: record === undefined ? client : clientOf(record),
    invokedAt,
    completedAt: record?.index,
    kind: op.kind,
    path: op.path,
    value: writes ? op.data : result?.kind === 'data' ? result.data : undefined,
    expected: op.kind === 'setData' || op.kind === 'delete' ? op.version : undefined,
    version: versionOf(result),
    zxid: record === undefined || record.zxid <= 0 ? undefined : record.zxid,
    ephemeral: op.kind === 'create' && op.ephemeral,
    outcome: record === undefined ? 'unknown' : outcomeOf(record.text, result),
  };
}

class ClientHistory {
  readonly #open = new Map<number, Call>();
  readonly #records: ClientRecord[] = [];
  readonly #endings = new Map<number, Ending>();
  #invoked = 0;

  onRecord(record: TraceRecord): void {
    const { index, atUs, actor, peer } = record;
    const key = actor * CXID_SPAN + record.digest;
    if (record.kind === 'invoked') {
      this.#invoked += 1;
      if (this.#invoked > OPERATIONS_MAX) return;
      const op = record.detail as Operation;
      this.#open.set(key, { op, invokedAt: index, actor, client: clientOf(record) });
      return;
    }
    const call = this.#open.get(key);
    if (call === undefined) return;
    this.#open.delete(key);
    this.#records.push(ended(call, record));
    this.#endings.set(index, { index, atUs, actor, peer });
  }

  /** Everything so far, by the time of asking; what is not answered is open. */
  records(): readonly ClientRecord[] {
    const open = [...this.#open.values()].map((call) => ended(call, undefined));
    return [...this.#records, ...open].sort((a, b) => a.invokedAt - b.invokedAt);
  }

  endingAt(index: number | null): Ending | undefined {
    return index === null ? undefined : this.#endings.get(index);
  }
}

/** Undefined: there is a write that the model does not know, so nothing can be said. */
function judged(records: readonly ClientRecord[]): Judgement | undefined {
  const { history, skipped } = znodeHistory(records);
  if (skipped.length > 0) return undefined;
  const limits = JUDGE_LIMITS;
  return judge(znodeSubject(history), {
    consistency: 'session',
    limits,
    explaining: EXPLAIN_LIMITS,
  });
}

function report(found: Findings, history: ClientHistory, judgement: Judgement, end: TraceRecord) {
  const { failure, objections } = judgement;
  if (failure !== null) {
    const { offending, core } = failure;
    const evidence = core.flatMap(({ invokedAt, completedAt }) =>
      completedAt === null ? [invokedAt] : [invokedAt, completedAt],
    );
    const facts = { operation: offending.text, because: failure.because, key: failure.key };
    const at = history.endingAt(offending.completedAt) ?? end;
    found.broken(at, 'no-order-explains-it', facts, evidence);
  }
  for (const { ops, because } of objections) {
    const last = history.endingAt(ops.at(-1)?.completedAt ?? null) ?? end;
    const evidence = ops.map(({ invokedAt }) => invokedAt);
    found.broken(last, 'zxids-contradict-answers', { because }, evidence);
  }
}

export const clientHistory: Checker = {
  id: 'client-history',
  kind: 'client',
  claim:
    'Some order explains every answer that clients got and agrees with its zxid: writes take ' +
    'effect between question and answer, and each session sees them in order, if late.',
  cites: ['HerlihyWing90', 'ZK-Java ZooKeeper'],
  kinds: ['invoked', 'completed'],
  start() {
    const found = new Findings('client-history');
    const history = new ClientHistory();
    return {
      onRecord: (record) => {
        if (record.kind === 'completed') found.saw();
        history.onRecord(record);
      },
      onEnd: (end) => {
        const judgement = judged(history.records());
        if (judgement !== undefined) report(found, history, judgement, end);
        return found.verdict(judgement?.verdict === 'linearizable');
      },
    };
  },
};
