// The smallest scenarios of the museum: where they are, and how they come about again when a change
// of the protocol or of the swarm has made other runs of them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bugScenarioText } from '../../../cli/bug-scenarios.js';
import { storyLines } from '../../../reports/story.js';
import type { Variant } from '../../../protocol/variants/variant.js';
import { runScenario } from '../../../sim/run.js';
import { parseScenario } from '../../../sim/scenario.js';
import type { Scenario } from '../../../sim/scenario/scenario.js';
import type { ShrinkResult } from '../../../sim/shrink.js';
import { shrinkScenario } from '../../../sim/shrink.js';
import { isMinimal } from '../../../sim/shrink/certificate.js';
import { drawScenario } from '../../../sim/swarm.js';

export const SCENARIOS = join(import.meta.dirname, '..', '..', '..', 'scenarios');

export const folderOf = ({ kind }: Variant): string => (kind === 'mutation' ? 'mutations' : 'bugs');

export function pathOf(variant: Variant): string {
  return join(SCENARIOS, folderOf(variant), `${variant.id}.yaml`);
}

export function textOf(variant: Variant): string {
  return existsSync(pathOf(variant)) ? readFileSync(pathOf(variant), 'utf8') : '';
}

export function load(variant: Variant): Scenario {
  const parsed = parseScenario(textOf(variant), variant.id);
  if (parsed.ok === undefined) throw new Error(JSON.stringify(parsed));
  return parsed.ok;
}

export const notedHash = (variant: Variant): string | undefined =>
  /^# trace hash ([0-9a-f]{16})$/m.exec(textOf(variant))?.[1];

/** Checkers that fail, the first one first. */
export function failing(scenario: Scenario): string[] {
  const { violations } = runScenario(scenario, { level: 'hash' });
  const inOrder = violations.toSorted((a, b) => a.record - b.record);
  return [...new Set(inOrder.map(({ checker }) => checker))];
}

/** Does it show this bug, and nothing but this bug? */
function isGood({ scenario, certificate, target }: ShrinkResult): boolean {
  const { violations, deaths } = runScenario({ ...scenario, variants: [] }, { level: 'hash' });
  const clean = violations.length === 0 && deaths.length === 0;
  return clean && isMinimal(certificate) && failing(scenario)[0] === target;
}

const WIDTH = 96;

/** The text with its story in the words of today. */
export function retold(variant: Variant): string {
  const { violations, deaths, recorder } = runScenario(load(variant), { level: 'full' });
  const violation = violations.find(({ checker }) => checker === variant.breaks[0]);
  const told = { violation, death: deaths[0], records: recorder.records(), width: WIDTH };
  const lines = storyLines(told).map((line) => `# ${line}`.trimEnd());
  return textOf(variant).replace(
    /(# What happens:\n)[\s\S]*?(\n#\n# trace hash)/,
    (_, head: string, tail: string) => `${head}${lines.join('\n')}${tail}`,
  );
}

const SEARCHED = 20_000;
/** Events enough for a server that refuses and comes back all the time. */
const PATIENCE = { events: 100_000_000 };

/** What there is, then what the seeds of the swarm show. */
function* beginnings(variant: Variant): Generator<Scenario, void> {
  if (textOf(variant) !== '') yield load(variant);
  for (let seed = 1; seed <= SEARCHED; seed++) {
    yield drawScenario(`${seed}`, { variants: [variant.id] });
  }
}

function isKnown(variant: Variant): boolean {
  if (textOf(variant) === '') return false;
  return runScenario(load(variant), { level: 'hash' }).traceHash === notedHash(variant);
}

/** If its run is the one that the file tells of, only the words are renewed. */
export function shrinkAnew(variant: Variant): void {
  if (isKnown(variant)) {
    writeFileSync(pathOf(variant), retold(variant));
    return;
  }
  const [target = ''] = variant.breaks;
  for (const scenario of beginnings(variant)) {
    const options = { level: 'hash', checkers: [target], stopAt: 'violation' } as const;
    if (runScenario(scenario, options).violations.length === 0) continue;
    const result = shrinkScenario(scenario, { target, ...PATIENCE });
    if (result === undefined || !isGood(result)) continue;
    writeFileSync(pathOf(variant), `${bugScenarioText(variant, result)}\n`);
    return;
  }
}
