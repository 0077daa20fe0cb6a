// Who lives in a world before its first event: servers with their settings and clients with their
// lists of servers. What chance decides about that is the Origin, so that a replay needs no seed.
import type { RandomStreams } from '../../base/random.js';
import type { ClientManner } from '../../protocol/client/contract.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import type { ServerId } from '../../protocol/ids.js';
import { programOf } from '../../protocol/recipes/registry.js';
import type { Rules } from '../../protocol/rules.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { hasSid } from '../../protocol/sid-set.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Origin } from './choices.js';
import { Client } from './client.js';
import { ServerClock } from './clock.js';
import type { Host } from './hosts.js';
import type { Reducers } from './reducers.js';
import { Server } from './server.js';
import type { ClockSetup, WorldSetup } from './setup.js';

/** Java `observer.election.DelayMs`: the longest pause of an observer between two elections. */
const OBSERVER_DELAY_MS = 200;
const RIGHT_CLOCK: ClockSetup = { offsetMs: 0, driftPpm: 0 };

/** A client of the workload asks again and again, whatever becomes of its sessions. */
function workloadManner({ compatibility }: ServiceSettings): ClientManner {
  return { renews: true, patient: true, expiresItself: compatibility !== '3.8.0' };
}

/** A program hears of every failure at once; after its session it wants another. */
const PROGRAM_MANNER: ClientManner = { renews: true, patient: false, expiresItself: true };

const SUBNET_HOSTS = 250;

/** Of the host of a client: each has one of its own. */
function addressOf(index: number): string {
  return `10.0.${Math.floor(index / SUBNET_HOSTS)}.${(index % SUBNET_HOSTS) + 1}`;
}

export type RulesOf = (sid: ServerId) => Rules;

export interface Population<P, C> {
  /** By actor. */
  readonly servers: readonly (Server<P> | undefined)[];
  /** By actor minus FIRST_CLIENT. */
  readonly clients: readonly Client<C>[];
  /** Both, by actor. */
  readonly hosts: readonly (Host | undefined)[];
}

export function drawOrigin(setup: WorldSetup, seed: string, streams: RandomStreams): Origin {
  const { servers, observers } = setup.ensemble;
  const clientServers = setup.clients.map((client, index) => {
    return client.servers ?? streams.stream(`client/${String(index)}`).shuffle(servers);
  });
  const observerDelaysMs = servers.map((sid) => {
    if (!hasSid(observers, sid)) return 0;
    return streams.stream(`observer/${String(sid)}`).int(OBSERVER_DELAY_MS + 1);
  });
  return { seed, clientServers, observerDelaysMs };
}

export function populate<P, C>(
  setup: WorldSetup,
  origin: Origin,
  streams: RandomStreams,
  reducers: Reducers<P, C>,
  rulesOf: RulesOf | undefined,
): Population<P, C> {
  const { ensemble, timing, limits, service } = setup;
  const servers: (Server<P> | undefined)[] = [];
  ensemble.servers.forEach((sid, index) => {
    const config: PeerConfig = {
      sid,
      observer: hasSid(ensemble.observers, sid),
      ensemble,
      timing,
      limits,
      service,
      observerDelayMs: origin.observerDelaysMs[index] ?? 0,
      rules: rulesOf === undefined ? setup.rules : rulesOf(sid),
    };
    const clock = new ServerClock(setup.clocks[index] ?? RIGHT_CLOCK, setup.wallStartMs);
    servers[sid] = new Server({ config, state: reducers.initialPeer(config), clock }, streams);
  });
  const workload = workloadManner(service);
  const clients = setup.clients.map(({ sessionTimeoutMs, chroot = '' }, index) => {
    const list = (origin.clientServers[index] ?? []) as readonly ServerId[];
    const address = addressOf(index);
    const program = setup.recipe && programOf(setup.recipe);
    const manner = program === undefined ? workload : PROGRAM_MANNER;
    const config = {
      servers: list,
      sessionTimeoutMs,
      address,
      chroot,
      manner,
      index,
      program,
    };
    return new Client(FIRST_CLIENT + index, config, reducers.initialClient(config));
  });
  return { servers, clients, hosts: hostsOf(servers, clients) };
}

function hostsOf<P, C>(
  servers: readonly (Server<P> | undefined)[],
  clients: readonly Client<C>[],
): (Host | undefined)[] {
  const hosts: (Host | undefined)[] = servers.slice();
  for (const client of clients) hosts[client.actor] = client;
  return hosts;
}

export function copyPopulation<P, C>(
  of: Population<P, C>,
  streams: RandomStreams,
): Population<P, C> {
  const servers = of.servers.map((server) => server?.copy(streams));
  const clients = of.clients.map((client) => client.copy());
  return { servers, clients, hosts: hostsOf(servers, clients) };
}
