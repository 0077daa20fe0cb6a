// A planted bug as a page to read: what goes wrong, in which releases, which decision differs from
// the safe one, how it comes about step by step, and who notices. From the bug's own record, so
// that nothing is told twice.
import type { Difference } from '../protocol/variants/differences.js';
import type { Variant } from '../protocol/variants/variant.js';
import type { Checker } from '../sim/checkers/checker.js';
import { decisionWords } from './decision-words.js';
import { counted, listed, wrapped } from './format.js';
import type { Painter } from './painter.js';

const LABEL = 14;
const TRACKER = 'https://issues.apache.org/jira/browse/';

export interface BugPage {
  readonly variant: Variant;
  readonly differences: readonly Difference[];
  /** What its checkers claim, in the order of `breaks`. */
  readonly checkers: readonly Pick<Checker, 'id' | 'claim'>[];
  readonly paint: Painter;
  readonly width: number;
}

/** `3 servers`, `3 voters and 1 observer` */
function clusterWords({ voters, observers }: Variant['smallestCluster']): string {
  if (observers === 0) return counted(voters, 'server');
  return `${counted(voters, 'voter')} and ${counted(observers, 'observer')}`;
}

/** Where it was; what no release has had says so. */
export function releaseWords({ presentIn, fixedIn, kind }: Variant): string {
  if (presentIn !== undefined) return presentIn.join(', ');
  if (kind === 'mutation') return 'none: one step changed on purpose';
  return fixedIn === undefined ? 'none' : `none: it never left development`;
}

function row(label: string, text: string, { paint, width }: BugPage): string[] {
  return wrapped(text, width - LABEL).map((line, index) => {
    const margin = (index === 0 ? label : '').padEnd(LABEL);
    return `${index === 0 ? paint('dim', margin) : margin}${line}`;
  });
}

/** Steps of one list that the other lacks, or has elsewhere, stand out. */
function stepsText(steps: readonly string[], others: readonly string[], paint: Painter): string {
  const isNew = (step: string, index: number): boolean =>
    !others.includes(step) || (steps.length === others.length && others[index] !== step);
  return steps.map((step, index) => (isNew(step, index) ? paint('warn', step) : step)).join(', ');
}

function differenceLines(page: BugPage): string[] {
  const { differences, paint, width } = page;
  return differences.flatMap(({ decision, safe, here }) => {
    const question = wrapped(`${decisionWords(decision)} (${decision})`, width - 2);
    const told =
      decision === 'quorums'
        ? [`    here  another test for: ${here.join(', ')}`]
        : safe.length + here.length === 0
          ? ['    here  a rule of its own']
          : [
              `    safe  ${stepsText(safe, here, paint)}`,
              `    here  ${here.length === 0 ? 'nothing' : stepsText(here, safe, paint)}`,
            ];
    return [...question.map((line) => `  ${line}`), ...told];
  });
}

function storyLines({ variant: { story = [], claim }, width }: BugPage): string[] {
  const steps = story.length === 0 ? [claim] : story;
  return steps.flatMap((step, index) =>
    wrapped(step, width - 5).map((line, at) => `${at === 0 ? ` ${index + 1}. ` : '    '} ${line}`),
  );
}

function checkerLines({ checkers, width }: BugPage): string[] {
  return checkers.flatMap(({ id, claim }) => {
    const [first = '', ...others] = wrapped(claim, width - 4);
    return [`  ${id}`, `    ${first}`, ...others.map((line) => `    ${line}`)];
  });
}

function heading(text: string, { paint }: BugPage): string[] {
  return ['', paint('strong', text)];
}

export function bugPage(page: BugPage): string[] {
  const { variant, paint } = page;
  const { id, title, jira, claim, cites, guards, needs, fixedIn = [], control } = variant;
  const name = jira[0] ?? id;
  const links = jira.map((issue) => `${TRACKER}${issue}`);
  const sources = [...links, ...cites.map((cite) => `[${cite}]`)];
  const optional = (label: string, text: string | undefined): string[] =>
    text === undefined || text === '' ? [] : row(label, text, page);
  return [
    paint('strong', name),
    ...wrapped(title, page.width),
    '',
    ...row('bug', id, page),
    ...row('what', claim, page),
    ...row('releases', releaseWords(variant), page),
    ...optional('fixed in', listed(fixedIn)),
    ...sources.flatMap((source, index) => row(index === 0 ? 'sources' : '', source, page)),
    ...row('cluster', `${clusterWords(variant.smallestCluster)} or more`, page),
    ...optional('needs', needs?.join(', ')),
    ...optional('masked by', guards),
    ...optional('control', control),
    ...heading('What it decides otherwise', page),
    ...differenceLines(page),
    ...heading('How it fails', page),
    ...storyLines(page),
    ...heading(control === undefined ? 'Who catches it' : 'Who could catch it', page),
    ...checkerLines(page),
  ];
}
