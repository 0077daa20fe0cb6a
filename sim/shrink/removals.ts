// Doing without a part of a scenario: a fault, a host that a fault strikes, an operation, a client,
// a server. What refers to the part goes with it or gets another name, so that what is left is a
// scenario again. Sessions and writes that are gone take their zxids with them; whoever waits for a
// later zxid may wait for the one that stands in its place.
import { isCreate } from '../../protocol/operation.js';
import type { Host } from '../faults/hosts.js';
import { clientNumber, isClientNumber, listOf } from '../faults/hosts.js';
import type { FaultSpec } from '../faults/kind.js';
import type { Cluster, Scenario, ScriptedOperation } from '../scenario/scenario.js';
import { valueOf } from '../scenario/operations.js';
import type { Facts } from './facts.js';
import { asHosts, placesOf, renamed, withPlace } from './hosts.js';

const COUNTERS = 2 ** 32;

/** Values go by the place of an operation among those of its client. */
function numbered(operations: readonly ScriptedOperation[]): ScriptedOperation[] {
  const issued = new Map<number, number>();
  return operations.map((operation) => {
    const { client, op } = operation;
    const nth = issued.get(client) ?? 0;
    issued.set(client, nth + 1);
    const data = valueOf(client, nth);
    if (isCreate(op) || op.kind === 'setData') return { ...operation, op: { ...op, data } };
    return operation;
  });
}

export function withOperations(
  scenario: Scenario,
  operations: readonly ScriptedOperation[],
): Scenario {
  return { ...scenario, workload: { ...scenario.workload, operations: numbered(operations) } };
}

/** Triggers wait for what stands where their zxid stood before `gone` was gone. */
function shifted(scenario: Scenario, gone: readonly number[]): Scenario {
  if (gone.length === 0) return scenario;
  const faults = scenario.faults.map((fault): FaultSpec => {
    if (fault.trigger.kind === 'at') return fault;
    const { when } = fault.trigger;
    const { zxid } = when;
    if (zxid === undefined) return fault;
    const epoch = Math.floor(zxid / COUNTERS);
    const before = gone.filter((one) => Math.floor(one / COUNTERS) === epoch && one < zxid).length;
    return { ...fault, trigger: { kind: 'when', when: { ...when, zxid: zxid - before } } };
  });
  return { ...scenario, faults };
}

/** As it is, and with the zxids of its triggers moved up. */
function eitherWay(scenario: Scenario, gone: readonly number[]): Scenario[] {
  return gone.length === 0 ? [scenario] : [shifted(scenario, gone), scenario];
}

/** Everything of a list except for a stretch of it. */
function cutOut<T>(list: readonly T[], from: number, to: number): T[] {
  return [...list.slice(0, from), ...list.slice(to)];
}

export function withoutFaults(scenario: Scenario, from: number, to: number): Scenario {
  return { ...scenario, faults: cutOut(scenario.faults, from, to) };
}

export function withoutOperations(
  scenario: Scenario,
  facts: Facts,
  from: number,
  to: number,
): Scenario[] {
  const { operations } = scenario.workload;
  if (operations === undefined) return [];
  const gone = facts.ofOperation.slice(from, to).flat();
  return eitherWay(withOperations(scenario, cutOut(operations, from, to)), gone);
}

export function withoutClient(scenario: Scenario, facts: Facts, index: number): Scenario[] {
  const rename = (host: Host): Host | undefined => {
    if (typeof host === 'number' || !isClientNumber(host)) return host;
    const number = clientNumber(host) - 1;
    if (number === index) return undefined;
    return number > index ? `client-${number}` : host;
  };
  const { operations } = scenario.workload;
  const clients = cutOut(scenario.clients, index, index + 1);
  const faults = scenario.faults.flatMap((fault) => renamed(fault, rename) ?? []);
  const without = { ...scenario, clients, faults: needingClients(faults, clients.length) };
  const gone = (facts.ofSessions[index] ?? []).slice();
  operations?.forEach(({ client }, at) => {
    if (client === index) gone.push(...(facts.ofOperation[at] ?? []));
  });
  if (operations === undefined) return eitherWay(without, gone);
  const left = operations
    .filter(({ client }) => client !== index)
    .map((one) => ({ ...one, client: one.client > index ? one.client - 1 : one.client }));
  return eitherWay(withOperations(without, left), gone);
}

/** A word for clients means nothing where there are none. */
function needingClients(faults: readonly FaultSpec[], clients: number): readonly FaultSpec[] {
  if (clients > 0) return faults;
  return faults.filter((fault) =>
    placesOf(fault).every(({ hosts }) =>
      listOf(hosts).every((host) => host !== 'client' && host !== 'clients'),
    ),
  );
}

function clusterWithout(cluster: Cluster, gone: readonly number[]): Cluster {
  const stays = (sid: number): boolean => !gone.includes(sid);
  const weights = cluster.weights?.filter(({ sid }) => stays(sid));
  const groups = cluster.groups
    ?.map((group) => group.filter(stays))
    .filter((group) => group.length > 0);
  return {
    ...cluster,
    voters: cluster.voters.filter(stays),
    observers: cluster.observers.filter(stays),
    weights: weights?.some(({ weight }) => weight > 0) === true ? weights : undefined,
    groups,
  };
}

export function withoutServers(scenario: Scenario, gone: readonly number[]): Scenario {
  const stays = (sid: number): boolean => !gone.includes(sid);
  const cluster = clusterWithout(scenario.cluster, gone);
  const nobody = cluster.observers.length === 0;
  const rename = (host: Host): Host | undefined => {
    if (typeof host === 'number') return stays(host) ? host : undefined;
    return nobody && (host === 'observer' || host === 'observers') ? undefined : host;
  };
  const clients = scenario.clients.map(({ sessionTimeoutMs, servers, chroot }) => {
    const left = servers?.filter(stays);
    return { sessionTimeoutMs, servers: left?.length === 0 ? undefined : left, chroot };
  });
  return {
    ...scenario,
    ...{ cluster, clients },
    clocks: scenario.clocks.filter(({ sid }) => stays(sid)),
    faults: scenario.faults.flatMap((fault) => renamed(fault, rename) ?? []),
  };
}

/** The same servers with the ids 1, 2, 3 and so on, in the same order. */
export function renumbered(scenario: Scenario): Scenario {
  const { cluster } = scenario;
  const ids = [...cluster.voters, ...cluster.observers].sort((a, b) => a - b);
  const next = (sid: number): number => ids.indexOf(sid) + 1;
  const rename = (host: Host): Host => (typeof host === 'number' ? next(host) : host);
  return {
    ...scenario,
    cluster: {
      ...cluster,
      voters: cluster.voters.map(next),
      observers: cluster.observers.map(next),
      weights: cluster.weights?.map(({ sid, weight }) => ({ sid: next(sid), weight })),
      groups: cluster.groups?.map((group) => group.map(next)),
    },
    clients: scenario.clients.map(({ sessionTimeoutMs, servers, chroot }) => {
      return { sessionTimeoutMs, servers: servers?.map(next), chroot };
    }),
    clocks: scenario.clocks.map((clock) => ({ ...clock, sid: next(clock.sid) })),
    faults: scenario.faults.flatMap((fault) => renamed(fault, rename) ?? []),
  };
}

/** A part that can be taken out by itself. */
export interface Removal {
  /** As a person would name it. */
  readonly what: string;
  readonly without: Scenario;
}

/** Of faults that name several hosts, each with one of them left out. */
export function hostRemovals(scenario: Scenario): Removal[] {
  return scenario.faults.flatMap((fault, index) =>
    placesOf(fault).flatMap((place) => {
      const hosts = listOf(place.hosts);
      if (hosts.length < 2) return [];
      return hosts.flatMap((host, at): Removal[] => {
        const less = withPlace(fault, place, asHosts(cutOut(hosts, at, at + 1)));
        if (less === undefined) return [];
        const without = { ...scenario, faults: scenario.faults.with(index, less) };
        return [{ what: `${String(host)} in fault ${index + 1} (${fault.fault})`, without }];
      });
    }),
  );
}

function operationText({ op }: ScriptedOperation): string {
  return 'path' in op ? `${op.kind} ${op.path ?? ''}` : op.kind;
}

/** Every single part of a scenario, each with the scenario that is left without it. */
export function partRemovals(scenario: Scenario): Removal[] {
  const { faults, clients, cluster } = scenario;
  const { operations = [] } = scenario.workload;
  const servers = [...cluster.observers, ...(cluster.voters.length > 1 ? cluster.voters : [])];
  const nothing: Facts = { ofOperation: [], ofSessions: [] };
  return [
    ...faults.map(({ fault }, index) => ({
      what: `fault ${index + 1} (${fault})`,
      without: withoutFaults(scenario, index, index + 1),
    })),
    ...hostRemovals(scenario),
    ...operations.flatMap((operation, index) =>
      withoutOperations(scenario, nothing, index, index + 1).map((without) => ({
        what: `operation ${index + 1} (${operationText(operation)})`,
        without,
      })),
    ),
    ...clients.flatMap((_, index) =>
      withoutClient(scenario, nothing, index).map((without) => ({
        what: `client ${index + 1}`,
        without,
      })),
    ),
    ...servers.map((sid) => ({ what: `server ${sid}`, without: withoutServers(scenario, [sid]) })),
  ];
}
