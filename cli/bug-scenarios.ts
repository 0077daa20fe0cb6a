// The scenario that the museum keeps for each bug: the smallest one that shows it, below
// scenarios/bugs, or scenarios/mutations for what no release has had. And how a new one is written.
import type { Variant } from '../protocol/variants/variant.js';
import type { ShrinkResult } from '../sim/shrink.js';
import { loadScenario, scenarioNames } from './scenario-files.js';
import { shrunkText } from './shrunk-file.js';
import type { Scenario } from '../sim/scenario/scenario.js';

/** As a command line names it; undefined for what nothing may find, and what is new. */
export function keptScenario({ id, kind }: Variant): string | undefined {
  const name = `${kind === 'mutation' ? 'mutations' : 'bugs'}/${id}`;
  return scenarioNames().includes(name) ? name : undefined;
}

export function loadKept(variant: Variant): Scenario | undefined {
  const name = keptScenario(variant);
  return name === undefined ? undefined : loadScenario(name).scenario;
}

/** `ZOOKEEPER-3911: ACK NEWLEADER before ...` */
export function bugTitle({ jira: [issue], title }: Variant): string {
  return issue === undefined ? title : `${issue}: ${title}`;
}

/** A shrunk scenario that says which bug it shows, and tells its story. */
export function bugScenarioText(variant: Variant, result: ShrinkResult): string {
  const { claim, story = [claim] } = variant;
  const { scenario } = result;
  // What is broken is proof enough; and without the bug a fault may have nothing to bite on.
  const expect = { ...scenario.expect, effects: 'any' } as const;
  const told = { ...scenario, name: bugTitle(variant), story: story.join('\n'), expect };
  return shrunkText({ ...result, scenario: told });
}
