// `zabsim bugs list`: the museum as a table. On a terminal it is laid out for its width; into a
// pipe goes one line for each bug.
import Table from 'cli-table3';
import type { CommandModule } from 'yargs';
import { issuesOf, VARIANTS } from '../protocol/variants/registry.js';
import type { Variant } from '../protocol/variants/variant.js';
import { releaseWords } from '../reports/bug-page.js';
import type { Painter } from '../reports/painter.js';
import { table } from '../reports/table.js';
import { keptScenario } from './bug-scenarios.js';
import { JSON_FLAG } from './options.js';
import { NO_BORDERS } from './table-borders.js';
import { makePainter, print, terminalWidth } from './terminal.js';

interface ListArguments {
  readonly all: boolean;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

function serversOf({ smallestCluster: { voters, observers } }: Variant): string {
  return observers === 0 ? `${voters}` : `${voters}+${observers}`;
}

/** By the number of the oldest issue; what has none comes last. */
function shown(all: boolean): Variant[] {
  const oldest = (variant: Variant): number =>
    Math.min(...issuesOf(variant).map(Number), Number.MAX_SAFE_INTEGER);
  return VARIANTS.filter(({ kind }) => all || kind !== 'mutation').toSorted(
    (a, b) => oldest(a) - oldest(b),
  );
}

/** Everything but the function; JSON leaves functions out. */
export function bugJson(variant: Variant): object {
  return { ...variant, scenario: keptScenario(variant) ?? null };
}

const HEADS = ['issue', 'bug', 'broken first', 'servers', 'releases', 'title'];

function cellsOf(variant: Variant): string[] {
  const issues = issuesOf(variant);
  return [
    issues.length === 0 ? '-' : issues.join(' '),
    variant.id,
    variant.control === undefined ? (variant.breaks[0] ?? '') : 'nothing: a control',
    serversOf(variant),
    releaseWords(variant),
    variant.title,
  ];
}

const WIDTHS = { issue: 6, broken: 25, servers: 8, gaps: 4 } as const;

/** Bug and title share a column, and with the releases what the others leave. */
function laidOut(variants: readonly Variant[], paint: Painter, width: number): string {
  const rest = width - WIDTHS.issue - WIDTHS.broken - WIDTHS.servers - WIDTHS.gaps;
  const releases = Math.min(30, Math.floor(rest * 0.4));
  const grid = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: [WIDTHS.issue, rest - releases, WIDTHS.broken, WIDTHS.servers, releases],
    wordWrap: true,
  });
  const dim = (text: string): string => paint('dim', text);
  grid.push(['issue', 'bug', 'broken first', 'servers', 'releases'].map(dim));
  for (const variant of variants) {
    const [issue = '', id = '', broken = '', servers = '', where = '', title = ''] =
      cellsOf(variant);
    grid.push([issue, `${paint('strong', id)}\n${title}`, broken, servers, where]);
  }
  return grid.toString();
}

export const bugsListCommand: CommandModule<object, ListArguments> = {
  command: 'list',
  describe: 'List the bugs with their issues, what they break and where they were',
  builder: (yargs) =>
    yargs
      .option('all', {
        type: 'boolean',
        default: false,
        describe: 'Mutations, too: single steps changed that no release got wrong',
      })
      .option('json', JSON_FLAG)
      .option('color', { type: 'boolean' }),
  handler: ({ all, json, color }) => {
    const variants = shown(all);
    if (json) print(JSON.stringify({ bugs: variants.map(bugJson) }));
    else if (process.stdout.isTTY) print(laidOut(variants, makePainter(color), terminalWidth()));
    else for (const line of table([HEADS, ...variants.map(cellsOf)], { indent: 0 })) print(line);
  },
};
