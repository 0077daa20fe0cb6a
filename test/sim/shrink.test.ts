// Shrinking: the algorithm on lists whose minimum is known, a certificate that cannot be talked
// into anything, and real failures that must still be the same failures afterwards.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { scenarioToYaml } from '../../sim/scenario/writing.js';
import { shrinkScenario } from '../../sim/shrink.js';
import { certify, isMinimal, removalsOf } from '../../sim/shrink/certificate.js';
import { withWrittenOperations } from '../../sim/shrink/explicit.js';
import { Hunt } from '../../sim/shrink/hunt.js';
import { partRemovals, renumbered, withoutServers } from '../../sim/shrink/removals.js';
import { rounderTimes } from '../../sim/shrink/rounder.js';
import { settingsOf } from '../../sim/shrink/settings.js';
import { sweep } from '../../sim/shrink/sweep.js';
import type { Failure, Oracle } from '../../sim/shrink/trial.js';
import { oracleFor } from '../../sim/shrink/trial.js';
import { drawScenario } from '../../sim/swarm.js';

/** What is left of a list while `fails` goes on to hold, and how often it was asked. */
function swept<T>(list: readonly T[], fails: (left: readonly T[]) => boolean): [T[], number] {
  let left = list.slice();
  let asked = 0;
  sweep({
    count: () => left.length,
    remove: (from, to) => {
      asked += 1;
      const candidate = [...left.slice(0, from), ...left.slice(to)];
      if (!fails(candidate)) return false;
      left = candidate;
      return true;
    },
  });
  return [left, asked];
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('removal from a list', () => {
  it('leaves exactly what is needed, wherever it stands', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.uniqueArray(fc.nat(60), { maxLength: 6 }), (count, wanted) => {
        const needed = wanted.filter((one) => one < count).sort((a, b) => a - b);
        const [left] = swept(numbers(count), (some) => needed.every((one) => some.includes(one)));
        expect(left).toEqual(needed);
      }),
    );
  });

  it('asks few questions where little is needed', () => {
    const [left, asked] = swept(numbers(64), (some) => some.includes(37));
    expect(left).toEqual([37]);
    expect(asked).toBeLessThan(25);
  });

  it('leaves nothing that could go by itself, where one thing stands in for another', () => {
    const fails = (some: readonly number[]): boolean =>
      some.includes(3) ? some.includes(9) : some.includes(20) && some.length % 2 === 1;
    const [left] = swept(numbers(31), fails);
    expect(fails(left)).toBe(true);
    for (const one of left) expect(fails(left.filter((other) => other !== one))).toBe(false);
  });
});

/** A scenario in a world of our own, which fails as we say. */
const FIVE: Scenario = { ...drawScenario('3', { voters: [5, 5] }), faults: [], clocks: [] };
const NO_LIMIT = { runs: Infinity, events: Infinity, enough: () => false };

function failing(scenario: Scenario): Failure {
  return { failed: true, scenario, atUs: 1, events: 1, outcome: {} as RunOutcome };
}

const oracle =
  (fails: (scenario: Scenario) => boolean): Oracle =>
  (scenario) =>
    fails(scenario) ? failing(scenario) : { failed: false, events: 1 };

describe('the certificate', () => {
  const needs = (count: number) => oracle(({ cluster }) => cluster.voters.length >= count);

  it('counts every single removal that passes, and is right when all of them do', () => {
    const hunt = new Hunt(failing(FIVE), needs(5), NO_LIMIT);
    const removals = partRemovals({ ...FIVE, clients: [] });
    const certificate = certify(removals, hunt, () => expect.unreachable());
    expect(certificate).toEqual({ removals: 5, passed: 5, spare: [] });
    expect(isMinimal(certificate)).toBe(true);
  });

  it('fails when one more removal is possible, and names it', () => {
    const hunt = new Hunt(failing(FIVE), needs(4), NO_LIMIT);
    const smaller: Failure[] = [];
    const removals = partRemovals({ ...FIVE, clients: [] });
    const certificate = certify(removals, hunt, (one) => smaller.push(one));
    expect(isMinimal(certificate)).toBe(false);
    expect(certificate.passed).toBe(0);
    expect(certificate.spare).toContain('server 1');
    expect(smaller).toHaveLength(5);
  });

  it('does not count what the budget did not allow to run', () => {
    const hunt = new Hunt(failing(FIVE), needs(5), { ...NO_LIMIT, runs: 3 });
    const certificate = certify(partRemovals({ ...FIVE, clients: [] }), hunt, () => undefined);
    expect(certificate).toEqual({ removals: 5, passed: 3, spare: [] });
    expect(isMinimal(certificate)).toBe(false);
    expect(hunt.cutShort).toBe(true);
  });

  it('covers faults, hosts, operations, clients, servers and settings', () => {
    const text = [
      'name: all',
      'cluster: { voters: 3, observers: 1, limits: { snap-count: 8 } }',
      'clients: 2',
      'workload: { operations: [{ create: /a }, { client: 2, get: /a }] }',
      'faults: [{ fault: crash, servers: [1, 2], at: 1s }]',
    ].join('\n');
    const whats = removalsOf(parseScenario(text, 'all').ok!).map(({ what }) => what);
    for (const what of [
      ...['fault 1 (crash)', '1 in fault 1 (crash)', 'operation 2 (getData /a)'],
      ...['client 2', 'server 4', 'server 1', 'limits.snapCount'],
    ]) {
      expect(whats).toContain(what);
    }
  });
});

describe('what is left without a part', () => {
  it('is a scenario again, whatever goes', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const scenario = drawScenario(String(seed));
      const [first = 1] = scenario.cluster.voters;
      const rest = [
        ...partRemovals(scenario).map(({ without }) => without),
        ...settingsOf(scenario).flatMap(({ simpler }) => simpler),
        renumbered(withoutServers(scenario, [first])),
      ];
      for (const one of rest) {
        expect(parseScenario(scenarioToYaml(one), String(seed)).problems).toBeUndefined();
      }
    }
  });

  it('has its times rounded the simplest way first', () => {
    expect(rounderTimes(4_246_000).slice(0, 4)).toEqual([4e6, 5e6, 4.2e6, 4.3e6]);
    expect(rounderTimes(3_000_000)).toEqual([]);
  });
});

describe('operations written down', () => {
  it('make the same run as those that were drawn', () => {
    for (const seed of ['1', '5', '51', '60']) {
      const scenario = { ...drawScenario(seed, { variants: ['ack-before-fsync'] }), seed };
      const trial = oracleFor('chosen-by-quorum', runScenario)(scenario);
      if (!trial.failed) throw new Error(`seed ${seed} does not fail`);
      const again = oracleFor('chosen-by-quorum', runScenario)(withWrittenOperations(trial));
      expect(again.failed && again.outcome.traceHash).toBe(trial.outcome.traceHash);
    }
  });
});

/** Failures that campaigns have met, as they were saved. */
function saved(name: string): Scenario {
  const file = new URL(`failures/${name}.yaml`, import.meta.url);
  return parseScenario(readFileSync(file, 'utf8'), name).ok!;
}

const BUGS = [
  ['ack-before-fsync', '1', 'ack-truthfulness'],
  ['ack-before-fsync', '51', 'acked-write-is-chosen'],
  ['truncate-ahead-in-epoch', '219', 'committed-log-durability'],
] as const;

describe('shrinking a failure', () => {
  it.each(BUGS)('%s-%s: %s still fails, 1-minimal, again and again', (bug, seed, target) => {
    const scenario = saved(`${bug}-${seed}`);
    const result = shrinkScenario(scenario, { target })!;
    expect(isMinimal(result.certificate)).toBe(true);
    expect(result.after.faults).toBeLessThanOrEqual(result.before.faults);
    expect(result.after.faults + (result.after.operations ?? Infinity)).toBeLessThanOrEqual(12);
    const small = parseScenario(scenarioToYaml(result.scenario), 'small').ok!;
    const hashes = [1, 2, 3].map(() => {
      const outcome = runScenario(small, { level: 'hash' });
      expect(outcome.violations.map(({ checker }) => checker)).toContain(target);
      expect(outcome.asExpected).toBe(true);
      return outcome.traceHash;
    });
    expect(new Set(hashes)).toEqual(new Set([result.outcome.traceHash]));
    const safe = runScenario({ ...small, variants: [] }, { level: 'hash' });
    expect(safe.violations).toEqual([]);
  });

  it('does not begin if nothing fails, or not this', () => {
    const scenario = { ...drawScenario('1'), seed: '1' };
    expect(shrinkScenario(scenario)).toBeUndefined();
    const buggy = { ...scenario, variants: ['ack-before-fsync'] };
    expect(shrinkScenario(buggy, { target: 'vote-monotonicity' })).toBeUndefined();
  });

  it('keeps what it has when the budget is spent, and says that it is not minimal', () => {
    const scenario = saved('truncate-ahead-in-epoch-219');
    const result = shrinkScenario(scenario, { runs: 40 })!;
    expect(result.effort.runs).toBe(40);
    expect(isMinimal(result.certificate)).toBe(false);
    expect(result.outcome.violations.map(({ checker }) => checker)).toContain(result.target);
  });
});
