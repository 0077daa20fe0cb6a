// Which checker finds which planted bug: every variant is run over the same seeds of the swarm with
// all checkers, and for each checker it is counted in how many runs it failed, and in how many it
// was the first, or the only one, to do so. A checker that is never first and never alone could be
// taken away without a bug going unnoticed; a note says why it stays.
import type { Variant } from '../protocol/variants/variant.js';
import { CHECKERS } from '../sim/checkers/registry.js';
import { runScenario } from '../sim/run.js';
import { drawScenario } from '../sim/swarm.js';

/** A server process that ends by itself is a finding as well, though no checker's. */
const DEATH = 'a process ends by itself';

/** Per finder: runs in which it failed, was first, was alone. */
interface Finds {
  readonly failed: number;
  readonly first: number;
  readonly alone: number;
}

export interface Row {
  readonly variant: Variant;
  readonly seeds: number;
  readonly caught: number;
  readonly finders: ReadonlyMap<string, Finds>;
}

const NONE: Finds = { failed: 0, first: 0, alone: 0 };

function findersIn(variant: Variant, seed: number): readonly string[] {
  const scenario = drawScenario(`${seed}`, { variants: [variant.id] });
  const { violations, deaths } = runScenario(scenario, { level: 'hash' });
  const diedAtUs = deaths[0]?.atUs ?? Infinity;
  const found = new Set<string>();
  for (const { checker, atUs } of violations) {
    if (atUs >= diedAtUs) found.add(DEATH);
    found.add(checker);
  }
  return deaths.length > 0 ? [...found.add(DEATH)] : [...found];
}

/** `usual` seeds, and more, up to `most`, while nothing is found. */
export function measureRow(variant: Variant, usual: number, most: number): Row {
  const finders = new Map<string, Finds>();
  let caught = 0;
  let seeds = 0;
  while (seeds < usual || (caught === 0 && seeds < most)) {
    seeds += 1;
    const found = findersIn(variant, seeds);
    if (found.length > 0) caught += 1;
    found.forEach((id, index) => {
      const { failed, first, alone } = finders.get(id) ?? NONE;
      finders.set(id, {
        failed: failed + 1,
        first: first + (index === 0 ? 1 : 0),
        alone: alone + (found.length === 1 ? 1 : 0),
      });
    });
  }
  return { variant, seeds, caught, finders };
}

/** Why a checker that is never first and never alone is kept. */
const OF_RECIPES = 'judges programs of clients: the mistakes of scenarios/recipes/ make it fire';
const NOTES: Readonly<Record<string, string>> = {
  'single-leader-per-epoch':
    'a second reign is established before it acts; `leadership2` sees that',
  leadership1: 'both reigns of an epoch are established before both are active; see `leadership2`',
  'unique-zxid': 'needs a second reign of the same epoch, which is found when it begins',
  'primary-integrity': 'a leader that lacks something is found when it is established',
  'quorum-durability': 'what a quorum loses, each of its members loses first',
  'global-primary-order': 'needs a wrong commit, which `chosen-by-broadcast` rejects at once',
  'local-primary-order': 'needs a wrong commit or counter, which other checkers reject before',
  'chosen-by-recovery':
    'needs a leader with a wrong history, which is found when it is established',
  'chosen-by-broadcast': 'needs a wrong proposal or reign, which is found before it is committed',
  integrity: 'what is applied and was never proposed has been logged before',
  'provisional-applies':
    'in synchronization what is applied has been logged before, but after SNAP',
  'commit-consistency': 'no variant here makes a leader tell of commits that it has not decided',
  'ack-order': 'a hole in the acknowledgements is a hole in the log first',
  'restartable-files': 'a process that refuses to start is noticed as well',
  [DEATH]: 'no checker, but never to be ignored',
  'leader-log-completeness':
    'is first for `follower-ahead-accepted`, which takes some 2,000 seeds to be seen',
  'link-fifo': 'judges the network of the model, which no variant changes',
  'acked-write-is-chosen': 'what clients notice comes last',
  'linearizable-writes': 'what clients notice comes last',
  'reads-see-a-prefix': 'what clients notice comes last',
  'monotonic-reads': 'what clients notice comes last',
  'read-your-writes': 'what clients notice comes last',
  'fifo-client-order': 'what clients notice comes last; no variant reorders one session',
  'single-system-image': 'what clients notice comes last',
  'session-table': 'needs tables that differ; test/sim/checkers-mutants.test.ts makes it fire',
  'sequential-numbers':
    'no variant counts creates otherwise; test/sim/checkers-mutants.test.ts makes it fire',
  'no-lost-watch': 'no variant forgets a watch; test/sim/checkers-mutants.test.ts makes it fire',
  'watch-before-data': 'an early zxid is seen by `reads-see-a-prefix` as well, and sooner',
  'acl-never-bypassed':
    'no variant forgets a right; test/sim/checkers-mutants.test.ts makes it fire',
  'quota-honoured': 'no variant miscounts; test/sim/checkers-mutants.test.ts makes it fire',
  'reaped-when-due': 'no variant reaps early; test/sim/checkers-mutants.test.ts makes it fire',
  'client-history': 'sees only what clients saw: what it rejects the checkers inside reject sooner',
  'contest-order': OF_RECIPES,
  'contest-fencing': OF_RECIPES,
  'contest-wakes': OF_RECIPES,
  'barrier-holds': OF_RECIPES,
  'double-barrier-holds': OF_RECIPES,
  'queue-exactly-once': OF_RECIPES,
  'queue-order': OF_RECIPES,
  'counter-sum': OF_RECIPES,
  'config-forward': OF_RECIPES,
  'group-views': OF_RECIPES,
  'registry-calls': OF_RECIPES,
  'atomic-commitment': OF_RECIPES,
  'recipe-ends': OF_RECIPES,
  convergence: 'judges the end of a run',
  liveness: 'judges the end of a run',
};

const INTRODUCTION = `# Which checker finds which bug

Every variant of \`protocol/variants/\`, run by the swarm with all checkers. Written by
\`npm run matrix\`; what it counts is explained in \`bench/matrix.ts\`. The same seeds give the same
page.

A variant is *caught* in a run if a checker fails or a server process ends by itself. In the first
table \`checker n/f\` says: failed in *n* runs, before all others in *f*. Controls are variants that
must not be caught.`;

function finderText([id, { failed, first }]: [string, Finds]): string {
  const name = id === DEATH ? DEATH : `\`${id}\``;
  return first > 0 ? `${name} ${failed}/${first}` : `${name} ${failed}`;
}

function variantLine({ variant, seeds, caught, finders }: Row): string {
  const kind = variant.control !== undefined ? 'control' : (variant.kind ?? 'bug');
  const sorted = [...finders].sort(([, a], [, b]) => b.first - a.first || b.failed - a.failed);
  const text = caught === 0 ? (variant.control ?? 'not caught') : sorted.map(finderText).join(', ');
  return `| \`${variant.id}\` | ${kind} | ${caught} of ${seeds} | ${text} |`;
}

function checkerLine(id: string, rows: readonly Row[]): string {
  const finds = rows.map(({ finders }) => finders.get(id) ?? NONE);
  const count = (of: keyof Finds): number => finds.filter((found) => found[of] > 0).length;
  const redundant = count('first') === 0 && count('alone') === 0;
  const note = redundant ? (NOTES[id] ?? 'NOT EXPLAINED') : '';
  const name = id === DEATH ? DEATH : `\`${id}\``;
  return `| ${name} | ${count('failed')} | ${count('first')} | ${count('alone')} | ${note} |`;
}

/** docs/matrix.md. */
export function renderMatrix(rows: readonly Row[]): string {
  const ids = [...CHECKERS.map(({ id }) => id), DEATH];
  return [
    INTRODUCTION,
    '',
    '## By variant',
    '',
    '| variant | kind | caught | by |',
    '|---|---|---|---|',
    ...rows.map(variantLine),
    '',
    '## By checker',
    '',
    'In how many variants a checker fails in some run, is the first to, and is the only one to.',
    '',
    '| checker | fails | first | alone | why it stays, if it is never first and never alone |',
    '|---|---|---|---|---|',
    ...ids.map((id) => checkerLine(id, rows)),
    '',
  ].join('\n');
}
