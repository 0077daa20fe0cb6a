// Whatever clients ask for, good or bad, through a whole ensemble: nothing throws, no checker
// objects, and all servers end with the same tree. ZABSIM_REQUESTS=<count> asks for more.
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { Judge } from '../../sim/checkers/judge.js';
import type { ActorId } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { World } from '../../sim/world/world.js';
import { clusterSetup } from '../protocol/cluster-setup.js';
import { drawOperation, isTwofold } from '../protocol/random-requests.js';

const COUNT = Number(process.env['ZABSIM_REQUESTS'] ?? 4000);
const EACH = 500;
const CLIENTS = 3;
const BEGIN_US = 1_000_000;

const SERVICE: readonly Partial<ServiceSettings>[] = [
  { extendedTypesEnabled: true, containerCheckIntervalMs: 500 },
  { extendedTypesEnabled: true, enforceQuota: true },
  { compatibility: '3.8.0', extendedTypesEnabled: true },
  { localSessionsEnabled: true, localSessionsUpgradingEnabled: true },
];

interface Told {
  readonly violations: readonly unknown[];
  readonly outcomes: ReadonlyMap<string, number>;
  /** Of each server's tree at the end, by zxid. */
  readonly digests: readonly string[];
}

function tell(seed: string, service: Partial<ServiceSettings>): Told {
  const random = new RandomStreams(seed).stream('requests');
  const setup = clusterSetup(3, {
    observers: 1,
    clientsAt: [1, 4],
    sessionTimeoutMs: 1500,
    service,
    limits: { snapCount: 60, commitLogCount: 20 },
  });
  const recorder = new Recorder({ level: 'hash' });
  const { ensemble, timing, limits, clients } = setup;
  const judge = new Judge({
    ...{ ensemble, timing, limits, service: setup.service, clients: clients.length },
  });
  judge.attach(recorder);
  const outcomes = new Map<string, number>();
  const last = new Map<number, string>();
  recorder.subscribe(['completed', 'applied'], (record) => {
    if (record.kind === 'applied') {
      if (record.text !== 'replay') last.set(record.actor, `${record.zxid}/${record.epoch}`);
    } else {
      const { detail } = record;
      const code = detail !== undefined && 'code' in detail ? detail.code : record.text;
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    }
  });
  const world = new World(setup, seed, recorder);
  let nowUs = BEGIN_US;
  for (let n = 0; n < EACH; n++) {
    nowUs += random.int(random.pick([10, 4000, 20_000]));
    world.advanceTo(nowUs);
    const client = (FIRST_CLIENT + random.int(CLIENTS)) as ActorId;
    if (random.chance(0.01)) world.disconnectClient(1, client);
    const op = drawOperation(random);
    // Of such a znode the leader thinks otherwise as long as it is outstanding; so does upstream.
    if (!isTwofold(op)) world.invoke(client, op);
  }
  world.advanceTo(nowUs + 3_000_000);
  let violations: readonly unknown[] = ['never judged'];
  recorder.subscribe(['end'], (end) => {
    ({ violations } = judge.finish(end));
  });
  world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
  return { violations, outcomes, digests: [...new Set(last.values())] };
}

describe('random requests to an ensemble', () => {
  it(`${COUNT} of them break nothing`, () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < COUNT / EACH; round++) {
      const told = tell(`requests/${round}`, SERVICE[round % SERVICE.length] ?? {});
      expect([round, told.violations]).toEqual([round, []]);
      expect([round, told.digests]).toEqual([round, [expect.any(String)]]);
      for (const outcome of told.outcomes.keys()) outcomes.add(outcome);
    }
    // Or it would have shown little.
    for (const code of ['ok', 'NoNode', 'NodeExists', 'BadVersion', 'NoAuth', 'InvalidAcl']) {
      expect(outcomes).toContain(code);
    }
  });
});
