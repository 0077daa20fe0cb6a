// The timers of one actor, by (kind, key). Setting a timer again is by far the most frequent thing
// that happens to one (every message pushes a read timeout ahead of itself), so a timer has at most
// one live entry in the queue: set to a later time, it leaves its entry where it is, and the entry,
// when its time comes, finds the later time and queues itself again. Each setting still takes a seq
// of its own and fires under it, so the order of events is as if every setting had been queued.
import { assert } from '../../base/assert.js';
import type { ClientTimer } from '../../protocol/client/contract.js';
import type { TimerKind } from '../../protocol/event.js';
import type { Pending } from './pending.js';
import type { Timeline } from './timeline.js';

export type AnyTimer = TimerKind | ClientTimer;

/** Number of a kind is its place here. */
const KINDS: readonly AnyTimer[] = [
  'poll', 'finalize', 'observerDelay', 'connectRetry', 'readTimeout', 'halfTick', 'waitEpoch',
  'waitEpochAck', 'waitNewLeaderAck', 'handler', 'sessionExpiry', 'microStep', 'prep', 'log',
  'commit', 'final', 'snapshot', 'reconnect', 'ping', 'connectTimeout', 'expiry', 'selfExpiry',
  'reap', 'localExpiry', 'program',
]; // prettier-ignore

const FIRST_STAGE = KINDS.indexOf('microStep');
const LAST_STAGE = KINDS.indexOf('snapshot');

/** A timer's code in a Pending is key * SPAN + number of its kind. */
const SPAN = 32;
const NUMBERS = new Map<string, number>(KINDS.map((kind, number) => [kind, number]));

/** Fields of a slot. */
const SEQ = 0;
const DUE_LOCAL_US = 1;
const DUE_US = 2;
const CAUSE = 3;
/** Seq and time of the live entry in the queue; 0 when there is none. */
const ARMED_SEQ = 4;
const ARMED_US = 5;
const FIELDS = 6;

export function timerCode(timer: AnyTimer, key: number): number {
  const number = NUMBERS.get(timer);
  assert(number !== undefined, 'a timer without a number');
  return key * SPAN + number;
}

export function timerKind(code: number): AnyTimer {
  return KINDS[code % SPAN] as AnyTimer;
}

/** Is this a thread of the server that has something in its queue? */
export function isStage(code: number): boolean {
  const number = code % SPAN;
  return number >= FIRST_STAGE && number <= LAST_STAGE;
}

export function timerKey(code: number): number {
  return Math.floor(code / SPAN);
}

/** When a timer is due: by the actor's own clock, and by the world's. */
export interface Due {
  localUs: number;
  atUs: number;
}

export class Timers {
  readonly actor: number;
  #cells: Float64Array;
  /** Slots of timers with a key other than 0; key 0 has a slot of its own for each kind. */
  readonly #keyed: Map<number, number>;
  #unused: readonly number[];

  constructor(actor: number, of?: Timers) {
    this.actor = actor;
    this.#cells = of === undefined ? new Float64Array(SPAN * FIELDS) : of.#cells.slice();
    this.#keyed = of === undefined ? new Map<number, number>() : new Map(of.#keyed);
    this.#unused = of === undefined ? [] : of.#unused;
  }

  #slotOf(code: number): number | undefined {
    return code < SPAN ? code : this.#keyed.get(code);
  }

  #makeSlot(code: number): number {
    let slot = this.#unused.at(-1);
    if (slot === undefined) {
      slot = SPAN + this.#keyed.size;
      if ((slot + 1) * FIELDS > this.#cells.length) {
        const wider = new Float64Array(this.#cells.length * 2);
        wider.set(this.#cells);
        this.#cells = wider;
      }
    } else {
      this.#unused = this.#unused.slice(0, -1);
    }
    this.#keyed.set(code, slot);
    return slot;
  }

  #freeSlot(code: number, slot: number): void {
    if (code < SPAN) return;
    this.#keyed.delete(code);
    this.#unused = this.#unused.concat(slot);
  }

  set(code: number, due: Due, timeline: Timeline): void {
    const base = (this.#slotOf(code) ?? this.#makeSlot(code)) * FIELDS;
    const cells = this.#cells;
    const seq = timeline.nextSeq();
    const before = cells[base + SEQ] as number;
    cells[base + SEQ] = seq;
    cells[base + DUE_LOCAL_US] = due.localUs;
    cells[base + DUE_US] = due.atUs;
    cells[base + CAUSE] = timeline.cause;
    if (timeline.byChoice) timeline.forget(before);
    else if (cells[base + ARMED_SEQ] !== 0 && (cells[base + ARMED_US] as number) <= due.atUs) {
      return;
    }
    this.#arm(base, code, due.atUs, timeline);
  }

  #arm(base: number, code: number, atUs: number, timeline: Timeline): void {
    const cells = this.#cells;
    const seq = cells[base + SEQ] as number;
    cells[base + ARMED_SEQ] = seq;
    cells[base + ARMED_US] = atUs;
    timeline.arm(seq, this.actor, atUs, code, cells[base + CAUSE] as number);
  }

  clear(code: number, timeline: Timeline): void {
    const slot = this.#slotOf(code);
    if (slot === undefined) return;
    const base = slot * FIELDS;
    if (timeline.byChoice) {
      timeline.forget(this.#cells[base + SEQ] as number);
      this.#cells[base + ARMED_SEQ] = 0;
      this.#freeSlot(code, slot);
    }
    this.#cells[base + SEQ] = 0;
  }

  clearAll(timeline: Timeline): void {
    for (let code = 0; code < SPAN; code++) this.clear(code, timeline);
    for (const code of [...this.#keyed.keys()]) this.clear(code, timeline);
  }

  /** Is this entry, whose time has come, to fire? If it comes early, it is queued again. */
  isDue(entry: Pending, timeline: Timeline): boolean {
    const slot = this.#slotOf(entry.key);
    if (slot === undefined) return false;
    const base = slot * FIELDS;
    const cells = this.#cells;
    if (timeline.byChoice) return cells[base + SEQ] === entry.seq;
    if (cells[base + ARMED_SEQ] !== entry.seq) return false;
    const seq = cells[base + SEQ] as number;
    const dueUs = cells[base + DUE_US] as number;
    if (seq === entry.seq && dueUs <= timeline.nowUs) return true;
    cells[base + ARMED_SEQ] = 0;
    if (seq === 0) this.#freeSlot(entry.key, slot);
    else this.#arm(base, entry.key, dueUs, timeline);
    return false;
  }

  /** Would the entry at the head of the queue fire when its time comes? If not, it can go now. */
  isLive(entry: Pending): boolean {
    const slot = this.#slotOf(entry.key);
    if (slot === undefined) return false;
    const base = slot * FIELDS;
    const cells = this.#cells;
    return (
      cells[base + ARMED_SEQ] === entry.seq &&
      cells[base + SEQ] === entry.seq &&
      (cells[base + DUE_US] as number) <= entry.atUs
    );
  }

  /** It fires: the timer is set no more. */
  fired(code: number): void {
    const slot = this.#slotOf(code);
    if (slot === undefined) return;
    this.#cells[slot * FIELDS + SEQ] = 0;
    this.#cells[slot * FIELDS + ARMED_SEQ] = 0;
    this.#freeSlot(code, slot);
  }

  /** The actor's clock runs at another rate from now on: `atUsOf` tells when a local time comes. */
  retime(atUsOf: (localUs: number) => number, timeline: Timeline): void {
    for (let code = 0; code < SPAN; code++) this.#retime(code, code, atUsOf, timeline);
    for (const [code, slot] of this.#keyed) this.#retime(code, slot, atUsOf, timeline);
  }

  #retime(
    code: number,
    slot: number,
    atUsOf: (localUs: number) => number,
    timeline: Timeline,
  ): void {
    const base = slot * FIELDS;
    const cells = this.#cells;
    if (cells[base + SEQ] === 0) return;
    const atUs = Math.max(timeline.nowUs, atUsOf(cells[base + DUE_LOCAL_US] as number));
    cells[base + DUE_US] = atUs;
    if (timeline.byChoice || (cells[base + ARMED_US] as number) <= atUs) return;
    this.#arm(base, code, atUs, timeline);
  }

  /** The processor is faster by so much: threads pick up their work in proportion sooner. */
  quicken(ratio: number, localAt: (atUs: number) => number, timeline: Timeline): void {
    for (let code = FIRST_STAGE; code <= LAST_STAGE; code++) {
      this.#quicken(code, code, ratio, localAt, timeline);
    }
    for (const [code, slot] of this.#keyed) {
      if (isStage(code)) this.#quicken(code, slot, ratio, localAt, timeline);
    }
  }

  #quicken(
    code: number,
    slot: number,
    ratio: number,
    localAt: (atUs: number) => number,
    timeline: Timeline,
  ): void {
    const base = slot * FIELDS;
    const cells = this.#cells;
    const dueUs = cells[base + DUE_US] as number;
    const { nowUs } = timeline;
    if (cells[base + SEQ] === 0 || dueUs <= nowUs) return;
    const atUs = nowUs + Math.round((dueUs - nowUs) * ratio);
    cells[base + DUE_US] = atUs;
    cells[base + DUE_LOCAL_US] = localAt(atUs);
    if (timeline.byChoice || (cells[base + ARMED_US] as number) <= atUs) return;
    this.#arm(base, code, atUs, timeline);
  }

  copy(): Timers {
    return new Timers(this.actor, this);
  }
}
