// The faults of one run: fires each at its time or when a record says so, ends it, and counts what
// it did. A fault set off by a record begins inside the step that made the record, so that a crash
// falls exactly between two effects. Only the kinds of records that some fault waits for are
// listened to.
import type { RandomStreams } from '../../base/random.js';
import type { Agenda } from '../agenda.js';
import type { RecordKind, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { FaultTarget } from '../world/conditions.js';
import type { Cast, CastingCall, Stage } from './casting.js';
import { actorName, castAll } from './casting.js';
import { DownList } from './holding.js';
import type { Hosts } from './hosts.js';
import { listOf, needsRoles } from './hosts.js';
import type { FaultKind, FaultSpec, Family, Scene } from './kind.js';
import { hostsText } from './kind.js';
import { matches } from './pattern.js';
import { faultKind } from './registry.js';
import { ROLE_RECORDS, RoleBook } from './role-book.js';

export interface PlanWorld extends FaultTarget {
  readonly nowUs: number;
  /** Writes down that a fault begins or ends. */
  announce(news: FaultNews): void;
}

export interface FaultNews {
  readonly kind: 'fault' | 'healed';
  /** The one host concerned, or 0. */
  readonly peer: number;
  /** Index of the fault. */
  readonly value: number;
  readonly text: string;
  /** Index of the record that set it off, or -1. */
  readonly cause: number;
}

/** Who hears the records of a run. */
export interface RecordSource {
  subscribe(kinds: readonly RecordKind[], listener: (record: TraceRecord) => void): void;
}

export interface FaultReport {
  readonly index: number;
  readonly kind: string;
  /** In words; who was struck, once it has begun. */
  readonly text: string;
  /** When it began; undefined if it never did. */
  readonly atUs: number | undefined;
  /** How often the world credited it with an effect. */
  readonly effects: number;
  readonly firstEffect: string;
  /** Whom it struck; empty if it never began. */
  readonly cast: Cast;
  /** Index of the record that set it off; -1 for none. */
  readonly record: number;
}

/**
 * waiting: for somebody to play the part; awaiting: for its record; over: ended, or never to begin.
 */
type Status = 'pending' | 'waiting' | 'awaiting' | 'on' | 'over';

interface Entry {
  readonly index: number;
  readonly spec: FaultSpec;
  readonly kind: FaultKind;
  readonly hosts: readonly Hosts[];
  status: Status;
  matched: number;
  record: TraceRecord | undefined;
  cast: Cast;
  ticks: number;
  text: string;
  atUs: number | undefined;
  effects: number;
  firstEffect: string;
}

function makeEntry(spec: FaultSpec, index: number): Entry {
  const kind = faultKind(spec.fault);
  const hosts = kind.hosts(spec.params);
  const text = kind.describe(spec.params, (set) => hostsText(hosts[set] ?? 'rest'));
  return {
    index,
    spec,
    kind,
    hosts,
    status: 'pending',
    matched: 0,
    record: undefined,
    cast: [],
    ticks: 0,
    text,
    atUs: undefined,
    effects: 0,
    firstEffect: '',
  };
}

function kindsHeard(entries: readonly Entry[]): RecordKind[] {
  const kinds = new Set<RecordKind>();
  for (const { spec, kind, hosts } of entries) {
    if (kind.awaits !== undefined) kinds.add(kind.awaits);
    const named = hosts.flatMap(listOf);
    if (spec.trigger.kind === 'when') {
      const { record, actor, peer } = spec.trigger.when;
      kinds.add(record);
      named.push(...[actor, peer].filter((host) => host !== undefined));
    }
    if (named.some(needsRoles)) for (const role of ROLE_RECORDS) kinds.add(role);
  }
  return [...kinds];
}

/** Records that interventions write. */
const OUTSIDE_RECORDS: ReadonlySet<RecordKind> = new Set(['crash', 'fault', 'healed', 'effect']);

export interface FaultPlanParts {
  readonly stage: Stage;
  readonly world: PlanWorld;
  readonly agenda: Agenda;
  readonly streams: RandomStreams;
}

/** A trigger's `actor` or `peer` may turn out to be a client, which has no disk to stall. */
function suits(family: Family, cast: Cast): boolean {
  if (family === 'network') return true;
  return cast.every((members, set) => {
    const wantsClients = family === 'client' && set === 0;
    return members.every((member) => member >= FIRST_CLIENT === wantsClients);
  });
}

export class FaultPlan {
  readonly #parts: FaultPlanParts;
  readonly #entries: readonly Entry[];
  readonly #book = new RoleBook();
  readonly #down: DownList;
  #closed = false;

  constructor(specs: readonly FaultSpec[], parts: FaultPlanParts) {
    this.#parts = parts;
    this.#entries = specs.map(makeEntry);
    this.#down = new DownList(parts.world);
  }

  /**
   * Call after everybody else has subscribed: checkers hear a record before it sets off a fault.
   */
  start(source: RecordSource): void {
    for (const { spec, index } of this.#entries) {
      if (spec.trigger.kind === 'at') {
        this.#parts.agenda.add(spec.trigger.atUs, 'faultBegin', index);
      }
    }
    const kinds = kindsHeard(this.#entries);
    if (kinds.length > 0) source.subscribe(kinds, (record) => this.#onRecord(record));
  }

  /**
   * A record of something that was done to the world sets a fault off as soon as the event is over:
   * the world makes one intervention after the other, so another one cannot begin within the first.
   */
  #fireOn(entry: Entry, record: TraceRecord): void {
    if (!OUTSIDE_RECORDS.has(record.kind)) return this.#fire(entry);
    entry.status = 'pending';
    this.#parts.agenda.add(record.atUs, 'faultBegin', entry.index);
  }

  #onRecord(record: TraceRecord): void {
    const isRole = ROLE_RECORDS.includes(record.kind);
    if (isRole) this.#book.onRecord(record);
    if (this.#closed) return;
    for (const entry of this.#entries) {
      if (entry.status === 'pending') this.#consider(entry, record);
      else if (entry.status === 'awaiting') this.#strike(entry, record);
      else if (entry.status === 'waiting' && isRole) this.#fireOn(entry, record);
    }
  }

  #consider(entry: Entry, record: TraceRecord): void {
    const { trigger } = entry.spec;
    if (trigger.kind !== 'when') return;
    if (!matches(trigger.when, record, this.#book, this.#parts.stage)) return;
    entry.matched += 1;
    if (entry.matched !== trigger.when.nth) return;
    entry.record = record;
    this.#fireOn(entry, record);
  }

  /** The n-th host of a fault that waits for a record of one of its hosts. */
  #strike(entry: Entry, record: TraceRecord): void {
    if (record.kind !== entry.kind.awaits) return;
    if (!(entry.cast[0] ?? []).includes(record.actor)) return;
    entry.record = record;
    entry.cast = [[record.actor]];
    this.#beginNow(entry);
  }

  /** A task of the agenda is due. */
  begin(index: number): void {
    const entry = this.#entries[index];
    if (entry?.status === 'pending' && !this.#closed) this.#fire(entry);
  }

  #fire(entry: Entry): void {
    const { stage, world, streams } = this.#parts;
    const call: CastingCall = {
      stage,
      book: this.#book,
      random: streams.stream(`fault/${entry.index}`),
      isUp: (server) => world.isUp(server),
      record: entry.record,
    };
    const cast = castAll(entry.hosts, call);
    if (cast === undefined || !suits(entry.kind.family, cast)) {
      entry.status = 'waiting';
      return;
    }
    entry.cast = cast;
    if (entry.kind.awaits === undefined) this.#beginNow(entry);
    else entry.status = 'awaiting';
  }

  #beginNow(entry: Entry): void {
    const { agenda, world } = this.#parts;
    const { kind, spec, cast, hosts, index } = entry;
    entry.status = 'on';
    entry.atUs = world.nowUs;
    entry.text = kind.describe(spec.params, (set) => castText(hosts[set], cast[set]));
    world.announce({
      kind: 'fault',
      peer: targetOf(cast),
      value: index,
      text: entry.text,
      cause: entry.record?.index ?? -1,
    });
    kind.begin(this.#scene(entry));
    const everyUs = kind.everyUs?.(spec.params);
    if (everyUs !== undefined) agenda.add(world.nowUs + everyUs, 'faultTick', index);
    if (kind.lasts === 'moment') entry.status = 'over';
    else if (spec.forUs !== undefined) agenda.add(world.nowUs + spec.forUs, 'faultEnd', index);
  }

  #scene(entry: Entry): Scene<object> {
    const { stage, world } = this.#parts;
    const { index: fault, spec, cast } = entry;
    return { world, fault, params: spec.params, cast, stage, holding: this.#down };
  }

  tick(index: number): void {
    const entry = this.#entries[index];
    if (entry?.status !== 'on') return;
    const { kind, spec } = entry;
    entry.ticks += 1;
    if (kind.tick?.(this.#scene(entry), entry.ticks) !== true) {
      this.end(index);
      return;
    }
    const everyUs = kind.everyUs?.(spec.params);
    if (everyUs === undefined) return;
    this.#parts.agenda.add(this.#parts.world.nowUs + everyUs, 'faultTick', index);
  }

  end(index: number): void {
    const entry = this.#entries[index];
    if (entry?.status !== 'on') return;
    entry.status = 'over';
    const { cast, kind } = entry;
    const peer = targetOf(cast);
    this.#parts.world.announce({ kind: 'healed', peer, value: index, text: kind.name, cause: -1 });
    kind.end(this.#scene(entry));
  }

  /** Ends what is on, and nothing begins any more. */
  healAll(): void {
    this.#closed = true;
    for (const { index } of this.#entries) this.end(index);
  }

  /** The world says that a fault did something. */
  credit(fault: number, what: string): void {
    const entry = this.#entries[fault];
    if (entry === undefined) return;
    entry.effects += 1;
    if (entry.effects === 1) entry.firstEffect = what;
  }

  /** May this server have ended its process because of a fault that struck it? */
  explainsExit(server: number): boolean {
    return this.#entries.some(({ kind, cast, atUs }) => {
      if (!kind.mayHalt || atUs === undefined) return false;
      // Without a cast it is about everybody.
      const struck: readonly number[] = cast.flat();
      return struck.length === 0 || struck.includes(server);
    });
  }

  reports(): FaultReport[] {
    return this.#entries.map(({ index, kind, text, atUs, effects, firstEffect, cast, record }) => ({
      index,
      kind: kind.name,
      text,
      atUs,
      effects,
      firstEffect,
      cast,
      record: record?.index ?? -1,
    }));
  }
}

/** The one host that is struck, or 0. */
function targetOf(cast: Cast): number {
  const [first = [], ...others] = cast;
  return first.length === 1 && others.length === 0 ? (first[0] ?? 0) : 0;
}

/** `3`, or `leader = 3` when the scenario used a word. */
function castText(hosts: Hosts | undefined, cast: readonly number[] | undefined): string {
  const who = (cast ?? []).map(actorName).join(' ');
  const named = hosts === undefined ? '' : hostsText(hosts);
  return named === who || named === '' ? who : `${named} = ${who === '' ? 'nobody' : who}`;
}
