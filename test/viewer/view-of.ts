// A run as the page holds it, without a page: packed, unpacked, and read.
import { decodeTrace, encodeTrace } from '../../reports/trace-bytes.js';
import type { TraceColumns } from '../../reports/trace-bytes.js';
import { RunModel } from '../../reports/viewer/model/run-model.js';
import type { RunOutcome } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { drawScenario } from '../../sim/swarm.js';

function columnsOf(outcome: RunOutcome): TraceColumns {
  const { bytes, texts } = encodeTrace(() => outcome.recorder.records());
  return decodeTrace(bytes, JSON.parse(JSON.stringify(texts)) as typeof texts);
}

export interface Viewed {
  readonly scenario: Scenario;
  readonly outcome: RunOutcome;
  readonly model: RunModel;
}

export function viewOf(seed: string, variants: readonly string[] = []): Viewed {
  const scenario = { ...drawScenario(seed), variants };
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const { cluster, clients, profile, story, lookFor } = scenario;
  const model = new RunModel(
    {
      ...{ label: seed, report: outcome, marks: outcome.marks, rules: profile, story, lookFor },
      servers: [...cluster.voters, ...cluster.observers],
      ...{ observers: cluster.observers, clients: clients.length, scenario, scenarioText: '' },
      ...{ untilUs: undefined, paste: { reproduce: '', minimise: '', look: '' }, made: '' },
      ...{ trace: { kinds: [], texts: [], details: [] }, bytes: 0 },
    },
    columnsOf(outcome),
  );
  return { scenario, outcome, model };
}
