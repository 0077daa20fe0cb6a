// `zabsim list`: what there is to choose from, generated from the registries that the simulator
// itself uses, so it cannot be out of date.
import Table from 'cli-table3';
import type { CommandModule } from 'yargs';
import { CHECKERS } from '../sim/checkers/registry.js';
import { FAULT_KINDS } from '../sim/faults/registry.js';
import { PROFILES } from '../sim/profiles.js';
import { MARK_NAMES, MARKS } from '../protocol/marks.js';
import { VARIANTS } from '../protocol/variants/registry.js';
import { JSON_FLAG } from './options.js';
import { loadScenario, scenarioNames } from './scenario-files.js';
import { NO_BORDERS } from './table-borders.js';
import { makePainter, print, terminalWidth } from './terminal.js';

const SUBJECTS = ['scenarios', 'checkers', 'faults', 'profiles', 'variants', 'marks'] as const;
type Subject = (typeof SUBJECTS)[number];
type Entry = Readonly<Record<string, string>>;

/** In a table the longest column comes last; what else is known of an entry is in the JSON. */
function rowsOf(subject: Subject): Entry[] {
  switch (subject) {
    case 'scenarios':
      return scenarioNames().map((scenario) => ({
        ...{ scenario, title: loadScenario(scenario).scenario.name },
      }));
    case 'checkers':
      return CHECKERS.map(({ id, kind, claim }) => ({ checker: id, kind, claim }));
    case 'faults':
      return FAULT_KINDS.map(({ name, family, model, claim }) => ({
        ...{ fault: name, family, model, 'what happens': claim },
      }));
    case 'profiles':
      return PROFILES.map(({ name, title, variants }) => ({
        ...{ profile: name, bugs: String(variants.length), title },
      }));
    case 'marks':
      return MARK_NAMES.map((mark) => ({ mark, 'what happens': MARKS[mark].means }));
    case 'variants':
      return VARIANTS.map(({ id, title, jira }) => ({
        ...{
          variant: id,
          issue: jira.map((issue) => issue.replace('ZOOKEEPER-', '')).join(' '),
          title,
        },
      }));
  }
}

function jsonOf(subject: Subject): object[] {
  switch (subject) {
    case 'scenarios':
      return scenarioNames().map((name) => {
        const { name: title, story, lookFor } = loadScenario(name).scenario;
        return { name, title, story, lookFor };
      });
    case 'profiles':
      return PROFILES.map(({ name, title, variants }) => ({ profile: name, variants, title }));
    case 'checkers':
      return CHECKERS.map(({ id, kind, claim, cites, kinds }) => ({
        id,
        kind,
        claim,
        cites,
        kinds,
      }));
    case 'faults':
      return FAULT_KINDS.map(({ name, family, claim, model, because, lasts, weight }) => ({
        ...{ name, family, claim, model, because, lasts, weight },
      }));
    case 'marks':
      return MARK_NAMES.map((name) => ({ name, ...MARKS[name] }));
    case 'variants':
      // All but `apply`: JSON leaves functions out.
      return [...VARIANTS];
  }
}

/** The last column takes what is left, and wraps. */
function columnWidths(rows: readonly (readonly string[])[], total: number): number[] {
  const widths = (rows[0] ?? []).map(
    (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + 1,
  );
  const last = widths.length - 1;
  const others = widths.slice(0, last).reduce((sum, width) => sum + width + 1, 0);
  return widths.with(last, Math.max(30, Math.min(widths[last] ?? 0, total - others)));
}

function render(entries: readonly Entry[], color: boolean | undefined): string {
  const paint = makePainter(color);
  if (entries.length === 0) return 'none';
  const heads = Object.keys(entries[0] ?? {});
  const rows = [heads, ...entries.map((entry) => heads.map((head) => entry[head] ?? ''))];
  const table = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: columnWidths(rows, terminalWidth()),
    wordWrap: true,
  });
  const [head = [], ...body] = rows;
  table.push(head.map((text) => paint('dim', text)));
  table.push(...body.map(([name = '', ...rest]) => [paint('strong', name), ...rest]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

interface ListArguments {
  readonly subject: Subject;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

export const listCommand: CommandModule<object, ListArguments> = {
  command: 'list <subject>',
  describe: 'List scenarios, checkers, faults, profiles, variants or marks',
  builder: (yargs) =>
    yargs
      .positional('subject', { choices: SUBJECTS, demandOption: true, describe: 'What to list' })
      .option('json', JSON_FLAG)
      .option('color', { type: 'boolean' })
      .example('$0 list scenarios', 'the stories that come with zabsim')
      .example('$0 list checkers --json', 'every invariant, for a script'),
  handler: ({ subject, json, color }) => {
    if (json) print(JSON.stringify({ [subject]: jsonOf(subject) }));
    else print(render(rowsOf(subject), color));
  },
};
