// What a kind of fault is: its parameters, what it does to the world when it begins and ends, how
// the swarm draws it, and whether a correct ZooKeeper is meant to survive it. One file per family
// defines them, registry.ts lists them, plan.ts fires them.
import type { z } from 'zod';
import type { Draw } from '../swarm/draw.js';
import type { ActorId, RecordKind } from '../trace/record.js';
import type { FaultTarget } from '../world/conditions.js';
import type { Cast, Stage } from './casting.js';
import type { Hosts, Subject } from './hosts.js';

export type Family = 'network' | 'process' | 'disk' | 'clock' | 'client' | 'cluster';

/** When a trace record sets a fault off. Undefined fields match everything. */
export interface RecordPattern {
  readonly record: RecordKind;
  readonly actor: Subject | undefined;
  readonly peer: Subject | undefined;
  /** The whole text, or its beginning when it ends in `*`. */
  readonly text: string | undefined;
  readonly zxid: number | undefined;
  readonly epoch: number | undefined;
  /** The n-th match counts, from 1. */
  readonly nth: number;
  /** Records before this time do not count. */
  readonly afterUs: number;
}

export type Trigger =
  | { readonly kind: 'at'; readonly atUs: number }
  | { readonly kind: 'when'; readonly when: RecordPattern };

/** One fault of a scenario. `params` has the shape that its kind's schema describes. */
export interface FaultSpec {
  readonly fault: string;
  readonly trigger: Trigger;
  /** How long it lasts; undefined: until all faults are healed, or it is over at once. */
  readonly forUs: number | undefined;
  readonly params: object;
}

/** What of a scenario the swarm's draws depend on. */
export interface FaultShape {
  readonly voters: readonly number[];
  readonly observers: readonly number[];
  readonly clients: number;
  readonly tickUs: number;
  /** Silence after which a link is given up. */
  readonly syncUs: number;
  /** Will a server's record set it off? Then `actor` means something. */
  readonly triggered: boolean;
}

/** Servers that faults keep down. One that several faults hold comes up when the last lets go. */
export interface Holding {
  hold(server: ActorId): void;
  release(server: ActorId): void;
  /** Starts a server that is down and that nobody holds. */
  revive(server: ActorId): void;
}

/** A fault that is on: what `begin`, `tick` and `end` work with. */
export interface Scene<P> {
  readonly world: FaultTarget;
  /** Index of the fault in its scenario: under which its conditions are filed. */
  readonly fault: number;
  readonly params: P;
  /** Hosts, one list for each of the kind's `hosts`. */
  readonly cast: Cast;
  readonly stage: Stage;
  readonly holding: Holding;
}

export interface FaultKind<P extends object = object> {
  readonly name: string;
  readonly family: Family;
  /** One line for `zabsim list faults`. */
  readonly claim: string;
  /** Is a correct ZooKeeper meant to be safe under it? */
  readonly model: 'inside' | 'outside';
  /** Why it is inside or outside. */
  readonly because: string;
  /** moment: over at once; while: until healed; down: servers stay down until restarted. */
  readonly lasts: 'moment' | 'while' | 'down';
  /** May a server that it strikes end its process by itself, and rightly? */
  readonly mayHalt: boolean;
  /** How often the swarm draws it, relative to the others; 0: only when asked for. */
  readonly weight: number;
  readonly parameters: z.ZodObject;
  /** Which hosts it strikes; looked up when it fires. */
  hosts(params: P): readonly Hosts[];
  draw(random: Draw, shape: FaultShape): P;
  begin(scene: Scene<P>): void;
  end(scene: Scene<P>): void;
  /** `name(i)` says who the i-th of `hosts` is. */
  describe(params: P, name: (set: number) => string): string;
  /** Its time has come, but it strikes with the next record of this kind by one of its hosts. */
  readonly awaits?: RecordKind;
  /** It waits for its moment: the swarm does not end it before. */
  readonly patient?: true;
  /** Something to do again and again: how often, and what; false ends the fault. */
  everyUs?(params: P): number;
  tick?(scene: Scene<P>, nth: number): boolean;
}

/** Ties a kind's parameters to its schema; afterwards the kind is one among others. */
export function defineFault<S extends z.ZodRawShape>(
  kind: FaultKind<z.output<z.ZodObject<S>>> & { readonly parameters: z.ZodObject<S> },
): FaultKind {
  return kind;
}

/** Hosts as text, unresolved. */
export function hostsText(hosts: Hosts): string {
  return typeof hosts === 'object' ? hosts.join(' ') : String(hosts);
}
