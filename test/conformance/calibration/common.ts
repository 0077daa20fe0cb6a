// What can be measured from outside, of a real ensemble and of a simulated one alike: processes are
// killed, stopped and continued, and a client looks on.
import type { Endpoint } from '../script/endpoint.js';
import { outage, Writer } from './writer.js';

const POLL_MS = 5;
const LIMIT_MS = 60_000;

export interface Roles {
  readonly leader: number;
  readonly followers: readonly number[];
}

export async function rolesOf(endpoint: Endpoint): Promise<Roles> {
  const modes = await Promise.all(
    Array.from({ length: endpoint.servers }, (_, index) => endpoint.modeOf(index + 1)),
  );
  const followers = modes.flatMap((mode, index) => (mode === 'follower' ? [index + 1] : []));
  return { leader: modes.indexOf('leader') + 1, followers };
}

/** How long until it is so, milliseconds. */
export async function until(endpoint: Endpoint, is: () => Promise<boolean>): Promise<number> {
  const startMs = endpoint.nowMs();
  while (endpoint.nowMs() - startMs < LIMIT_MS) {
    if (await is()) return endpoint.nowMs() - startMs;
    await endpoint.sleep(POLL_MS);
  }
  return Infinity;
}

export async function leaderKilled(endpoint: Endpoint): Promise<number> {
  const { leader, followers } = await rolesOf(endpoint);
  return outage(endpoint, followers, () => endpoint.control('kill', leader));
}

export async function leaderStopped(endpoint: Endpoint): Promise<number> {
  const { leader, followers } = await rolesOf(endpoint);
  return outage(endpoint, followers, () => endpoint.control('stop', leader));
}

/** The leader was stopped and replaced: how long after it goes on until it follows. */
export async function oldLeaderBack(endpoint: Endpoint): Promise<number> {
  const { leader, followers } = await rolesOf(endpoint);
  await outage(endpoint, followers, () => endpoint.control('stop', leader));
  await endpoint.control('cont', leader);
  return until(endpoint, async () => (await endpoint.modeOf(leader)) === 'follower');
}

/** Both followers of three are stopped: how long the leader goes on. */
export async function leaderGivesUp(endpoint: Endpoint): Promise<number> {
  const { leader, followers } = await rolesOf(endpoint);
  for (const follower of followers) await endpoint.control('stop', follower);
  return until(endpoint, async () => (await endpoint.modeOf(leader)) === undefined);
}

/** Both go on after that: how long until a client can write. */
export async function quorumBack(endpoint: Endpoint): Promise<number> {
  const { leader, followers } = await rolesOf(endpoint);
  await leaderGivesUp(endpoint);
  for (const follower of followers) await endpoint.control('cont', follower);
  const writer = new Writer(endpoint, [leader, ...followers]);
  const backMs = await until(endpoint, () => writer.write());
  writer.close();
  return backMs;
}
