// What a report is made of: a saved trace, or a scenario that is run for it. A trace holds what
// happened but not what the faults were credited with, so its run is made again; if that comes to
// another hash, the trace is of another version, and only what it says itself is reported.
import { serverName } from '../reports/format.js';
import type { RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import { exitCodeOf } from '../sim/outcome.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { Ledger } from '../sim/workload/ledger.js';
import { readText } from './files.js';
import type { ReportedRun } from './html-report.js';
import { chosenSeed } from './options.js';
import { pasteLines } from './paste-lines.js';
import { loadScenario, spokenName } from './scenario-files.js';
import { isTraceText, judgeTrace, parseTrace } from './trace-files.js';
import type { SavedTrace } from './trace-files.js';
import { existsSync } from 'node:fs';

/** What can be said of a run by its trace alone. */
function outcomeOfRecords(trace: SavedTrace): RunOutcome {
  const { scenario, seed, recorder } = trace;
  const judgement = judgeTrace(trace);
  const ledger = new Ledger();
  const marks = new Set<string>();
  const deaths: { server: number; atUs: number; reason: string }[] = [];
  const faults = scenario.faults.map(({ fault }, index) => ({
    ...{ index, kind: fault, text: fault, effects: 0, firstEffect: '' },
    atUs: undefined as number | undefined,
  }));
  for (const record of recorder.records()) {
    const { kind, text, value, atUs, actor } = record;
    const fault = faults[value];
    if (kind === 'invoked' || kind === 'completed') ledger.onRecord(record);
    else if (kind === 'mark') marks.add(text);
    else if (kind === 'halted') deaths.push({ server: actor, atUs, reason: text });
    else if (kind === 'fault' && fault !== undefined) Object.assign(fault, { text, atUs });
    else if (kind === 'effect' && fault !== undefined) {
      fault.effects += 1;
      if (fault.effects === 1) fault.firstEffect = text;
    }
  }
  const { verdict, violations } = judgement;
  const last = recorder.at(recorder.count - 1);
  return {
    ...{ scenario: scenario.name, seed, verdict, violations, checkers: judgement.checkers },
    exitCode: exitCodeOf({ verdict, violations, deaths: [] }),
    traceHash: recorder.hex(),
    events: recorder.count,
    virtualSeconds: last.atUs / 1e6,
    ...{ faults, deaths: [], operations: ledger.counts, marks: [...marks] },
    vacuous: [
      'this simulator makes another run of it: effects are counted by what the trace says',
      ...deaths.map(({ server, reason }) => `${serverName(server)} ended by itself: ${reason}`),
    ],
    convergedAtUs: undefined,
    asExpected: verdict === scenario.expect.verdict,
    recorder,
    recording: undefined,
  };
}

function outcomeOfTrace(trace: SavedTrace): RunOutcome {
  const { scenario, seed, untilUs, recorder } = trace;
  const until = untilUs === undefined ? {} : { untilUs };
  const again = runScenario(scenario, { seed, level: 'hash', checkers: 'all', ...until });
  if (again.traceHash !== recorder.hex()) return outcomeOfRecords(trace);
  return { ...again, recorder };
}

function fromTrace(path: string, trace: SavedTrace): ReportedRun {
  const outcome = outcomeOfTrace(trace);
  const paste = pasteLines({ again: ['replay', path], outcome, trace: path });
  const { scenario, untilUs } = trace;
  return { label: path, scenario, outcome, untilUs, paste };
}

function fromScenario(scenario: Scenario, name: string): ReportedRun {
  const seed = chosenSeed(undefined, scenario);
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const again = ['run', name, '--seed', seed];
  const paste = pasteLines({ again, outcome, trace: undefined });
  return { label: name, scenario, outcome, untilUs: undefined, paste };
}

/** By the name of a file or of a packaged scenario. */
export function reportedRun(nameOrPath: string): ReportedRun {
  if (existsSync(nameOrPath)) {
    const text = readText(nameOrPath);
    const looksLikeTrace = isTraceText(text) || nameOrPath.endsWith('.ndjson');
    if (looksLikeTrace) return fromTrace(nameOrPath, parseTrace(text, nameOrPath));
  }
  const { scenario, path } = loadScenario(nameOrPath);
  return fromScenario(scenario, spokenName(path));
}
