// What `run` and `replay` print about one run: timeline, verdict, faults, checkers, servers, and
// the failure block. The texts are made in reports/; here is only their order.
import { Board } from '../reports/board.js';
import { failureBlock } from '../reports/failure.js';
import type { PasteLines } from '../reports/failure.js';
import type { Painter } from '../reports/painter.js';
import { checkerBlock, faultBlock, serverBlock, verdictBlock } from '../reports/summary.js';
import { timelineOf } from '../reports/timeline.js';
import type { RunOutcome } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { madeBy } from './package-info.js';
import { print } from './terminal.js';

export type TimelineLevel = 'short' | 'full' | 'none';

export interface View {
  readonly timeline: TimelineLevel;
  readonly paint: Painter;
  readonly width: number;
  readonly paste: PasteLines;
}

export function serversOf({ cluster }: Scenario): number[] {
  return [...cluster.voters, ...cluster.observers];
}

export function printTimeline(outcome: RunOutcome, scenario: Scenario, view: View): void {
  if (view.timeline === 'none') return;
  const { paint, width } = view;
  const options = {
    ...{ level: view.timeline, servers: serversOf(scenario), width, paint },
    observers: scenario.cluster.observers,
    violations: outcome.violations,
  };
  for (const line of timelineOf(outcome.recorder.records(), options)) print(line);
  print();
}

function printServers(outcome: RunOutcome, scenario: Scenario): void {
  const board = new Board(serversOf(scenario));
  for (const record of outcome.recorder.records()) board.observe(record);
  for (const line of serverBlock(board)) print(line);
}

export function printRun(outcome: RunOutcome, scenario: Scenario, view: View): void {
  const { paint, width, paste } = view;
  const stored = outcome.recorder.level === 'full';
  if (stored) printTimeline(outcome, scenario, view);
  const failed = outcome.violations.length > 0 || outcome.deaths.length > 0;
  const blocks = [
    verdictBlock(outcome, paint),
    faultBlock(outcome, paint),
    checkerBlock(outcome, width, paint),
  ];
  for (const line of blocks.flat()) print(line);
  if (stored) printServers(outcome, scenario);
  if (!failed) return;
  print();
  const recordAt = (index: number) => (stored ? outcome.recorder.at(index) : undefined);
  const input = { report: outcome, paste, recordAt, made: madeBy(), paint, width };
  for (const line of failureBlock(input)) print(line);
}
