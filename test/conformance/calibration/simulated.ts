// What can only be measured in a simulated ensemble, because it takes a network or a disk that
// fails on demand: the same was measured of a real one with relays and a slow disk in between.
import type { ServerId } from '../../../protocol/ids.js';
import type { ActorId } from '../../../sim/trace/record.js';
import { GOOD_DISK, GOOD_LINK } from '../../../sim/world/conditions.js';
import { Connection } from '../script/connection.js';
import { requestOf } from '../script/request.js';
import type { SimulatedEnsemble } from '../simulated/ensemble.js';
import { rolesOf, until } from './common.js';
import { outage, Writer } from './writer.js';

/** Held back by the network, or broken and refused. */
type Cut = 'silent' | 'reset';

function isolate({ world, servers }: SimulatedEnsemble, server: number, how?: Cut): Promise<void> {
  const condition = how === undefined ? undefined : { ...GOOD_LINK, blocked: how };
  for (let other = 1; other <= servers; other++) {
    if (other === server) continue;
    world.setLink(0, server as ActorId, other as ActorId, condition);
    world.setLink(0, other as ActorId, server as ActorId, condition);
  }
  return Promise.resolve();
}

function stallDisk({ world }: SimulatedEnsemble, server: number): void {
  world.setDisk(0, server as ActorId, { ...GOOD_DISK, stalled: true });
}

/** The clients of the others cannot write for so long. */
export function leaderIsolated(how: Cut) {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    const { leader, followers } = await rolesOf(ensemble);
    return outage(ensemble, followers, () => isolate(ensemble, leader, how));
  };
}

async function readerOf(ensemble: SimulatedEnsemble, server: number): Promise<Connection> {
  const channel = await ensemble.dial(server);
  if (channel === undefined) throw new Error('a server that serves refuses a client');
  const connection = new Connection('reader', channel, ensemble);
  await connection.connect({
    lastZxid: 0n,
    timeoutMs: 40_000,
    session: 0n,
    password: Buffer.alloc(16),
    readOnly: false,
    withReadOnly: true,
  });
  return connection;
}

/** The isolated leader answers its own clients' reads for so long. */
export function staleReads(how: Cut) {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    const { leader } = await rolesOf(ensemble);
    const reader = await readerOf(ensemble, leader);
    await isolate(ensemble, leader, how);
    return until(ensemble, async () => {
      const read = requestOf({ op: 'getData', path: '/' }, 0n);
      return typeof (await reader.reply(reader.send('getData', read))) === 'string';
    });
  };
}

async function back(
  ensemble: SimulatedEnsemble,
  server: number,
  how: Cut,
  forMs: number,
): Promise<number> {
  const { leader, followers } = await rolesOf(ensemble);
  const writer = new Writer(
    ensemble,
    [leader, ...followers].filter((one) => one !== server),
  );
  await isolate(ensemble, server, how);
  const endMs = ensemble.nowMs() + forMs;
  while (ensemble.nowMs() < endMs) {
    await writer.write();
    await ensemble.sleep(50);
  }
  await isolate(ensemble, server);
  const backMs = await until(ensemble, async () => {
    return (await ensemble.modeOf(server)) === 'follower';
  });
  writer.close();
  return backMs;
}

/** An old leader that was isolated for so long: until it follows, from when it can. */
export function leaderHealed(how: Cut, forMs: number) {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    return back(ensemble, (await rolesOf(ensemble)).leader, how, forMs);
  };
}

export function followerHealed(how: Cut, forMs: number) {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    return back(ensemble, (await rolesOf(ensemble)).followers[0] ?? 1, how, forMs);
  };
}

/** A follower that is isolated, while a client writes, serves for so long. */
export function followerIsolated(how: Cut) {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    const { leader, followers } = await rolesOf(ensemble);
    const follower = followers[0] ?? 1;
    await new Writer(ensemble, [leader]).longestSilence(20, 10_000);
    await isolate(ensemble, follower, how);
    return until(ensemble, async () => (await ensemble.modeOf(follower)) === undefined);
  };
}

function learnersOf({ world }: SimulatedEnsemble, leader: number): number {
  const { role } = world.peer(leader as ServerId);
  return role.kind === 'leading' ? role.handlers.length : 0;
}

/** The leader keeps a follower for so long that does nothing, or whose disk does not. */
export function followerDropped(why: 'stopped' | 'disk') {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    const { leader, followers } = await rolesOf(ensemble);
    const [follower = 1, other = 1] = followers;
    const writer = new Writer(ensemble, [leader, other]);
    await writer.write();
    const before = learnersOf(ensemble, leader);
    if (why === 'disk') stallDisk(ensemble, follower);
    else await ensemble.control('stop', follower);
    const keptMs = await until(ensemble, async () => {
      await writer.write();
      return learnersOf(ensemble, leader) < before;
    });
    writer.close();
    return keptMs;
  };
}

/** A stalled disk of the leader: the longest silence while it lasts, 20 s. */
export async function leaderDisk(ensemble: SimulatedEnsemble): Promise<number> {
  const { leader, followers } = await rolesOf(ensemble);
  const writer = new Writer(ensemble, followers);
  await writer.write();
  stallDisk(ensemble, leader);
  const startMs = ensemble.nowMs();
  let longestMs = 0;
  while (ensemble.nowMs() - startMs < 20_000) {
    longestMs = Math.max(longestMs, await writer.longestSilence(1, 60_000));
  }
  writer.close();
  return longestMs;
}

/** Between two pings of the leader to one learner. */
export async function pingPeriod(ensemble: SimulatedEnsemble): Promise<number> {
  const { followers } = await rolesOf(ensemble);
  const heard: number[] = [];
  ensemble.world.recorder.subscribe(['received'], ({ actor, text, atUs }) => {
    if (text === 'ping' && actor === followers[0]) heard.push(atUs / 1000);
  });
  await until(ensemble, () => Promise.resolve(heard.length >= 3));
  return (heard[2] ?? 0) - (heard[1] ?? 0);
}

/** A client goes without a word; its ephemeral outlives it by so much. Timeout: four ticks. */
export async function expiry(ensemble: SimulatedEnsemble): Promise<number> {
  const { leader } = await rolesOf(ensemble);
  const channel = await ensemble.dial(leader);
  if (channel === undefined) throw new Error('a server that serves refuses a client');
  const mortal = new Connection('mortal', channel, ensemble);
  await mortal.connect({
    lastZxid: 0n,
    timeoutMs: 2000,
    session: 0n,
    password: Buffer.alloc(16),
    readOnly: false,
    withReadOnly: true,
  });
  const create = requestOf({ op: 'create', path: '/e', mode: 'ephemeral' }, 0n);
  await mortal.reply(mortal.send('create', create));
  mortal.shut();
  const witness = await readerOf(ensemble, leader);
  return until(ensemble, async () => {
    const exists = requestOf({ op: 'exists', path: '/e' }, 0n);
    const reply = await witness.reply(witness.send('exists', exists));
    return typeof reply === 'object' && reply.code !== 0;
  });
}

/** A follower that was killed and started again, to which nothing was missing: election, then the rest. */
export function restarted(part: 'election' | 'rest') {
  return async (ensemble: SimulatedEnsemble): Promise<number> => {
    const follower = (await rolesOf(ensemble)).followers[0] ?? 1;
    const at = { boot: 0, elected: 0, serving: 0 };
    ensemble.world.recorder.subscribe(['boot', 'elected', 'serving'], ({ kind, actor, atUs }) => {
      if (actor === follower) at[kind as keyof typeof at] = atUs / 1000;
    });
    await ensemble.control('kill', follower);
    await ensemble.sleep(1000);
    await ensemble.control('start', follower);
    await until(ensemble, () => Promise.resolve(at.serving > 0));
    return part === 'election' ? at.elected - at.boot : at.serving - at.elected;
  };
}
