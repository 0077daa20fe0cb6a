// `zabsim bugs show`: one bug told from its record, then the smallest scenario that shows it, run
// here and now, and what to type to see more of it.
import type { CommandModule } from 'yargs';
import { differencesOf } from '../protocol/variants/differences.js';
import type { Variant } from '../protocol/variants/variant.js';
import { bugPage } from '../reports/bug-page.js';
import type { Painter } from '../reports/painter.js';
import { sizeWords } from '../reports/shrink-report.js';
import { storyLines } from '../reports/story.js';
import { CHECKERS } from '../sim/checkers/registry.js';
import type { RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { sizeOf } from '../sim/shrink/size.js';
import { bugJson } from './bugs-list.js';
import { keptScenario, loadKept } from './bug-scenarios.js';
import { commandText } from './internal-error.js';
import { bugsArgument, JSON_FLAG, TIMELINE } from './options.js';
import { pasteLines } from './paste-lines.js';
import type { TimelineLevel } from './run-view.js';
import { printTimeline } from './run-view.js';
import { makePainter, print, terminalWidth } from './terminal.js';

interface ShowArguments {
  readonly bug: string;
  readonly timeline: TimelineLevel | 'story';
  readonly json: boolean;
  readonly color: boolean | undefined;
}

function printHappening(
  outcome: RunOutcome,
  scenario: Scenario,
  level: TimelineLevel | 'story',
  paint: Painter,
): void {
  const width = terminalWidth();
  if (level !== 'story') {
    const paste = pasteLines({ again: [], outcome, trace: undefined });
    printTimeline(outcome, scenario, { timeline: level, paint, width, paste });
    return;
  }
  const [violation] = outcome.violations;
  const [death] = violation === undefined ? outcome.deaths : [];
  const records = outcome.recorder.records();
  for (const line of storyLines({ records, violation, death, width })) print(line);
  print();
}

function printScenario(variant: Variant, args: ShowArguments, paint: Painter): void {
  const name = keptScenario(variant);
  const scenario = loadKept(variant);
  if (name === undefined || scenario === undefined) return;
  const outcome = runScenario(scenario, { level: 'full' });
  print();
  print(paint('strong', `The smallest scenario, ${name}`));
  print(`  ${sizeWords(sizeOf(scenario))}`);
  print();
  printHappening(outcome, scenario, args.timeline, paint);
  print(`to see it:        ${commandText(['run', name, '--report', 'bug.html'])}`);
  print(`without the bug:  ${commandText(['run', name, '--profile', 'safe'])}`);
  print(`to find it anew:  ${commandText(['bugs', 'find', variant.id])}`);
}

function show(variant: Variant, args: ShowArguments): void {
  const paint = makePainter(args.color);
  const checkers = CHECKERS.filter(({ id }) => variant.breaks.includes(id)).toSorted(
    (a, b) => variant.breaks.indexOf(a.id) - variant.breaks.indexOf(b.id),
  );
  const differences = differencesOf(variant);
  const page = { variant, differences, checkers, paint, width: terminalWidth() };
  for (const line of bugPage(page)) print(line);
  printScenario(variant, args, paint);
}

export const bugsShowCommand: CommandModule<object, ShowArguments> = {
  command: 'show <bug>',
  describe: 'Tell the story of a bug',
  builder: (yargs) =>
    yargs
      .positional('bug', {
        type: 'string',
        demandOption: true,
        describe: 'Its id, or an issue as 3911 or ZOOKEEPER-3911',
      })
      .options({
        timeline: {
          ...TIMELINE,
          choices: ['story', 'short', 'full', 'none'] as const,
          default: 'story' as const,
          describe: 'How much to show of the smallest scenario',
        },
        json: JSON_FLAG,
        color: { type: 'boolean' },
      }),
  handler: (args) => {
    const bugs = bugsArgument('bugs show', args.bug);
    if (args.json) {
      const told = bugs.map((bug) => ({ ...bugJson(bug), differences: differencesOf(bug) }));
      print(JSON.stringify({ bugs: told }));
      return;
    }
    bugs.forEach((bug, index) => {
      if (index > 0) for (let line = 0; line < 2; line++) print();
      show(bug, args);
    });
  },
};
