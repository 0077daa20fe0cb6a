// A real ensemble that is asked for everything a client may ask for: three servers, three clients,
// requests of every kind, some of them broken, over few paths; the leader is lost once and a client
// now and then. What the checkers of the service say of it.
import { expect } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { makeAclEntry } from '../../protocol/acl.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { Judgement } from '../../sim/checkers/judge.js';
import { Judge } from '../../sim/checkers/judge.js';
import { checkerSetup } from '../../sim/run.js';
import { toSetup } from '../../sim/scenario/setup.js';
import { parseScenario } from '../../sim/scenario.js';
import type { ActorId, TraceRecord } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { World } from '../../sim/world/world.js';
import { drawOperation } from '../protocol/random-requests.js';

const SCENARIO = `
name: service load
cluster: { voters: 3, timing: { tick: 200ms, max-notification: 1s } }
service:
  extended-types: true
  enforce-quota: true
  container-check-interval: 200ms
clients: 3
duration: 1s
`;

const QUOTA = '/zookeeper/quota/a';
const OURS = [makeAclEntry(31, 'auth', '')];

/** There are quotas, secrets, containers from the beginning. */
const FIRST: readonly Operation[] = [
  { kind: 'addAuth', scheme: 'digest', auth: 'u:p' },
  createOperation('/a', ''),
  createOperation(QUOTA, ''),
  createOperation(
    `${QUOTA}/zookeeper_limits`,
    'count=-1,bytes=-1=;byteHardLimit=9;countHardLimit=3',
  ),
  createOperation(`${QUOTA}/zookeeper_stats`, 'count=0,bytes=0'),
  createOperation('/d', 'secret', 'persistent', OURS),
  { kind: 'createContainer', path: '/e', data: '', acl: OURS, flags: 4, ttlMs: -1 },
  { kind: 'createTTL', path: '/t', data: '', acl: OURS, flags: 5, ttlMs: 2_000 },
];

/** When the leader is lost, in operations of the second client. */
const CRASH_AT = 100;

export interface LoadOptions {
  readonly variants?: readonly string[];
  readonly operations?: number;
  readonly draw?: typeof drawOperation;
}

export function serviceLoad(seed: string, options: LoadOptions = {}): Judgement {
  const { variants = [], operations = 250, draw = drawOperation } = options;
  const text = `${SCENARIO}variants: ${JSON.stringify(variants)}\n`;
  const { ok: scenario, problems } = parseScenario(text, 'load.yaml');
  expect(problems).toBeUndefined();
  const recorder = new Recorder({ level: 'hash' });
  const judge = new Judge(checkerSetup(scenario!));
  judge.attach(recorder);
  const world = new World(toSetup(scenario!), seed, recorder);
  const random = new RandomStreams(seed).stream('load');
  const asked = [0, 0, 0];
  const ask = (client: ActorId): void => {
    const index = client - FIRST_CLIENT;
    const nth = asked[index]!;
    asked[index] = nth + 1;
    if (nth > operations) return;
    if (nth === operations) {
      // With a create of its own under way.
      world.invoke(client, createOperation(`/last${index}`, '', 'ephemeral'));
      world.closeClient(client);
      return;
    }
    world.invoke(client, (index === 0 ? FIRST[nth] : undefined) ?? draw(random));
    if (nth % 40 === 39) world.disconnectClient(0, client);
    if (index === 1 && nth === CRASH_AT) world.crash(0, leader, 'process');
    if (index === 1 && nth === CRASH_AT + 1) world.restart(leader);
  };
  let end: TraceRecord | undefined;
  let leader = 0 as ActorId;
  recorder.subscribe(['activated'], ({ actor }) => (leader = actor));
  recorder.subscribe(['end'], (record) => (end = record));
  recorder.subscribe(['clientState'], ({ actor, text: state }) => {
    if (state === 'connected' && asked[actor - FIRST_CLIENT] === 0) ask(actor);
  });
  world.onSettled(ask);
  world.advanceTo(8_000_000);
  world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
  return judge.finish(end!);
}

export function failing({ checkers }: Judgement): string[] {
  return checkers.filter(({ status }) => status === 'fail').map(({ id }) => id);
}
