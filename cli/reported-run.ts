// What a report is made of: a saved trace, or a scenario that is run for it. A trace holds what
// happened but not what the faults were credited with, so its run is made again; if that comes to
// another hash, the trace is of another version, and only what it says itself is reported.
import { serverName } from '../reports/format.js';
import type { RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import type { Mark } from '../protocol/marks.js';
import { exitCodeOf } from '../sim/outcome.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { Ledger } from '../sim/workload/ledger.js';
import { readText } from './files.js';
import type { ReportedRun } from './html-report.js';
import { chosenSeed, withRules } from './options.js';
import { pasteLines, ruleFlags } from './paste-lines.js';
import { loadScenario, spokenName } from './scenario-files.js';
import { judgeTrace } from './trace-files.js';
import type { SavedTrace } from './trace-files.js';
import type { RunAgain } from './traced-run.js';
import { looksLikeTrace, readRun } from './traced-run.js';
import { existsSync } from 'node:fs';

/** What can be said of a run by its trace alone. */
function outcomeOfRecords(trace: SavedTrace): RunOutcome {
  const { scenario, seed, recorder } = trace;
  const judgement = judgeTrace(trace);
  const ledger = new Ledger();
  const marks = new Map<Mark, number>();
  const deaths: { server: number; atUs: number; reason: string }[] = [];
  const faults = scenario.faults.map(({ fault }, index) => ({
    ...{ index, kind: fault, text: fault, effects: 0, firstEffect: '' },
    atUs: undefined as number | undefined,
    ...{ cast: [], record: -1 },
  }));
  for (const record of recorder.records()) {
    const { kind, text, value, atUs, actor } = record;
    const fault = faults[value];
    if (kind === 'invoked' || kind === 'completed') ledger.onRecord(record);
    else if (kind === 'mark') marks.set(text as Mark, (marks.get(text as Mark) ?? 0) + 1);
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
    ...{ faults, deaths: [], operations: ledger.counts, marks },
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

function fromScenario(file: Scenario, name: string, args: RunAgain): ReportedRun {
  const scenario = withRules(file, args);
  const seed = chosenSeed(args.seed, file);
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const again = ['run', name, '--seed', seed, ...ruleFlags(scenario, file)];
  const paste = pasteLines({ again, outcome, trace: undefined });
  return { label: name, scenario, outcome, untilUs: undefined, paste };
}

/** By the name of a file or of a packaged scenario. */
export function reportedRun(nameOrPath: string, again: RunAgain): ReportedRun {
  if (existsSync(nameOrPath)) {
    const text = readText(nameOrPath);
    if (looksLikeTrace(text)) return fromTrace(nameOrPath, readRun(nameOrPath, again));
  }
  const { scenario, path } = loadScenario(nameOrPath);
  return fromScenario(scenario, spokenName(path), again);
}
