// Scenarios as arbitraries: a property of a user finds a planted bug and gets a small scenario for
// it. The first block is the example of the documents, word for word.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runScenario, scenarios } from '../../sim/arbitraries.js';
import { parseScenario } from '../../sim/scenario.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { scenarioToYaml } from '../../sim/scenario/writing.js';

// [example]
it('no scenario of the swarm violates an invariant', () => {
  fc.assert(
    fc.property(scenarios({ voters: [3, 5], faultKinds: ['crash', 'partition'] }), (scenario) => {
      const { violations } = runScenario(scenario, { level: 'hash' });
      expect(violations.map(({ checker }) => checker)).toEqual([]);
    }),
    { numRuns: 50, seed: 1 },
  );
});
// [/example]

it('the example of the documents is this one', () => {
  const text = readFileSync(new URL(import.meta.url), 'utf8');
  const [, example = ''] = text.split(/^\/\/ \[\/?example\]\n/m);
  const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(example).toContain('fc.property');
  expect(page).toContain(example);
});

/** What fast-check ends up with. */
function smallest(
  property: (scenario: Scenario) => boolean,
  options: Parameters<typeof scenarios>[0] = {},
  seed = 7,
): Scenario {
  const found = fc.check(fc.property(scenarios(options), property), { seed, numRuns: 200 });
  if (!found.failed) throw new Error('nothing was found');
  const [scenario] = found.counterexample ?? [];
  if (scenario === undefined) throw new Error('nothing was kept');
  return scenario;
}

const violated = (scenario: Scenario): Set<string> =>
  new Set(runScenario(scenario, { level: 'hash' }).violations.map(({ checker }) => checker));

describe('scenarios()', () => {
  it('are the same for the same seed, keep to the options and can be written down', () => {
    const options = { voters: [3, 3], observers: [1, 1], faultKinds: ['crash'] } as const;
    const sample = (): Scenario[] => fc.sample(scenarios(options), { seed: 3, numRuns: 30 });
    expect(sample()).toEqual(sample());
    for (const scenario of sample()) {
      expect([scenario.cluster.voters.length, scenario.cluster.observers.length]).toEqual([3, 1]);
      expect(scenario.faults.every(({ fault }) => fault === 'crash')).toBe(true);
      expect(parseScenario(scenarioToYaml(scenario), 'drawn').problems).toBeUndefined();
    }
  });

  it('print as a file that repeats the failure', () => {
    const property = fc.property(
      scenarios({ variants: ['ack-before-fsync'] }),
      (scenario) => !violated(scenario).has('ack-truthfulness'),
    );
    const message = fc.defaultReportMessage(fc.check(property, { seed: 7 })) ?? '';
    const [, text = ''] = /Counterexample: \[([^]*)\]\nShrunk/.exec(message) ?? [];
    const { ok } = parseScenario(text, 'pasted');
    expect(ok === undefined ? text : violated(ok)).toContain('ack-truthfulness');
  });

  // One simplification at a time: it may end beside what is smallest, and `zabsim shrink` goes on.
  it('shrink to what a property needs, mostly to no more, and no further', () => {
    const needs = ({ faults }: Scenario): number =>
      faults.filter(({ fault }) => fault === 'crash').length;
    const found = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) =>
      smallest((scenario) => needs(scenario) < 2, {}, seed),
    );
    expect(found.map(needs)).toEqual(found.map(() => 2));
    const sizes = found.map(({ faults, clients, cluster, workload }) =>
      [faults.length, clients.length, cluster.voters.length, workload.ops].join(' '),
    );
    expect(sizes.filter((size) => size === '2 0 3 4').length).toBeGreaterThanOrEqual(5);
  });

  it('shrink a planted bug to a scenario that still shows it', () => {
    const options = { variants: ['ack-before-fsync'] };
    const scenario = smallest((drawn) => !violated(drawn).has('ack-truthfulness'), options);
    expect(violated(scenario)).toContain('ack-truthfulness');
    expect(scenario.faults).toEqual([]);
    expect(scenario.clients).toHaveLength(1);
    expect(scenario.cluster.voters).toHaveLength(3);
  });

  it('can be combined with other arbitraries, and shrink there as well', () => {
    const pairs = fc.tuple(scenarios(), fc.nat(9)).map(([scenario, nat]) => ({ scenario, nat }));
    const found = fc.check(
      fc.property(pairs, ({ scenario, nat }) => scenario.faults.length === 0 || nat < 3),
      { seed: 5 },
    );
    const [smallestPair] = found.counterexample ?? [];
    expect([smallestPair?.nat, smallestPair?.scenario.faults.length]).toEqual([3, 1]);
  });
});
