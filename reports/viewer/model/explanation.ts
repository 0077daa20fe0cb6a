// The four answers that a reader of a failing run is after: what was violated, which fault
// mattered, what came too late, and where the logs parted. All of it is read from the trace.
import type { Violation } from '../../../sim/checkers/verdict.js';
import { isServer } from '../../format.js';
import type { Bands } from './bands.js';
import type { Blamed } from './blamed-faults.js';
import { blamedFaults } from './blamed-faults.js';
import type { Logs } from './logs.js';
import type { Messages } from './messages.js';
import type { Parting } from './parting.js';
import { partingOf } from './parting.js';
import type { Late } from './late.js';
import { whatCameTooLate } from './too-late.js';
import { zxidsIn } from './late.js';
import type { TraceView } from './trace-view.js';

export interface Parted extends Parting {
  /** Where to look at it. */
  readonly record: number;
}

export interface Explanation {
  readonly violation: Violation;
  /** The likeliest first. */
  readonly faults: readonly Blamed[];
  /** The most telling first. */
  readonly late: readonly Late[];
  readonly parting: Parted | undefined;
}

export interface ExplainInput {
  readonly trace: TraceView;
  readonly messages: Messages;
  readonly bands: Bands;
  readonly logs: Logs;
  readonly violations: readonly Violation[];
}

function partingAt({ trace, logs }: ExplainInput, violation: Violation): Parted | undefined {
  const { record, facts } = violation;
  const parting = partingOf({
    logs: logs.at(record),
    before: logs.at(trace.eventOf(record) - 1),
    who: violation.actors.find(isServer) ?? 0,
    named: zxidsIn(violation),
    ofMemory: 'memory' in facts || 'applied' in facts,
  });
  return parting === undefined ? undefined : { ...parting, record };
}

/** At the violation; if logs are still the same there, where a later violation finds them apart. */
function firstParting(input: ExplainInput, violation: Violation): Parted | undefined {
  const own = partingAt(input, violation);
  if (own !== undefined) return own;
  for (const later of input.violations) {
    if (later.record <= violation.record) continue;
    const parting = partingAt(input, later);
    if (parting?.kind === 'contradiction') return parting;
  }
  return undefined;
}

export function explain(input: ExplainInput, violation: Violation): Explanation {
  const { trace, messages, bands } = input;
  const parting = firstParting(input, violation);
  const late = whatCameTooLate({ trace, messages, violation, parting });
  const faults = blamedFaults({ trace, bands, violation, late });
  return { violation, faults, late, parting };
}
