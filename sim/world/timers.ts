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

/** Fields of a slot: numbers of events, and times, which may be too large for 32 bits. */
const SEQ = 0;
const CAUSE = 1;
/** Seq and time of the live entry in the queue; 0 when there is none. */
const ARMED_SEQ = 2;
const DUE_LOCAL_US = 0;
const DUE_US = 1;
const ARMED_US = 2;
const FIELDS = 3;

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
  #numbers: Int32Array;
  #times: Float64Array;
  /** Slots of timers with a key other than 0; key 0 has a slot of its own for each kind. */
  readonly #keyed: Map<number, number>;
  readonly #unused: number[];

  constructor(actor: number, of?: Timers) {
    this.actor = actor;
    this.#numbers = of === undefined ? new Int32Array(SPAN * FIELDS) : of.#numbers.slice();
    this.#times = of === undefined ? new Float64Array(SPAN * FIELDS) : of.#times.slice();
    this.#keyed = of === undefined ? new Map<number, number>() : new Map(of.#keyed);
    this.#unused = of === undefined ? [] : of.#unused.slice();
  }

  #slotOf(code: number): number | undefined {
    return code < SPAN ? code : this.#keyed.get(code);
  }

  #makeSlot(code: number): number {
    const slot = this.#unused.pop() ?? SPAN + this.#keyed.size;
    if ((slot + 1) * FIELDS > this.#times.length) this.#widen();
    this.#keyed.set(code, slot);
    return slot;
  }

  #widen(): void {
    const length = this.#times.length * 2;
    const numbers = new Int32Array(length);
    const times = new Float64Array(length);
    numbers.set(this.#numbers);
    times.set(this.#times);
    this.#numbers = numbers;
    this.#times = times;
  }

  #freeSlot(code: number, slot: number): void {
    if (code < SPAN) return;
    this.#keyed.delete(code);
    this.#unused.push(slot);
  }

  set(code: number, due: Due, timeline: Timeline): void {
    const base = (this.#slotOf(code) ?? this.#makeSlot(code)) * FIELDS;
    const numbers = this.#numbers;
    const times = this.#times;
    const seq = timeline.nextSeq();
    const before = numbers[base + SEQ] as number;
    numbers[base + SEQ] = seq;
    numbers[base + CAUSE] = timeline.cause;
    times[base + DUE_LOCAL_US] = due.localUs;
    times[base + DUE_US] = due.atUs;
    if (timeline.byChoice) timeline.forget(before);
    else if (numbers[base + ARMED_SEQ] !== 0 && (times[base + ARMED_US] as number) <= due.atUs) {
      return;
    }
    this.#arm(base, code, due.atUs, timeline);
  }

  #arm(base: number, code: number, atUs: number, timeline: Timeline): void {
    const numbers = this.#numbers;
    const seq = numbers[base + SEQ] as number;
    numbers[base + ARMED_SEQ] = seq;
    this.#times[base + ARMED_US] = atUs;
    timeline.arm(seq, this.actor, atUs, code, numbers[base + CAUSE] as number);
  }

  clear(code: number, timeline: Timeline): void {
    const slot = this.#slotOf(code);
    if (slot === undefined) return;
    const base = slot * FIELDS;
    if (timeline.byChoice) {
      timeline.forget(this.#numbers[base + SEQ] as number);
      this.#numbers[base + ARMED_SEQ] = 0;
      this.#freeSlot(code, slot);
    }
    this.#numbers[base + SEQ] = 0;
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
    const numbers = this.#numbers;
    if (timeline.byChoice) return numbers[base + SEQ] === entry.seq;
    if (numbers[base + ARMED_SEQ] !== entry.seq) return false;
    const seq = numbers[base + SEQ] as number;
    const dueUs = this.#times[base + DUE_US] as number;
    if (seq === entry.seq && dueUs <= timeline.nowUs) return true;
    numbers[base + ARMED_SEQ] = 0;
    if (seq === 0) this.#freeSlot(entry.key, slot);
    else this.#arm(base, entry.key, dueUs, timeline);
    return false;
  }

  /** Would the entry at the head of the queue fire when its time comes? If not, it can go now. */
  isLive(entry: Pending): boolean {
    const slot = this.#slotOf(entry.key);
    if (slot === undefined) return false;
    const base = slot * FIELDS;
    const numbers = this.#numbers;
    return (
      numbers[base + ARMED_SEQ] === entry.seq &&
      numbers[base + SEQ] === entry.seq &&
      (this.#times[base + DUE_US] as number) <= entry.atUs
    );
  }

  /** It fires: the timer is set no more. */
  fired(code: number): void {
    const slot = this.#slotOf(code);
    if (slot === undefined) return;
    this.#numbers[slot * FIELDS + SEQ] = 0;
    this.#numbers[slot * FIELDS + ARMED_SEQ] = 0;
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
    const times = this.#times;
    if (this.#numbers[base + SEQ] === 0) return;
    const atUs = Math.max(timeline.nowUs, atUsOf(times[base + DUE_LOCAL_US] as number));
    times[base + DUE_US] = atUs;
    if (timeline.byChoice || (times[base + ARMED_US] as number) <= atUs) return;
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
    const times = this.#times;
    const dueUs = times[base + DUE_US] as number;
    const { nowUs } = timeline;
    if (this.#numbers[base + SEQ] === 0 || dueUs <= nowUs) return;
    const atUs = nowUs + Math.round((dueUs - nowUs) * ratio);
    times[base + DUE_US] = atUs;
    times[base + DUE_LOCAL_US] = localAt(atUs);
    if (timeline.byChoice || (times[base + ARMED_US] as number) <= atUs) return;
    this.#arm(base, code, atUs, timeline);
  }

  copy(): Timers {
    return new Timers(this.actor, this);
  }
}
