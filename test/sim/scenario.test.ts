// Scenario files: short ones mean a lot, wrong ones are refused with the place and the reason, and
// what is written back means the same.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../sim/faults/registry.js';
import { scenarioJsonSchema } from '../../sim/scenario/json-schema.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { toSetup } from '../../sim/scenario/setup.js';
import { formatDuration, parseDuration } from '../../sim/scenario/units.js';
import { scenarioToDocument, scenarioToYaml } from '../../sim/scenario/writing.js';
import { parseScenario } from '../../sim/scenario.js';
import { drawScenario } from '../../sim/swarm.js';

function parse(text: string): Scenario {
  const { ok, problems } = parseScenario(text, 'test.yaml');
  expect(problems).toBeUndefined();
  return ok!;
}

/** `line:column path` of every problem, in order. */
function places(text: string): string[] {
  const { problems = [] } = parseScenario(text, 'test.yaml');
  return problems.map(({ line, column, path }) => `${line}:${column} ${path}`);
}

function onlyProblem(text: string): { found: string; expected: string; hint: string } {
  const { problems = [] } = parseScenario(text, 'test.yaml');
  expect(problems).toHaveLength(1);
  const { found, expected, hint } = problems[0]!;
  return { found, expected, hint };
}

const FULL = `
name: everything
story: |
  Two lines,
  and a second.
look-for:
  - something
profile: safe
variants: [ack-before-fsync]
seed: '0x10'
cluster:
  voters: [2, 4, 6, 8]
  observers: 1
  weights: { 2: 3, 4: 0 }
  groups: [[2, 4], [6], [8]]
  timing: { tick: 500ms, sync-limit: 3, max-notification: 1s }
  limits: { commit-log-count: 3, snapshot-size-factor: -1 }
network: { latency: { min: 1ms, mean: 2ms } }
disk: { fsync: 1ms..3ms, bulk: { from: 1ms, to: 2ms, one-in: 20, times: 50 } }
stage: 0s
clocks:
  4: { offset: -2s, drift: 100ppm }
clients:
  - { session-timeout: 5s, servers: [2], chroot: /app/x }
  - {}
workload: { ops: 7, keys: 1, rate: 50/s, mix: { set: 1 } }
faults:
  - { fault: partition, groups: [[leader, client-2], rest], how: reset, at: 1.5s, for: 3s }
  - { fault: crash, servers: actor, when: { record: stepDone, text: newLeader/*, nth: 2, after: 1s } }
  - { fault: cut-message, message: newLeader, to: 2, when: { record: committed, zxid: '1:3' } }
duration: 9s
expect: { verdict: fail, violates: [x], marks: [y], happens: [{ record: syncing, text: snap, actor: 2 }], effects: any }
`;

describe('a minimal scenario', () => {
  it('is three lines, and everything else has its default', () => {
    const scenario = parse('name: short\nfaults:\n  - { fault: crash, servers: leader, at: 5s }\n');
    expect(scenario.cluster.voters).toEqual([1, 2, 3]);
    expect(scenario.faults[0]).toEqual({
      fault: 'crash',
      trigger: { kind: 'at', atUs: 5_000_000 },
      forUs: undefined,
      params: { servers: 'leader' },
    });
    expect(scenario.durationUs).toBe(20_000_000);
    expect(scenario.expect.verdict).toBe('pass');
  });
});

describe('a full scenario', () => {
  const scenario = parse(FULL);

  it('is read with units', () => {
    expect(scenario.cluster.observers).toEqual([9]);
    expect(scenario.cluster.timing.tickMs).toBe(500);
    expect(scenario.cluster.timing.minSessionTimeoutMs).toBe(1000);
    expect(scenario.stage).toEqual({ kind: 'constant', us: 0 });
    expect(scenario.clocks).toEqual([{ sid: 4, offsetMs: -2000, driftPpm: 100 }]);
    expect(scenario.clients).toEqual([
      { sessionTimeoutMs: 5000, servers: [2], chroot: '/app/x' },
      { sessionTimeoutMs: 10_000, servers: undefined, chroot: undefined },
    ]);
    expect(scenario.faults[0]?.trigger).toEqual({ kind: 'at', atUs: 1_500_000 });
    expect(scenario.faults[2]?.trigger).toMatchObject({ when: { zxid: 2 ** 32 + 3 } });
  });

  it('sets a world up: verifier, rules, a clock for every server', () => {
    const setup = toSetup(scenario);
    expect(setup.ensemble.servers).toEqual([2, 4, 6, 8, 9]);
    expect(setup.ensemble.verifier.kind).toBe('hierarchical');
    expect(setup.rules.ackProposal).toBe('received');
    expect(setup.clocks.map(({ offsetMs }) => offsetMs)).toEqual([0, -2000, 0, 0, 0]);
  });

  it('is written back and means the same, as YAML and as JSON', () => {
    expect(parse(scenarioToYaml(scenario))).toEqual(scenario);
    expect(parse(JSON.stringify(scenarioToDocument(scenario)))).toEqual(scenario);
  });
});

describe('whatever the swarm draws', () => {
  it('is written back and means the same', () => {
    const faultKinds = FAULT_KINDS.map(({ name }) => name);
    const seeds = fc.nat().map(String);
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, all) => {
        const scenario = drawScenario(seed, all ? { faultKinds } : {});
        expect(parse(scenarioToYaml(scenario))).toEqual(scenario);
      }),
      { numRuns: 150 },
    );
  });
});

describe('durations', () => {
  it('have a unit and are whole microseconds', () => {
    expect(['500us', '20ms', '30s', '2m', '1.5s', '0.25ms', '-3s'].map(parseDuration)).toEqual([
      ...[500, 20_000, 30_000_000, 120_000_000, 1_500_000, 250, -3_000_000],
    ]);
    for (const wrong of ['20', '20 ms', '20sec', 'ms', '1.5us', '1e3s', '', '--1s', '2h']) {
      expect(parseDuration(wrong), wrong).toBeUndefined();
    }
  });

  it('are written in the largest unit that fits', () => {
    fc.assert(
      fc.property(fc.integer(), (us) => {
        expect(parseDuration(formatDuration(us))).toBe(us);
      }),
    );
    expect([0, 90_000_000, 1_500_000].map(formatDuration)).toEqual(['0s', '90s', '1500ms']);
  });
});

describe('mistakes', () => {
  it('name the line and the key, all at once', () => {
    const text = [
      'name: x',
      'durration: 3s',
      'cluster:',
      '  voters: 5',
      '  timing: { tick: 20, tock: 2s }',
      'faults:',
      '  - { fault: crush, servers: 1, at: 1s }',
      '  - { fault: crash, servers: 1, at: 1s, for: 2s }',
    ].join('\n');
    expect(places(text)).toEqual([
      '2:1 durration',
      '5:19 cluster.timing.tick',
      '5:23 cluster.timing.tock',
      '7:14 faults[0].fault',
      '8:41 faults[1].for',
    ]);
  });

  it('say what was found, what was expected, and what was perhaps meant', () => {
    expect(onlyProblem('name: x\nstage: 20')).toMatchObject({ found: '20' });
    expect(onlyProblem('name: x\ncluster: { timing: { tick: 20 } }').hint).toContain('20ms or 20s');
    expect(onlyProblem('name: x\nduratoin: 3s').hint).toBe('did you mean duration?');
    expect(onlyProblem('name: x\nprofile: saef').hint).toBe('did you mean safe?');
    expect(onlyProblem('story: y')).toMatchObject({ found: 'nothing', expected: 'text' });
  });

  const wrong: [string, string, RegExp][] = [
    ['no text at all', '', /a map/],
    ['not YAML', 'name: [', /plain YAML/],
    ['an alias', 'name: &a x\nstory: *a', /plain YAML/],
    ['two documents', 'name: x\n---\nname: y', /plain YAML/],
    ['a key twice', 'name: x\nname: y', /plain YAML/],
    ['no voters', 'name: x\ncluster: { voters: [] }', /at least one voter/],
    ['no voters, counted', 'name: x\ncluster: { voters: 0 }', /from 1 to 127/],
    ['a server twice', 'name: x\ncluster: { voters: [1, 1] }', /each server once/],
    ['a voter that observes', 'name: x\ncluster: { voters: 3, observers: [3] }', /do not vote/],
    ['too many servers', 'name: x\ncluster: { voters: 100, observers: 50 }', /up to 127/],
    ['a weight for nobody', 'name: x\ncluster: { weights: { 9: 1 } }', /voter of this cluster/],
    ['no weight', 'name: x\ncluster: { weights: { 1: 0, 2: 0, 3: 0 } }', /positive weight/],
    ['a voter in no group', 'name: x\ncluster: { groups: [[1, 2]] }', /each voter in one group/],
    ['a stranger in a group', 'name: x\ncluster: { groups: [[1, 2, 3, 4]] }', /voters of this/],
    ['a fault on nobody', 'name: x\nfaults: [{ fault: crash, servers: 4, at: 1s }]', /1, 2, 3/],
    ['a client nobody has', 'name: x\nfaults: [{ fault: client-pause, clients: client-2, at: 1s }]', /one of 1/],
    ['a fault without a time', 'name: x\nfaults: [{ fault: crash, servers: 1 }]', /time or a record/],
    ['a late fault', 'name: x\nduration: 2s\nfaults: [{ fault: crash, servers: 1, at: 3s }]', /before the end/],
    ['an actor of no record', 'name: x\nfaults: [{ fault: crash, servers: actor, at: 1s }]', /with `when`/],
    ['an observer of none', 'name: x\nfaults: [{ fault: crash, servers: observer, at: 1s }]', /no observers/],
    ['a clock of nobody', 'name: x\nclocks: { 7: { offset: 1s } }', /server of this cluster/],
    ['an inexact seed', 'name: x\nseed: 12345678901234567890', /below 2\^64/],
    ['two paces', 'name: x\nworkload: { think: 1ms, rate: 5/s }', /one of them/],
    ['nothing to do', 'name: x\nworkload: { mix: { set: 0 } }', /positive weight/],
    ['a backward range', 'name: x\nstage: 5ms..1ms', /smaller end first/],
    ['a variant nobody wrote', 'name: x\nvariants: [nonsense]', /a variant/],
    ['a relative chroot', 'name: x\nclients: [{ chroot: app }]', /path below the root/],
    ['no chroot at all', 'name: x\nclients: [{ chroot: / }]', /path below the root/],
    ['a session too short', 'name: x\ncluster: { timing: { min-session-timeout: 90s } }', /at most/],
  ]; // prettier-ignore

  it.each(wrong)('%s', (_, text, expected) => {
    const { problems = [] } = parseScenario(text, 'test.yaml');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.map((problem) => problem.expected).join('\n')).toMatch(expected);
    expect(problems.every(({ line }) => line >= 1)).toBe(true);
  });
});

describe('the JSON Schema', () => {
  it('in docs/ is up to date; UPDATE_GOLDEN=1 rewrites it', () => {
    const file = fileURLToPath(new URL('../../docs/scenario.schema.json', import.meta.url));
    const text = scenarioJsonSchema();
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
