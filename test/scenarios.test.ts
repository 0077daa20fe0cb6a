// Every packaged scenario, replayed: the verdict that it announces, and the very same run as ever.
// A changed hash means a changed run: look at it (`npx zabsim run NAME`), then UPDATE_GOLDEN=1.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson, compareCodeUnits } from '../base/order.js';
import { runScenario } from '../sim/run.js';
import type { RunOutcome } from '../sim/run.js';
import { parseScenario } from '../sim/scenario.js';
import type { Scenario } from '../sim/scenario/scenario.js';

const ROOT = join(import.meta.dirname, '..', 'scenarios');
const GOLDEN = join(import.meta.dirname, 'golden', 'scenarios.json');

interface Pinned {
  readonly traceHash: string;
  readonly verdict: string;
}

const names = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .map((path) => path.replaceAll('\\', '/').slice(0, -'.yaml'.length))
  .sort(compareCodeUnits);

function load(name: string): Scenario {
  const file = join(ROOT, `${name}.yaml`);
  const parsed = parseScenario(readFileSync(file, 'utf8'), file);
  if (parsed.ok === undefined) throw new Error(`${name} does not parse`);
  return parsed.ok;
}

const outcomes = new Map<string, RunOutcome>();

function outcomeOf(name: string): RunOutcome {
  const known = outcomes.get(name) ?? runScenario(load(name), { level: 'hash' });
  outcomes.set(name, known);
  return known;
}

function pinned(): Record<string, Pinned> {
  return JSON.parse(readFileSync(GOLDEN, 'utf8')) as Record<string, Pinned>;
}

describe('the packaged scenarios', () => {
  it('are at least sixteen', () => {
    expect(names.length).toBeGreaterThanOrEqual(16);
  });

  it.each(names)('%s ends as it announces', (name) => {
    const { asExpected, violations, vacuous, exitCode } = outcomeOf(name);
    const { expect: announced, variants } = load(name);
    if (variants.length > 0) {
      // The smallest one for a bug: nothing in it is there to prove anything else.
      expect({ asExpected, verdict: announced.verdict }).toEqual({
        asExpected: true,
        verdict: 'fail',
      });
      return;
    }
    if (announced.verdict === 'fail') {
      // Programs that wait for ever are among what is to be shown.
      const others = vacuous.filter((reason) => !reason.includes('did not converge'));
      expect({ asExpected, others }).toEqual({ asExpected: true, others: [] });
      return;
    }
    expect({ asExpected, violations, vacuous, exitCode }).toEqual({
      asExpected: true,
      violations: [],
      vacuous: [],
      exitCode: 0,
    });
  });

  it('run as they always did (UPDATE_GOLDEN=1 pins what they do now)', () => {
    const now: Record<string, Pinned> = {};
    for (const name of names) {
      const { traceHash, verdict } = outcomeOf(name);
      now[name] = { traceHash, verdict };
    }
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(GOLDEN, `${JSON.stringify(JSON.parse(canonicalJson(now)), undefined, 2)}\n`);
    }
    expect(now).toEqual(pinned());
  });
});
