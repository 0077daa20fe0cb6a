// A campaign as one JSON object. The first keys are those of a run (json.ts). The three at the end
// are about real time; all others depend on the seeds and the options alone.
import type { FuzzReport } from './fuzz-findings.js';
import { faultSums } from './fuzz-summary.js';

export function fuzzJson(report: FuzzReport): object {
  const { totals, findings, elapsedUs } = report;
  const { runs, verdicts, failing } = totals;
  const seconds = elapsedUs / 1e6;
  return {
    seed: totals.failures[0]?.seed ?? report.seeds,
    verdict: failing > 0 ? 'fail' : verdicts.pass > 0 ? 'pass' : 'inconclusive',
    traceHash: totals.hash,
    events: totals.events,
    virtualSeconds: totals.virtualUs / 1e6,
    violations: totals.failures.map(({ seed, file, violated, deaths }) => ({
      ...{ seed, file: file === '' ? undefined : file, checkers: violated, deaths },
    })),
    faults: { ...faultSums(totals), kinds: totals.faults },
    seeds: runs,
    files: totals.files,
    verdicts,
    vacuous: totals.vacuous,
    reasons: totals.reasons,
    violated: totals.violated,
    failing,
    findings,
    marks: totals.marks,
    missingMarks: report.missingMarks,
    repeated: { seeds: totals.twice, diverged: totals.diverged },
    crashed: totals.crashed,
    interrupted: report.interrupted,
    elapsedSeconds: seconds,
    seedsPerSecond: runs / seconds,
    eventsPerSecond: totals.events / seconds,
  };
}
