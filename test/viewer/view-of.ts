// A run as the page holds it, without a page: packed, unpacked, and read.
import { readFileSync } from 'node:fs';
import { parseScenario } from '../../sim/scenario.js';
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

const views = new Map<string, Viewed>();

/** Of a failure that a campaign has met. */
export function failureView(name: string): Viewed {
  return fileView(`../sim/failures/${name}.yaml`);
}

/** Of a scenario in which a variant is caught, larger than the one that the museum shows. */
export function specimenView(variant: string): Viewed {
  return fileView(`specimens/${variant}.yaml`);
}

function fileView(name: string): Viewed {
  const known = views.get(name);
  if (known !== undefined) return known;
  const view = viewOfFile(name);
  views.set(name, view);
  return view;
}

function viewOfFile(name: string): Viewed {
  const file = new URL(name, import.meta.url);
  const scenario = parseScenario(readFileSync(file, 'utf8'), name).ok;
  if (scenario === undefined) throw new Error(`${name} is no scenario`);
  return viewed(scenario, scenario.seed ?? '1');
}

/** The same with servers that have no bug. */
export function safeView({ scenario }: Viewed): Viewed {
  return viewed({ ...scenario, variants: [] }, scenario.seed ?? '1');
}

export function viewOf(seed: string): Viewed {
  return viewed(drawScenario(seed), seed);
}

function viewed(scenario: Scenario, seed: string): Viewed {
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const { cluster, clients, profile, story, lookFor } = scenario;
  const model = new RunModel(
    {
      ...{
        label: seed,
        report: outcome,
        marks: [...outcome.marks.keys()],
        rules: profile,
        story,
        lookFor,
      },
      servers: [...cluster.voters, ...cluster.observers],
      ...{ observers: cluster.observers, clients: clients.length, scenario, scenarioText: '' },
      ...{ untilUs: undefined, paste: { reproduce: '', minimise: '', look: '' }, made: '' },
      ...{ trace: { kinds: [], texts: [], details: [] }, bytes: 0 },
    },
    columnsOf(outcome),
  );
  return { scenario, outcome, model };
}
