// From the words of a fault to the hosts it strikes, at the moment it fires. Sets are cast in order
// and without repetition, so `[[leader, follower], rest]` puts every server into one of two groups.
// When nobody plays the part (there is no leader just now) there is no cast, and the fault waits
// for one.
import { unreachable } from '../../base/assert.js';
import type { RandomStream } from '../../base/random.js';
import type { ActorId, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Host, Hosts, Subject } from './hosts.js';
import { clientNumber, isClientNumber, listOf } from './hosts.js';
import type { RoleBook } from './role-book.js';

/** What of a cluster matters to a fault. */
export interface Stage {
  /** All servers: voters, then observers. */
  readonly servers: readonly ActorId[];
  readonly voters: readonly ActorId[];
  readonly observers: readonly ActorId[];
  readonly clients: readonly ActorId[];
}

export interface CastingCall {
  readonly stage: Stage;
  readonly book: RoleBook;
  readonly random: RandomStream;
  readonly isUp: (server: ActorId) => boolean;
  /** The record that triggered the fault. */
  readonly record: TraceRecord | undefined;
}

export type Cast = readonly (readonly ActorId[])[];

function clientActor(number: number): ActorId {
  return (FIRST_CLIENT + number - 1) as ActorId;
}

/** `3` for a server, `client-1` for a client, `` for the world. */
export function actorName(actor: number): string {
  if (actor >= FIRST_CLIENT) return `client-${actor - FIRST_CLIENT + 1}`;
  return actor === 0 ? '' : String(actor);
}

/** One list of hosts for each set; undefined when a part has nobody to play it. */
export function castAll(sets: readonly Hosts[], call: CastingCall): Cast | undefined {
  const taken: ActorId[] = [];
  const result: ActorId[][] = [];
  for (const set of sets) {
    const members: ActorId[] = [];
    for (const host of listOf(set)) {
      const found = castOne(host, taken, call);
      if (found.length === 0 && !mayBeNobody(host)) return undefined;
      for (const actor of found) {
        if (!members.includes(actor)) members.push(actor);
        // `all` is no part: whoever is meant by a later word is one of them.
        if (host !== 'all') taken.push(actor);
      }
    }
    result.push(members);
  }
  return result;
}

function castOne(host: Host, taken: readonly ActorId[], call: CastingCall): readonly ActorId[] {
  const { stage, book, record } = call;
  if (typeof host === 'number') return [host as ActorId];
  if (isClientNumber(host)) return [clientActor(clientNumber(host))];
  switch (host) {
    case 'leader': {
      const leader = book.leader();
      return leader === undefined ? [] : [leader as ActorId];
    }
    case 'follower':
      return oneOf(book.playing('following') as ActorId[], taken, call);
    case 'looking':
      return oneOf(book.playing('looking') as ActorId[], taken, call);
    case 'voter':
      return oneOf(stage.voters, taken, call);
    case 'observer':
      return oneOf(stage.observers, taken, call);
    case 'any':
      return oneOf(stage.servers, taken, call);
    case 'client':
      return oneOf(stage.clients, taken, call);
    case 'followers':
      return book.playing('following') as ActorId[];
    case 'actor':
      return known(record?.actor, stage);
    case 'peer':
      return known(record?.peer, stage);
    case 'rest':
      return stage.servers.filter((server) => !taken.includes(server));
    case 'voters':
      return stage.voters;
    case 'observers':
      return stage.observers;
    case 'clients':
      return stage.clients;
    case 'all':
      return stage.servers;
    default:
      return unreachable(host);
  }
}

/** A list that is empty says that there is nobody to strike, not that somebody is missing. */
function mayBeNobody(host: Host): boolean {
  return host === 'rest' || host === 'clients' || host === 'observers';
}

/** A running one if there is any; the draw happens in any case, so that streams stay in step. */
function oneOf(
  candidates: readonly ActorId[],
  taken: readonly ActorId[],
  call: CastingCall,
): readonly ActorId[] {
  const free = candidates.filter((actor) => !taken.includes(actor));
  if (free.length === 0) return [];
  const running = free.filter((actor) => actor >= FIRST_CLIENT || call.isUp(actor));
  return [call.random.pick(running.length > 0 ? running : free)];
}

function known(actor: number | undefined, stage: Stage): readonly ActorId[] {
  const hosts = [...stage.servers, ...stage.clients];
  return hosts.filter((host) => host === actor);
}

/** Is `actor` who the word says, just now? Used by triggers. */
export function isHost(host: Subject, actor: number, book: RoleBook, stage: Stage): boolean {
  if (typeof host === 'number') return host === actor;
  if (isClientNumber(host)) return clientActor(clientNumber(host)) === actor;
  switch (host) {
    case 'leader':
      return book.leader() === actor;
    case 'follower':
    case 'followers':
      return book.plays(actor, 'following');
    case 'looking':
      return book.plays(actor, 'looking');
    case 'voter':
    case 'voters':
      return stage.voters.includes(actor as ActorId);
    case 'observer':
    case 'observers':
      return stage.observers.includes(actor as ActorId);
    case 'client':
    case 'clients':
      return actor >= FIRST_CLIENT;
    case 'any':
    case 'all':
      return stage.servers.includes(actor as ActorId);
    default:
      return unreachable(host);
  }
}
