// What each server is over time, as intervals: its role and phase with the epoch in which it has
// them, and from when to when a fault had a measured effect on it. Read once from the records that
// say so.
import type { RecordKind } from '../../../sim/trace/record.js';
import type { TraceView } from './trace-view.js';

export type BandState =
  'down' | 'starting' | 'looking' | 'following' | 'leading' | 'observing' | 'leaving';

export interface Band {
  readonly fromUs: number;
  toUs: number;
  readonly state: BandState;
  /** `discovery`, `synchronization`, `broadcast`, or nothing. */
  readonly phase: string;
  /** 0: in none. */
  readonly epoch: number;
  readonly leader: number;
  /** The record that began it. */
  readonly record: number;
}

export type Trouble = 'process' | 'disk' | 'network' | 'clock';

/** A fault as one server or client feels it. */
export interface Affliction {
  readonly fromUs: number;
  toUs: number;
  readonly trouble: Trouble;
  /** As the record says it: `paused`, `stalled`, `held`. */
  readonly what: string;
  readonly fault: number;
  readonly record: number;
}

/** From the record that announces a fault to the one that ends it. */
export interface FaultSpan {
  readonly fault: number;
  readonly text: string;
  readonly fromUs: number;
  toUs: number;
  readonly record: number;
  /** Is it over at once? */
  momentary: boolean;
  effects: number;
}

export interface Bands {
  readonly byServer: ReadonlyMap<number, readonly Band[]>;
  readonly afflictions: ReadonlyMap<number, readonly Affliction[]>;
  readonly faults: readonly FaultSpan[];
  /** When the quiet suffix begins; -1 if it does not. */
  readonly quiet: number;
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  paused: 'process',
  slowed: 'process',
  crashed: 'process',
  stalled: 'disk',
  failed: 'disk',
  full: 'disk',
  lied: 'disk',
  wiped: 'disk',
  corrupted: 'disk',
  snapshotLost: 'disk',
  clockChanged: 'clock',
};

/** Over as soon as they have happened; a crash has a band of its own. */
const AT_ONCE: ReadonlySet<string> = new Set(['crashed', 'corrupted', 'snapshotLost', 'wiped']);

/** Records that say what a server is, without a role of its own. */
const PLAIN_STATES: Partial<Record<RecordKind, BandState>> = {
  boot: 'starting',
  crash: 'down',
  halted: 'down',
  left: 'leaving',
};

const PLAIN_ROLES: Readonly<Partial<Record<string, BandState>>> = {
  booting: 'starting',
  halted: 'down',
  leaving: 'leaving',
};

class BandReader {
  readonly #trace: TraceView;
  readonly #bands: Map<number, Band[]>;
  readonly #afflictions = new Map<number, Affliction[]>();
  readonly #faults: FaultSpan[] = [];
  #quiet = -1;

  constructor(trace: TraceView, servers: readonly number[]) {
    this.#trace = trace;
    this.#bands = new Map(servers.map((sid) => [sid, []]));
  }

  #begin(actor: number, band: Omit<Band, 'toUs' | 'fromUs'>): void {
    const list = this.#bands.get(actor);
    if (list === undefined) return;
    const fromUs = this.#trace.atUs(band.record);
    const last = list.at(-1);
    if (last !== undefined) last.toUs = fromUs;
    list.push({ ...band, fromUs, toUs: this.#trace.endUs });
  }

  read(record: number): void {
    const { kind, peer, text, value, atUs } = this.#trace.at(record);
    if (kind === 'role') this.#role(record);
    else if (kind === 'fault') this.#fault(record);
    else if (kind === 'effect') this.#afflict(record, { fault: value, target: peer, what: text });
    else if (kind === 'healed') this.#heal(value, atUs);
    else if (kind === 'quiet') this.#quiet = record;
    else this.#plain(record, PLAIN_STATES[kind] ?? 'down');
  }

  #plain(record: number, state: BandState): void {
    const actor = this.#trace.columns.actor[record] ?? 0;
    this.#begin(actor, { state, phase: '', epoch: 0, leader: 0, record });
  }

  #role(record: number): void {
    const { actor, epoch, peer, text } = this.#trace.at(record);
    const [state = '', phase = ''] = text.split('/');
    const plain = PLAIN_ROLES[state];
    if (plain !== undefined) this.#plain(record, plain);
    else this.#begin(actor, { state: state as BandState, phase, epoch, leader: peer, record });
  }

  #fault(record: number): void {
    const { text, value, atUs } = this.#trace.at(record);
    this.#faults.push({
      ...{ fault: value, text, fromUs: atUs, toUs: this.#trace.endUs, record },
      ...{ momentary: true, effects: 0 },
    });
  }

  #spanOf(fault: number): FaultSpan | undefined {
    return this.#faults.findLast((span) => span.fault === fault);
  }

  #afflict(
    record: number,
    { fault, target, what }: { fault: number; target: number; what: string },
  ): void {
    const span = this.#spanOf(fault);
    if (span !== undefined) span.effects += 1;
    const fromUs = this.#trace.atUs(record);
    const list = this.#afflictions.get(target) ?? [];
    this.#afflictions.set(target, list);
    const toUs = AT_ONCE.has(what) ? fromUs : this.#trace.endUs;
    const trouble = TROUBLES[what] ?? 'network';
    list.push({ fromUs, toUs, trouble, what, fault, record });
  }

  #heal(fault: number, atUs: number): void {
    const span = this.#spanOf(fault);
    if (span !== undefined) {
      span.toUs = atUs;
      span.momentary = false;
    }
    for (const list of this.#afflictions.values()) {
      for (const one of list) if (one.fault === fault) one.toUs = Math.min(one.toUs, atUs);
    }
  }

  result(): Bands {
    // What nobody ended was over at once: a crash, a reset, a cut message.
    const over = new Set(this.#faults.filter((f) => f.momentary).map((f) => f.fault));
    for (const span of this.#faults) if (span.momentary) span.toUs = span.fromUs;
    for (const list of this.#afflictions.values()) {
      for (const one of list) if (over.has(one.fault)) one.toUs = one.fromUs;
    }
    return {
      byServer: this.#bands,
      afflictions: this.#afflictions,
      faults: this.#faults,
      quiet: this.#quiet,
    };
  }
}

export function readBands(trace: TraceView, servers: readonly number[]): Bands {
  const reader = new BandReader(trace, servers);
  const kinds = ['boot', 'crash', 'halted', 'role', 'left', 'fault', 'effect', 'healed'] as const;
  for (const record of trace.ofKinds([...kinds, 'quiet'])) reader.read(record);
  return reader.result();
}

/** What a server is at a moment; undefined before its first record. */
export function bandAt(bands: readonly Band[] | undefined, us: number): Band | undefined {
  return bands?.findLast(({ fromUs }) => fromUs <= us);
}
