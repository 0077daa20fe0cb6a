// Contradictions that versions give away, in O(n log n). Where a path is never removed its versions
// count its writes, so each answer with a version says how many writes came before it. Most real
// violations are two answers that cannot both be right, and finding them needs no search. Finding
// none proves nothing: that is left to the search.
import type { History, HistoryOp } from '../history.js';
import { isPending } from '../history.js';
import type { ZnodeOp, ZnodeResult } from './znode-op.js';

type One = HistoryOp<ZnodeOp, ZnodeResult>;

export interface Contradiction {
  readonly ops: readonly One[];
  readonly because: string;
}

/**
 * Who has to follow what completed before its invocation. Unless that is everyone, sessions are in
 * order as well.
 */
export type RealTime = 'everyone' | 'writes' | 'nobody';

interface Answer {
  readonly op: One;
  readonly version: number;
  /** It made the version, rather than saw it. */
  readonly made: boolean;
}

/** The first contradiction on any path, or undefined. */
export function contradiction(
  history: History<ZnodeOp, ZnodeResult>,
  realTime: RealTime,
): Contradiction | undefined {
  const paths = new Map<string, One[]>();
  for (const one of history) {
    const known = paths.get(one.op.path);
    if (known === undefined) paths.set(one.op.path, [one]);
    else known.push(one);
  }
  for (const ops of paths.values()) {
    if (ops.some(removes)) continue;
    const answers = ops.flatMap(answerOf);
    const found = twoMakers(answers) ?? wrongText(ops, answers) ?? wrongOrder(answers, realTime);
    if (found !== undefined) return found;
  }
  return undefined;
}

function removes({ op, result }: One): boolean {
  return (op.f === 'delete' || op.f === 'expire') && result?.error === undefined;
}

function answerOf(op: One): Answer[] {
  const { f } = op.op;
  const { result } = op;
  if (isPending(op) || result === undefined || result.error !== undefined) return [];
  if (f === 'create') return [{ op, version: 0, made: true }];
  if (f === 'sync' || result.version === undefined) return [];
  return [{ op, version: result.version, made: f === 'set' }];
}

function twoMakers(answers: readonly Answer[]): Contradiction | undefined {
  const makers = new Map<number, One>();
  for (const { op, version, made } of answers) {
    if (!made) continue;
    const other = makers.get(version);
    if (other !== undefined) return { ops: [other, op], because: `both made version ${version}` };
    makers.set(version, op);
  }
  return undefined;
}

/** A read whose text is not that of its version, or of nobody's. */
function wrongText(ops: readonly One[], answers: readonly Answer[]): Contradiction | undefined {
  const makers = new Map<number, One>();
  for (const { op, version, made } of answers) if (made) makers.set(version, op);
  const unsure = new Set(
    ops
      .filter((op) => isPending(op) || op.result?.version === undefined)
      .flatMap(({ op }) => (op.f === 'create' || op.f === 'set' ? [op.value] : [])),
  );
  for (const { op, version, made } of answers) {
    const text = op.result?.value;
    if (made || text === undefined) continue;
    const maker = makers.get(version);
    if (maker !== undefined && maker.op.value !== text) {
      const because = `version ${version} was made with ${JSON.stringify(maker.op.value)}`;
      return { ops: [maker, op], because };
    }
    const isRoot = op.op.path === '/' && version === 0 && text === '';
    if (maker === undefined && !isRoot && !unsure.has(text)) {
      const because = `nobody made version ${version} with ${JSON.stringify(text)}`;
      return { ops: [op], because };
    }
  }
  return undefined;
}

/** An answer after one that it has to follow, and with a version that came before. */
function wrongOrder(answers: readonly Answer[], realTime: RealTime): Contradiction | undefined {
  const byInvocation = [...answers].sort((a, b) => a.op.invokedAt - b.op.invokedAt);
  const byCompletion = [...answers].sort((a, b) => doneAt(a) - doneAt(b));
  const inSession = new Map<string, Answer>();
  let completed = 0;
  let latest: Answer | undefined;
  for (const answer of byInvocation) {
    for (; completed < byCompletion.length; completed += 1) {
      const earlier = byCompletion[completed] as Answer;
      if (doneAt(earlier) >= answer.op.invokedAt) break;
      if (latest === undefined || earlier.version > latest.version) latest = earlier;
    }
    const follows = realTime === 'everyone' || (realTime === 'writes' && answer.made);
    if (follows && latest !== undefined && comesBefore(answer, latest)) {
      const because = `version ${latest.version} was there before the other was invoked`;
      return { ops: [latest.op, answer.op], because };
    }
    const before = realTime === 'everyone' ? undefined : inSession.get(answer.op.client);
    if (before !== undefined && comesBefore(answer, before)) {
      const because = `session ${answer.op.client} was at version ${before.version} before`;
      return { ops: [before.op, answer.op], because };
    }
    if (before === undefined || answer.version > before.version) {
      inSession.set(answer.op.client, answer);
    }
  }
  return undefined;
}

function doneAt({ op }: Answer): number {
  return op.completedAt ?? Infinity;
}

/** Must this one stand before the other, by their versions alone? */
function comesBefore(one: Answer, other: Answer): boolean {
  return one.version < other.version || (one.made && one.version === other.version);
}
