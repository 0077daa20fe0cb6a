// Clients' programs: seeded, unique values, a closed loop that waits for outcomes and an open one
// that does not, and a last few writes at the end.
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import type { Operation } from '../../protocol/operation.js';
import { isWrite } from '../../protocol/operation.js';
import { Agenda } from '../../sim/agenda.js';
import { readOperations, writeOperations } from '../../sim/scenario/operations.js';
import { parseScenario } from '../../sim/scenario.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import type { ActorId, RecordKind, TraceRecord } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { Ledger } from '../../sim/workload/ledger.js';
import { WorkloadDriver } from '../../sim/workload/workload.js';

function scenario(...lines: string[]): Scenario {
  const { ok, problems } = parseScenario(['name: test', ...lines].join('\n'), 'test.yaml');
  expect(problems).toBeUndefined();
  return ok!;
}

function record(kind: RecordKind, client: number, fields: Partial<TraceRecord>): TraceRecord {
  return {
    ...{ index: 0, atUs: 0, cause: -1, peer: 0, zxid: 0, epoch: 0, value: 0, digest: 0, text: '' },
    ...{ kind, actor: (FIRST_CLIENT + client) as ActorId, detail: undefined },
    ...fields,
  };
}

/** Clients whose operations all take 10 ms and succeed; what they asked for, and when. */
class Desk {
  readonly asked: { client: number; atUs: number; op: Operation }[] = [];
  readonly agenda = new Agenda();
  readonly driver: WorkloadDriver;
  nowUs = 0;
  readonly #due: { atUs: number; client: ActorId }[] = [];

  constructor(of: Scenario, seed = '1') {
    const streams = new RandomStreams(seed);
    this.driver = new WorkloadDriver(of, { world: this, agenda: this.agenda, streams });
  }

  invoke(client: ActorId, op: Operation): void {
    this.asked.push({ client: client - FIRST_CLIENT, atUs: this.nowUs, op });
    this.#due.push({ atUs: this.nowUs + 10_000, client });
  }

  connect(client: number): void {
    this.driver.onRecord(record('clientState', client, { text: 'connected', atUs: this.nowUs }));
  }

  runTo(us: number): void {
    for (;;) {
      const [next] = this.#due;
      if (next !== undefined && next.atUs <= Math.min(us, this.agenda.nextUs)) {
        this.#due.shift();
        this.nowUs = next.atUs;
        const done = record('completed', next.client - FIRST_CLIENT, { text: 'ok', zxid: 1 });
        this.driver.onRecord(done);
        this.driver.settled(next.client);
      } else if (this.agenda.nextUs <= us) {
        const task = this.agenda.take()!;
        this.nowUs = task.atUs;
        this.driver.invoke(task.index);
      } else break;
    }
    this.nowUs = us;
  }
}

describe('a program', () => {
  it('begins when its client first has a session', () => {
    const desk = new Desk(scenario('clients: 2'));
    desk.runTo(1_000_000);
    expect(desk.asked).toEqual([]);
    desk.connect(1);
    desk.runTo(2_000_000);
    expect(new Set(desk.asked.map(({ client }) => client))).toEqual(new Set([1]));
    expect(desk.asked[0]?.op.kind).toBe('create');
  });

  it('in a closed loop waits for the outcome and thinks', () => {
    const desk = new Desk(scenario('workload: { think: 90ms }'));
    desk.connect(0);
    desk.runTo(1_000_000);
    expect(desk.asked.map(({ atUs }) => atUs / 1000)).toEqual([
      ...[0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
    ]);
  });

  it('in an open loop waits for nothing', () => {
    const desk = new Desk(scenario('workload: { rate: 1000/s }'));
    desk.connect(0);
    desk.runTo(1_000_000);
    expect(desk.asked.length).toBeGreaterThan(900);
    expect(desk.asked.length).toBeLessThan(1100);
  });

  it('keeps to its number of operations, and ends with writes that were answered', () => {
    const desk = new Desk(scenario('workload: { ops: 5, mix: { get: 1 } }'));
    desk.connect(0);
    desk.runTo(5_000_000);
    expect(desk.asked).toHaveLength(5);
    desk.driver.finish();
    expect(desk.driver.isDone).toBe(false);
    desk.runTo(9_000_000);
    expect(desk.asked.slice(5).map(({ op }) => isWrite(op))).toEqual([true, true]);
    expect(desk.driver.isDone).toBe(true);
  });

  it('writes no value twice, and depends on its own stream only', () => {
    const one = new Desk(scenario('clients: 1', 'workload: { mix: { create: 1, set: 3 } }'));
    const two = new Desk(scenario('clients: 2', 'workload: { mix: { create: 1, set: 3 } }'));
    for (const desk of [one, two]) {
      desk.connect(0);
      desk.runTo(3_000_000);
    }
    expect(two.asked).toEqual(one.asked);
    two.connect(1);
    two.runTo(9_000_000);
    const values = two.asked.flatMap(({ op }) => ('data' in op ? [op.data] : []));
    expect(values.length).toBeGreaterThan(50);
    expect(new Set(values).size).toBe(values.length);
  });

  it('chooses operations by their weights', () => {
    const desk = new Desk(scenario('workload: { think: 0s, mix: { get: 3, sync: 1 } }'));
    desk.connect(0);
    desk.runTo(20_000_000);
    const kinds = desk.asked.slice(1).map(({ op }) => op.kind);
    const gets = kinds.filter((kind) => kind === 'getData').length;
    expect(new Set(kinds)).toEqual(new Set(['getData', 'sync']));
    expect(gets / kinds.length).toBeGreaterThan(0.7);
    expect(gets / kinds.length).toBeLessThan(0.8);
  });
});

it('draws nothing that cannot be written down and read again', () => {
  const mix = 'create: 1, ephemeral: 1, sequential: 2, container: 2, multi: 3, watch: 2, ttl: 2';
  const guards = 'auth: 1, acl: 4, quota: 4, set: 1, delete: 1, children: 1';
  const desk = new Desk(scenario(`workload: { think: 0s, mix: { ${mix}, ${guards} } }`));
  desk.connect(0);
  desk.runTo(5_000_000);
  const kinds = new Set(desk.asked.map(({ op }) => op.kind));
  for (const kind of ['createTTL', 'addAuth', 'setACL', 'getACL'] as const) {
    expect(kinds).toContain(kind);
  }
  const operations = desk.asked.map(({ op }) => ({ client: 0, op, atUs: undefined }));
  expect(operations.length).toBeGreaterThan(300);
  expect(readOperations(writeOperations(operations))).toEqual(operations);
});

describe('the ledger', () => {
  const write: Operation = { kind: 'setData', path: '/k', data: 'x', version: -1 };
  const read: Operation = { kind: 'getData', path: '/k', watch: false };

  it('counts outcomes, and writes that were acknowledged', () => {
    const ledger = new Ledger();
    const outcomes = [
      [write, 'ok', 5],
      [read, 'ok', 5],
      [write, 'error', 6],
      [write, 'error', 0],
      [write, 'unknown', 0],
    ] as const;
    outcomes.forEach(([detail], digest) =>
      ledger.onRecord(record('invoked', 0, { detail, digest })),
    );
    outcomes.forEach(([, text, zxid], digest) =>
      ledger.onRecord(record('completed', 0, { text, zxid, digest })),
    );
    expect(ledger.counts).toEqual({ ok: 2, error: 2, unknown: 1 });
    expect(ledger.acknowledged).toBe(2);
  });
});
