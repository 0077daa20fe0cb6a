// Which faults can have had a part in a violation, the likeliest first. A fault that nobody in the
// causal past of the violation has felt cannot have mattered [Lamport78]; of the others, one that
// explains why something came too late is the likeliest, then one that struck the server that broke
// the claim, then the latest.
import { WORLD } from '../../../sim/trace/record.js';
import type { Violation } from '../../../sim/checkers/verdict.js';
import type { Bands, FaultSpan } from './bands.js';
import { PAST, pastOf } from './causality.js';
import type { Late } from './late.js';
import type { TraceView } from './trace-view.js';

/** What a fault did first to one server or client. */
export interface Feeling {
  readonly server: number;
  readonly what: string;
  readonly record: number;
}

export interface Blamed {
  readonly span: FaultSpan;
  /** Before the violation. */
  readonly felt: readonly Feeling[];
  /** Did it make late what came too late? */
  readonly explains: boolean;
  readonly weight: number;
}

export interface BlameInput {
  readonly trace: TraceView;
  readonly bands: Bands;
  readonly violation: Violation;
  readonly late: readonly Late[];
}

/** What is lost because of a fault may be missed a little after its end. */
const AFTERWARDS_US = 5_000;

function explains(
  { fromUs, toUs }: FaultSpan,
  felt: Blamed['felt'],
  late: Late | undefined,
): boolean {
  if (late === undefined || late.toUs < fromUs || late.fromUs > toUs + AFTERWARDS_US) return false;
  return felt.some(({ server }) => server === 0 || late.servers.includes(server));
}

/** By actor: its newest record in the past of the violation. */
function reachIn(trace: TraceView, past: Uint8Array): Map<number, number> {
  const reach = new Map<number, number>();
  for (let at = 0; at < trace.length; at++) {
    if (past[at] === PAST) reach.set(trace.columns.actor[at] as number, at);
  }
  return reach;
}

export function blamedFaults({ trace, bands, violation, late }: BlameInput): Blamed[] {
  const { evidence, record: last, actors } = violation;
  const past = pastOf(trace, evidence.length > 0 ? evidence : [last]);
  const reach = reachIn(trace, past);
  // Who breaks a promise of progress is nobody, and its past is the whole run.
  const ofTheRun = trace.columns.actor[last] === WORLD;
  const blamed: Blamed[] = [];
  for (const span of bands.faults) {
    const felt: Feeling[] = [];
    const isBefore = past[span.record] === PAST || ofTheRun;
    for (const [server, list] of bands.afflictions) {
      const first = list.find(
        ({ fault, record }) =>
          fault === span.fault &&
          record <= last &&
          (isBefore || past[record] === PAST || record <= (reach.get(server) ?? -1)),
      );
      if (first !== undefined) felt.push({ server, what: first.what, record: first.record });
    }
    if (felt.length === 0) continue;
    const doesExplain = explains(span, felt, late[0]);
    const struck = felt.some(({ server }) => actors.includes(server));
    const recent = span.fromUs / Math.max(1, violation.atUs);
    const weight = (doesExplain ? 40 : 0) + (struck ? 10 : 0) + recent * 20;
    blamed.push({ span, felt, explains: doesExplain, weight });
  }
  return blamed.sort((a, b) => b.weight - a.weight || a.span.fault - b.span.fault);
}
