// Every kind of fault bites, and heals. What a word of a fault means is settled when it fires; a
// fault that waits for a record strikes inside the step that made it.
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import type { CastingCall } from '../../sim/faults/casting.js';
import { actorName, castAll } from '../../sim/faults/casting.js';
import type { Hosts } from '../../sim/faults/hosts.js';
import { FAULT_KINDS, faultKind } from '../../sim/faults/registry.js';
import { RoleBook } from '../../sim/faults/role-book.js';
import type { RunOutcome } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import type { ActorId, RecordKind, TraceRecord } from '../../sim/trace/record.js';

/** A quick cluster; `more` are further lines of the scenario. */
function run(faults: string, more = ''): RunOutcome {
  const text = [
    'name: test',
    'duration: 9s',
    'cluster: { timing: { tick: 500ms, sync-limit: 3, max-notification: 1s } }',
    `faults: [${faults}]`,
    more,
  ].join('\n');
  const { ok, problems } = parseScenario(text, 'test.yaml');
  expect(problems).toBeUndefined();
  return runScenario(ok!, { seed: '7', level: 'full' });
}

function records(outcome: RunOutcome, ...kinds: RecordKind[]): TraceRecord[] {
  return [...outcome.recorder.records()].filter(({ kind }) => kinds.includes(kind));
}

/** For each kind, a fault of that kind that must have an effect. */
const BITES: Readonly<Record<string, readonly [fault: string, more?: string]>> = {
  partition: ['{ fault: partition, groups: [[leader], rest], at: 3s, for: 3s }'],
  isolate: ['{ fault: isolate, servers: follower, how: reset, at: 3s, for: 3s }'],
  'one-way': ['{ fault: one-way, from: leader, to: rest, at: 3s, for: 3s }'],
  bridge: ['{ fault: bridge, via: 2, at: 3s, for: 3s }'],
  flap: ['{ fault: flap, from: 1, to: 3, period: 2s, at: 3s, for: 5s }'],
  delay: ['{ fault: delay, by: 50ms, around: leader, at: 3s, for: 2s }'],
  loss: ['{ fault: loss, chance: 0.5, at: 0s, for: 3s }'],
  'flaky-link': ['{ fault: flaky-link, chance: 0.2, to: leader, at: 3s, for: 2s }'],
  reset: ['{ fault: reset, around: leader, at: 3s }'],
  bandwidth: ['{ fault: bandwidth, rate: 1kB/s, around: leader, at: 3s, for: 2s }'],
  'cut-message': ['{ fault: cut-message, message: newLeader, to: 1, at: 0s }'],
  duplicate: ['{ fault: duplicate, chance: 0.2, at: 3s, for: 2s }'],
  reorder: ['{ fault: reorder, chance: 0.5, at: 3s, for: 2s }', 'workload: { rate: 200/s, ops: 400 }'],
  'drop-message': ['{ fault: drop-message, message: newLeader, nth: 2, at: 0s }'],
  crash: ['{ fault: crash, servers: leader, how: power, at: 3s, restart-after: 1s }'],
  restart: ['{ fault: restart, servers: leader, at: 3s }'],
  pause: ['{ fault: pause, servers: leader, at: 3s, for: 3s }'],
  'slow-cpu': ['{ fault: slow-cpu, servers: leader, factor: 100, at: 3s, for: 3s }'],
  wipe: ['{ fault: wipe, servers: follower, at: 3s, restart-after: 1s }'],
  'disk-stall': ['{ fault: disk-stall, servers: follower, at: 3s, for: 2s }'],
  'slow-disk': ['{ fault: slow-disk, servers: leader, factor: 20, at: 3s, for: 2s }'],
  'disk-error': ['{ fault: disk-error, servers: leader, at: 3s, for: 2s }'],
  'disk-full': ['{ fault: disk-full, servers: follower, at: 3s, for: 2s }'],
  'torn-tail': ['{ fault: torn-tail, servers: leader, at: 3s, restart-after: 1s }'],
  'corrupt-record': ['{ fault: corrupt-record, servers: 1, back: 2, at: 3s, restart-after: 1s }'],
  'lose-snapshot': ['{ fault: lose-snapshot, servers: 1, at: 3s, restart-after: 1s }'],
  'lying-fsync': ['{ fault: lying-fsync, servers: all, at: 3s, for: 2s }'],
  'clock-offset': ['{ fault: clock-offset, servers: 1, by: -5s, at: 3s, for: 2s }'],
  'clock-jump': ['{ fault: clock-jump, servers: leader, by: 1m, at: 3s }'],
  'clock-drift': ['{ fault: clock-drift, servers: leader, by: 100000ppm, at: 3s, for: 2s }'],
  'clock-freeze': ['{ fault: clock-freeze, servers: leader, at: 3s, for: 2s }'],
  'client-disconnect': ['{ fault: client-disconnect, clients: client-1, at: 3s }'],
  'client-pause': ['{ fault: client-pause, clients: client-1, at: 3s, for: 2s }'],
  'client-move': ['{ fault: client-move, clients: client, to: leader, at: 3s }'],
  'rolling-restart': ['{ fault: rolling-restart, every: 1s, at: 3s }'],
}; // prettier-ignore

describe('every kind', () => {
  it.each(FAULT_KINDS.map(({ name }) => name))('%s has an effect', (name) => {
    const [fault, more] = BITES[name]!;
    const outcome = run(fault, more);
    expect(outcome.faults[0]?.effects).toBeGreaterThan(0);
    expect(records(outcome, 'effect').length).toBeGreaterThan(0);
    if (faultKind(name).model === 'outside') return;
    // Healed: the servers agree again, and nothing was lost.
    expect(outcome.convergedAtUs).toBeDefined();
    expect(outcome.violations).toEqual([]);
  });

  it('says why it is inside or outside of the failure model; the swarm draws those inside', () => {
    for (const { because, model, weight } of FAULT_KINDS) {
      expect(because.length).toBeGreaterThan(20);
      expect(weight > 0).toBe(model === 'inside');
    }
  });

  it('is late with one message only, and with what follows on its connection', () => {
    const at = (more: string): number[] => {
      const outcome = run(`${more}{ fault: pause, servers: 3, at: 5s, for: 1ms }`);
      const arrived = records(outcome, 'received').filter(({ actor }) => actor === 1);
      const indices = ['newLeader', 'upToDate'].map(
        (kind) => arrived.find(({ text }) => text === kind)?.atUs ?? 0,
      );
      return [...indices, outcome.faults[0]?.effects ?? 0];
    };
    const [newLeader = 0, upToDate = 0] = at('');
    const late = '{ fault: delay, message: newLeader, to: 1, by: 700ms, at: 0s }, ';
    const [lateNewLeader = 0, lateUpToDate = 0, effects] = at(late);
    expect(lateNewLeader - newLeader).toBe(700_000);
    expect(lateUpToDate).toBeGreaterThan(Math.max(upToDate, lateNewLeader));
    expect(effects).toBe(1);
  });

  it('begins once and is healed once', () => {
    const outcome = run(BITES['partition']![0]);
    const times = records(outcome, 'fault', 'healed').map(({ kind, atUs }) => `${kind} ${atUs}`);
    expect(times).toEqual(['fault 3000000', 'healed 6000000']);
  });

  it('is healed at the end when nothing else ends it', () => {
    const outcome = run(
      '{ fault: isolate, servers: 1, at: 3s }, { fault: crash, servers: 2, at: 4s }',
    );
    const [first, second] = records(outcome, 'healed');
    expect([first?.atUs, second?.atUs]).toEqual([9_000_000, 9_000_000]);
    expect(records(outcome, 'boot').filter(({ actor }) => actor === 2)).toHaveLength(2);
    expect(outcome.verdict).toBe('pass');
  });
});

describe('casting', () => {
  const stage = {
    servers: [1, 2, 3, 4] as ActorId[],
    voters: [1, 2, 3] as ActorId[],
    observers: [4] as ActorId[],
    clients: [128] as ActorId[],
  };
  const book = new RoleBook();
  const says = (actor: number, kind: RecordKind, text = '', epoch = 1): void =>
    book.onRecord({ ...BLANK, actor: actor as ActorId, kind, text, epoch });
  const BLANK: TraceRecord = {
    ...{ index: 0, atUs: 0, actor: 0 as ActorId, cause: -1, kind: 'role', peer: 0, zxid: 0 },
    ...{ epoch: 0, value: 0, digest: 0, text: '', detail: undefined },
  };
  const cast = (...sets: Hosts[]): string[] | undefined => {
    const call: CastingCall = {
      ...{ stage, book, random: new RandomStreams('1').stream('x'), isUp: () => true },
      record: { ...BLANK, actor: 2 as ActorId, peer: 3 },
    };
    return castAll(sets, call)?.map((set) => set.map(actorName).join(' '));
  };

  it('waits while nobody plays the part', () => {
    expect(cast('leader')).toBeUndefined();
    expect(cast('follower')).toBeUndefined();
  });

  it('finds servers by their last role, and a leader that broadcasts first', () => {
    says(3, 'role', 'leading/broadcast');
    says(2, 'role', 'leading/discovery', 2);
    says(1, 'role', 'following/broadcast');
    expect(cast('leader', 'follower', 'actor', 'peer')).toEqual(['3', '1', '2', '3']);
    expect(cast(['leader', 'client-1'], 'rest')).toEqual(['3 client-1', '1 2 4']);
    says(3, 'crash');
    expect(cast('leader')).toEqual(['2']);
  });

  it('never casts anybody twice in different parts', () => {
    expect(cast('any', 'any', 'any', 'any')?.sort()).toEqual(['1', '2', '3', '4']);
    expect(cast('voter', ['voter', 'voter'], 'rest')?.[2]).toBe('4');
  });
});

describe('triggers', () => {
  it('strike inside the step, between two effects', () => {
    const outcome = run(`{ fault: crash, servers: actor, restart-after: 1s,
      when: { record: stepBegun, actor: 1, text: newLeader/writeCurrentEpoch } }`);
    const mine = records(outcome, 'stepBegun', 'epochFile', 'ackSent', 'crash').filter(
      ({ actor }) => actor === 1,
    );
    const crash = mine.findIndex(({ kind }) => kind === 'crash');
    expect(mine[crash - 1]).toMatchObject({
      kind: 'stepBegun',
      text: 'newLeader/writeCurrentEpoch',
    });
    expect(mine[crash]?.atUs).toBe(mine[crash - 1]?.atUs);
  });

  it('count matches, from a time on', () => {
    const outcome = run(`{ fault: crash, servers: actor, restart-after: 1s,
      when: { record: committed, actor: leader, nth: 3, after: 4s } }`);
    const commits = records(outcome, 'committed').filter(({ atUs }) => atUs >= 4_000_000);
    const [crash] = records(outcome, 'crash');
    expect(crash?.atUs).toBe(commits[2]?.atUs);
  });

  it('wait for somebody to play the part', () => {
    const outcome = run('{ fault: crash, servers: leader, at: 0s, restart-after: 1s }');
    const [crash] = records(outcome, 'crash');
    const [leading] = records(outcome, 'role').filter(({ text }) => text.startsWith('leading/'));
    expect(crash).toMatchObject({ actor: leading?.actor, atUs: leading?.atUs });
  });

  it('may be what another fault did', () => {
    const outcome = run(`{ fault: crash, servers: 1, at: 3s, restart-after: 2s },
      { fault: restart, servers: 2, when: { record: crash, actor: 1 } }`);
    const story = records(outcome, 'crash', 'boot')
      .filter(({ atUs, actor }) => atUs > 1_000_000 && actor < 128)
      .map(({ kind, actor }) => `${kind} ${actor}`);
    expect(story).toEqual(['crash 1', 'crash 2', 'boot 2', 'boot 1']);
  });
});

describe('servers that are kept down', () => {
  it('start when the last fault lets go of them', () => {
    const outcome = run(`{ fault: crash, servers: 1, at: 3s, restart-after: 1s },
      { fault: crash, servers: 1, at: 3.5s, restart-after: 2s }`);
    const boots = records(outcome, 'boot').filter(({ actor }) => actor === 1);
    expect(boots.map(({ atUs }) => atUs).slice(1)).toEqual([5_500_000]);
  });

  it('are one at a time in a rolling restart', () => {
    const outcome = run('{ fault: rolling-restart, every: 1s, at: 3s }');
    const story = records(outcome, 'crash', 'boot')
      .filter(({ atUs, actor }) => atUs > 1_000_000 && actor < 128)
      .map(({ kind, actor, atUs }) => `${kind} ${actor} ${atUs / 1_000_000}`);
    expect(story).toEqual([
      ...['crash 1 3', 'boot 1 3.5', 'crash 2 4', 'boot 2 4.5', 'crash 3 5', 'boot 3 5.5'],
    ]);
    expect(records(outcome, 'healed')).toHaveLength(1);
  });

  it('stay down when their disk refuses, and that is no surprise', () => {
    const outcome = run(BITES['corrupt-record']![0]);
    expect(records(outcome, 'halted').length).toBeGreaterThan(0);
    expect(outcome.deaths).toEqual([]);
    expect(outcome.violations).toEqual([]);
  });
});
