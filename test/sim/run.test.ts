// A run: the same every time, healed at its end, honest about what it has not shown.
import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../sim/outcome.js';
import { exitCodeOf, isAsExpected, vacuityOf } from '../../sim/outcome.js';
import type { RunOptions } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { DEFAULT_EXPECTATION } from '../../sim/scenario/scenario.js';
import { toSetup } from '../../sim/scenario/setup.js';
import { parseScenario } from '../../sim/scenario.js';
import type { RecordKind, TraceRecord } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { replayWorld } from '../../sim/world/world.js';

function scenario(...lines: string[]): Scenario {
  const cluster = 'cluster: { timing: { tick: 500ms, sync-limit: 3, max-notification: 1s } }';
  const { ok, problems } = parseScenario(
    ['name: test', 'duration: 8s', cluster, ...lines].join('\n'),
    'test.yaml',
  );
  expect(problems).toBeUndefined();
  return ok!;
}

function run(of: Scenario, options: Partial<RunOptions> = {}): RunOutcome {
  return runScenario(of, { level: 'full', seed: '3', ...options });
}

function records(outcome: RunOutcome, kind: RecordKind): TraceRecord[] {
  return [...outcome.recorder.records()].filter((record) => record.kind === kind);
}

const CRASH = `faults:
  - { fault: crash, servers: leader, how: power, when: { record: proposed, nth: 20 }, restart-after: 1s }
  - { fault: one-way, from: leader, to: rest, at: 4s, for: 3s }
  - { fault: flaky-link, chance: 0.02, at: 1s, for: 5s }`;

describe('the same run', () => {
  it('comes from the same scenario and seed, whatever is stored or watched', () => {
    const stirred = scenario(CRASH);
    const first = run(stirred);
    expect(run(stirred).traceHash).toBe(first.traceHash);
    expect(run(stirred, { level: 'hash' }).traceHash).toBe(first.traceHash);
    expect(run(stirred, { checkers: 'none' }).traceHash).toBe(first.traceHash);
    expect(run(stirred, { seed: '4' }).traceHash).not.toBe(first.traceHash);
  });

  it('comes from its recorded choices, without a seed', () => {
    const stirred = scenario(CRASH);
    const { recording, traceHash } = run(stirred, { recordChoices: true });
    const recorder = new Recorder({ level: 'hash' });
    const { divergence } = replayWorld(toSetup(stirred), recording!, recorder);
    expect(divergence).toBeUndefined();
    expect(recorder.hex()).toBe(traceHash);
  });
});

describe('the quiet suffix', () => {
  const outcome = run(
    scenario(`faults:
      - { fault: crash, servers: [1, 2], at: 7s }
      - { fault: disk-stall, servers: 3, at: 6s }`),
  );

  it('begins when all faults are healed, and every server is up again', () => {
    const [quiet] = records(outcome, 'quiet');
    const healed = records(outcome, 'healed');
    expect(quiet?.atUs).toBe(8_000_000);
    expect(healed).toHaveLength(2);
    expect(healed.every(({ index }) => index < quiet!.index)).toBe(true);
  });

  it('ends as soon as the servers agree and the clients are served', () => {
    expect(outcome.verdict).toBe('pass');
    expect(outcome.convergedAtUs).toBeGreaterThan(8_000_000);
    const invoked = records(outcome, 'invoked').filter(({ atUs }) => atUs >= 8_000_000);
    expect(invoked.length).toBeGreaterThanOrEqual(2);
    expect(records(outcome, 'end')[0]?.atUs).toBe(outcome.convergedAtUs);
  });
});

describe('a vacuous run', () => {
  it('has faults without effect', () => {
    const idle = run(
      scenario(`faults:
        - { fault: loss, chance: 0.5, at: 5s, for: 1s }
        - { fault: crash, servers: 1, when: { record: rollover } }`),
    );
    expect(idle.verdict).toBe('inconclusive');
    expect(idle.exitCode).toBe(2);
    expect(idle.vacuous).toEqual([
      'fault 0 (loss of 0.5 of notifications between all servers) had no effect',
      'fault 1 (crash of 1) never began',
    ]);
  });

  it('has no acknowledged write', () => {
    const silent = run(scenario('faults: [{ fault: pause, servers: all, at: 0s }]'), {
      untilUs: 6_000_000,
    });
    expect(silent.vacuous).toContain('no write was acknowledged');
    expect(silent.vacuous).toContain('the run was ended early: nothing was healed');
    expect(silent.virtualSeconds).toBe(6);
  });

  it('is judged by nobody', () => {
    const unjudged = run(scenario(), { checkers: 'none' });
    expect(unjudged.vacuous).toEqual(['no checker saw anything that it could have rejected']);
  });

  it('does not tell its story', () => {
    const story = run(
      scenario(`expect:
        marks: [sync/trunc-then-diff]
        happens:
          - { record: truncated, actor: follower }
          - { record: activated, epoch: 1 }`),
    );
    expect(story.vacuous).toEqual([
      'the path sync/trunc-then-diff was not taken',
      'there was no record truncated of follower',
    ]);
  });

  it('may be content with some effects, or any', () => {
    const faults = [
      { index: 0, kind: 'x', text: 'x', atUs: 1, effects: 1, firstEffect: 'y' },
      { index: 1, kind: 'x', text: 'x', atUs: 1, effects: 0, firstEffect: '' },
    ];
    const reasons = (effects: 'every' | 'some' | 'any'): number =>
      vacuityOf({
        expect: { ...DEFAULT_EXPECTATION, effects },
        ...{ faults, marks: new Set(), missing: [], clients: 1, acknowledgedWrites: 1 },
        ...{ checkers: [{ id: 'x', status: 'pass', seen: 1 }], cutShort: false, converged: true },
      }).length;
    expect([reasons('every'), reasons('some'), reasons('any')]).toEqual([1, 0, 0]);
  });
});

describe('a violation', () => {
  it('fails the run, and may be what the scenario expects', () => {
    const lossy = scenario(
      'variants: [ack-before-fsync]',
      'expect: { verdict: fail, violates: [ack-truthfulness] }',
    );
    const outcome = run(lossy);
    expect(outcome.verdict).toBe('fail');
    expect(outcome.exitCode).toBe(1);
    expect(outcome.asExpected).toBe(true);
    expect(isAsExpected({ ...lossy.expect, violates: ['liveness'] }, 'fail', [])).toBe(false);
  });

  it('of safety outweighs a death, and a death outweighs lost liveness', () => {
    const violation = (checker: string): RunOutcome['violations'][number] => ({
      ...{ checker, invariant: 'x', atUs: 0, record: 0, actors: [], evidence: [], facts: {} },
    });
    const deaths = [{ server: 1, atUs: 0, reason: 'x' }];
    const code = (
      checkers: string[],
      dead: typeof deaths,
      verdict: RunOutcome['verdict'],
    ): number => exitCodeOf({ violations: checkers.map(violation), deaths: dead, verdict });
    expect(code([], [], 'pass')).toBe(0);
    expect(code(['liveness', 'integrity'], deaths, 'fail')).toBe(1);
    expect(code(['liveness'], deaths, 'fail')).toBe(4);
    expect(code(['liveness'], [], 'fail')).toBe(3);
    expect(code([], [], 'inconclusive')).toBe(2);
  });
});

describe('progress', () => {
  it('is told once in each virtual second', () => {
    const told: number[] = [];
    run(scenario(), { onProgress: (seconds) => told.push(seconds), untilUs: 3_500_000 });
    expect(told).toEqual([1, 2, 3]);
  });
});
