// What the clients of a run saw, and nothing else, judged by the history checker. It knows no
// server, so it checks the checkers that do: whatever it rejects, one of them must have
// rejected, or one of the two is wrong. It sees less than they do, so the reverse does not hold.
import { znodeHistory } from '../linearizability/decode-znode.js';
import type { Judgement } from '../linearizability/judge.js';
import { judge } from '../linearizability/judge.js';
import { znodeSubject } from '../linearizability/subject.js';
import type { ClientCall } from '../trace/client-history.js';
import { ClientHistory } from '../trace/client-history.js';
import type { TraceRecord } from '../trace/record.js';
import type { Checker } from './checker.js';
import { Findings } from './verdict.js';

/**
 * Operations judged of one run: what is asked for later is left out, which is sound, since a
 * history without its end is a history. Keeps the cost of a run bounded.
 */
const CALLS_MAX = 2000;
/** Steps, not seconds: the verdict of a run may not depend on the machine. */
const JUDGE_LIMITS = { maxSteps: 200_000, maxConfigurations: 1 << 18, expired: () => false };
const EXPLAIN_LIMITS = { ...JUDGE_LIMITS, maxSteps: 1_000_000 };

/** Undefined: there is a write that the model does not know, so nothing can be said. */
function judged(calls: readonly ClientCall[]): Judgement | undefined {
  const { history, skipped } = znodeHistory(calls);
  if (skipped.length > 0) return undefined;
  const limits = JUDGE_LIMITS;
  return judge(znodeSubject(history), {
    consistency: 'session',
    limits,
    explaining: EXPLAIN_LIMITS,
  });
}

type At = Parameters<Findings['broken']>[0];

/** The end of an operation of the history; the end of the run if it has none. */
function endingOf(calls: readonly ClientCall[], index: number | null, end: TraceRecord): At {
  const call = calls.find(({ completedAt }) => completedAt === index);
  if (index === null || call === undefined) return end;
  return { index, atUs: call.completedUs ?? end.atUs, actor: call.actor, peer: 0 };
}

function report(
  found: Findings,
  calls: readonly ClientCall[],
  judgement: Judgement,
  end: TraceRecord,
): void {
  const { failure, objections } = judgement;
  if (failure !== null) {
    const { offending, core } = failure;
    const evidence = core.flatMap(({ invokedAt, completedAt }) =>
      completedAt === null ? [invokedAt] : [invokedAt, completedAt],
    );
    const facts = { operation: offending.text, because: failure.because, key: failure.key };
    const at = endingOf(calls, offending.completedAt, end);
    found.broken(at, 'no-order-explains-it', facts, evidence);
  }
  for (const { ops, because } of objections) {
    const at = endingOf(calls, ops.at(-1)?.completedAt ?? null, end);
    const evidence = ops.map(({ invokedAt }) => invokedAt);
    found.broken(at, 'zxids-contradict-answers', { because }, evidence);
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
  clientVisible: true,
  start() {
    const found = new Findings('client-history');
    const history = new ClientHistory(CALLS_MAX);
    return {
      onRecord: (record) => {
        if (record.kind === 'completed') found.saw();
        history.onRecord(record);
      },
      // Only the whole history can be judged.
      isBroken: () => false,
      onEnd: (end) => {
        const calls = history.calls();
        const judgement = judged(calls);
        if (judgement !== undefined) report(found, calls, judgement, end);
        return found.verdict(judgement?.verdict === 'linearizable');
      },
    };
  },
};
