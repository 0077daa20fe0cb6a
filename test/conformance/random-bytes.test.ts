// Requests whose bytes were damaged on the way: whatever becomes of them, the server answers or
// hangs up, nothing throws, and all servers end with the same tree. ZABSIM_REQUESTS=<count> asks
// for more.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RandomStream } from '../../base/random.js';
import { RandomStreams } from '../../base/random.js';
import { serverId } from '../../protocol/ids.js';
import { treeDigest } from '../../protocol/tree/tree.js';
import { THEMES } from './random/requests.js';
import { Connection, newSession } from './script/connection.js';
import type { WireRequest } from './script/request.js';
import { requestOf } from './script/request.js';
import { SimulatedEnsemble } from './simulated/ensemble.js';
import { OPCODES } from './wire/opcodes.js';

const COUNT = Number(process.env['ZABSIM_REQUESTS'] ?? 2000);
const EACH = 500;
const CLIENTS = 3;
const SETTLE_MS = 50;
/** What ends a session, or is answered without a number, is nothing to wait for. */
const UNASKED: ReadonlySet<number> = new Set([OPCODES.closeSession, OPCODES.ping]);
const KNOWN = Object.values(OPCODES).filter((opcode) => !UNASKED.has(opcode));

type Damage = (random: RandomStream, request: WireRequest) => WireRequest;

const DAMAGES: readonly Damage[] = [
  (_random, request) => request,
  (random, request) => {
    const { body } = request;
    return { ...request, body: body.subarray(0, random.int(body.length + 1)) };
  },
  (random, request) => {
    const body = Uint8Array.from(request.body);
    if (body.length > 0) body[random.int(body.length)] = random.int(256);
    return { ...request, body };
  },
  (random, request) => ({ ...request, opcode: random.pick(KNOWN) }),
  (random, request) => {
    const length = random.int(60);
    return { ...request, body: Uint8Array.from({ length }, () => random.int(256)) };
  },
];

class Wreckers {
  readonly #ensemble: SimulatedEnsemble;
  readonly #random: RandomStream;
  readonly #connections = new Map<number, Connection>();
  readonly outcomes = new Map<string, number>();

  constructor(ensemble: SimulatedEnsemble, random: RandomStream) {
    this.#ensemble = ensemble;
    this.#random = random;
  }

  async #connection(client: number): Promise<Connection> {
    const open = this.#connections.get(client);
    if (open?.open === true) return open;
    const channel = await this.#ensemble.dial(1 + this.#random.int(this.#ensemble.servers));
    if (channel === undefined) throw new Error('no server');
    const connection = new Connection(`${client}`, channel, this.#ensemble);
    await connection.connect(newSession(2000));
    this.#connections.set(client, connection);
    return connection;
  }

  async send(request: WireRequest): Promise<void> {
    const connection = await this.#connection(this.#random.int(CLIENTS));
    const reply = await connection.reply(connection.send('raw', request));
    const outcome = typeof reply === 'string' ? reply : String(reply.code);
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (typeof reply !== 'string') return;
    connection.shut();
  }
}

async function wreck(round: number): Promise<ReadonlyMap<string, number>> {
  const ensemble = new SimulatedEnsemble({ server: 'ensemble' }, `bytes/${round}`);
  const random = new RandomStreams(`bytes/${round}`).stream('bytes');
  const wreckers = new Wreckers(ensemble, random);
  for (const step of fc.sample(fc.oneof(...THEMES), { numRuns: EACH, seed: round })) {
    await wreckers.send(random.pick(DAMAGES)(random, requestOf(step, 0n)));
  }
  await ensemble.sleep(SETTLE_MS);
  const digests = Array.from({ length: ensemble.servers }, (_, index) =>
    treeDigest(ensemble.world.peer(serverId(index + 1)).database.tree),
  );
  expect([round, new Set(digests).size]).toEqual([round, 1]);
  return wreckers.outcomes;
}

it(`${COUNT} damaged requests break nothing`, async () => {
  const all = new Map<string, number>();
  for (let round = 0; round < COUNT / EACH; round++) {
    for (const [outcome, count] of await wreck(round)) {
      all.set(outcome, (all.get(outcome) ?? 0) + count);
    }
  }
  expect(all.get('timeout') ?? 0).toBe(0);
  // Or it would have shown little: OK, MARSHALLINGERROR, UNIMPLEMENTED, BADARGUMENTS, NONODE.
  for (const outcome of ['0', '-5', '-6', '-8', '-101']) {
    expect([outcome, (all.get(outcome) ?? 0) > COUNT / 200]).toEqual([outcome, true]);
  }
});
