// The hosts that a fault names, wherever its parameters name them: reading them, and writing the
// fault anew with other ones. A fault that has nobody left to strike is no fault any more.
import type { Host, Hosts, Subject } from '../faults/hosts.js';
import { listOf } from '../faults/hosts.js';
import type { FaultSpec, Trigger } from '../faults/kind.js';

/** Parameters that name hosts, in the order in which kinds list them. */
const ONE_SET = ['around', 'servers', 'clients', 'via', 'from', 'to'] as const;
const MANY_SETS = ['groups', 'sides'] as const;

/** One set of hosts: of which parameter, and the how many-th of its sets. */
export interface Place {
  readonly key: string;
  /** Undefined: the parameter is the set. */
  readonly index: number | undefined;
  readonly hosts: Hosts;
}

type Params = Readonly<Record<string, unknown>>;

function isHosts(value: unknown): value is Hosts {
  return typeof value === 'number' || typeof value === 'string' || Array.isArray(value);
}

export function placesOf({ params }: FaultSpec): Place[] {
  const written = params as Params;
  const single = ONE_SET.flatMap((key): Place[] => {
    const value = written[key];
    return isHosts(value) ? [{ key, index: undefined, hosts: value }] : [];
  });
  const many = MANY_SETS.flatMap((key): Place[] => {
    const value = written[key] as readonly Hosts[] | undefined;
    return (value ?? []).map((hosts, index) => ({ key, index, hosts }));
  });
  return [...single, ...many];
}

/** One host by itself, several as a list. */
export function asHosts(list: readonly Host[]): Hosts | undefined {
  return list.length === 1 ? list[0] : list.length === 0 ? undefined : list;
}

/** The fault with another set of hosts in one place; undefined if nobody is left there. */
export function withPlace(
  fault: FaultSpec,
  { key, index }: Place,
  hosts: Hosts | undefined,
): FaultSpec | undefined {
  const written = fault.params as Params;
  if (index === undefined) {
    return hosts === undefined ? undefined : { ...fault, params: { ...written, [key]: hosts } };
  }
  const sets = (written[key] as readonly Hosts[]).flatMap((set, at) => {
    const next = at === index ? hosts : set;
    return next === undefined ? [] : [next];
  });
  return sets.length < 2 ? undefined : { ...fault, params: { ...written, [key]: sets } };
}

/** Says who a host is now; undefined: it is gone. */
export type Renaming = (host: Host) => Host | undefined;

function renamedTrigger(trigger: Trigger, rename: Renaming): Trigger | undefined {
  if (trigger.kind === 'at') return trigger;
  const { actor, peer } = trigger.when;
  const newActor = actor === undefined ? undefined : (rename(actor) as Subject | undefined);
  const newPeer = peer === undefined ? undefined : (rename(peer) as Subject | undefined);
  const lost = actor !== undefined && newActor === undefined;
  if (lost || (peer !== undefined && newPeer === undefined)) return undefined;
  return { kind: 'when', when: { ...trigger.when, actor: newActor, peer: newPeer } };
}

/** The fault among hosts that have other names; undefined if it has lost what it needs. */
export function renamed(fault: FaultSpec, rename: Renaming): FaultSpec | undefined {
  const trigger = renamedTrigger(fault.trigger, rename);
  if (trigger === undefined) return undefined;
  let result: FaultSpec | undefined = { ...fault, trigger };
  // Backwards, so that a set that is gone does not move those still to be renamed.
  for (const place of placesOf(fault).reverse()) {
    if (result === undefined) return undefined;
    const hosts = listOf(place.hosts).flatMap((host) => rename(host) ?? []);
    result = withPlace(result, place, asHosts(hosts));
  }
  return result;
}
