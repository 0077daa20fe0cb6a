// Messages picked out by faults ("the second NEWLEADER to 2"): counted when they are sent, and met
// by their fate when they are about to arrive, like every other message; only a delay is decided
// when a message is sent, like every latency.
import type { Message } from '../../protocol/message.js';
import { WORLD } from '../trace/record.js';
import type { MessageDrop } from './conditions.js';

interface Waiting {
  readonly fault: number;
  readonly drop: MessageDrop;
  /** How many more like it will be let through. */
  readonly spared: number;
}

export interface Picked {
  readonly fault: number;
  readonly seq: number;
  readonly how: 'lose' | 'reset';
}

export interface Delay {
  readonly fault: number;
  readonly lateUs: number;
}

const NO_DELAYS: readonly Delay[] = [];

function matches({ drop }: Waiting, from: number, to: number, message: Message): boolean {
  return (
    drop.message === message.kind &&
    (drop.from === WORLD || drop.from === from) &&
    (drop.to === WORLD || drop.to === to)
  );
}

export class Drops {
  #waiting: readonly Waiting[] = [];
  #late: readonly Waiting[] = [];
  #picked: readonly Picked[] = [];
  /** Is there anything to look for? */
  active = false;

  set(fault: number, drop: MessageDrop | undefined): void {
    const isOther = (one: Waiting): boolean => one.fault !== fault;
    this.#waiting = this.#waiting.filter(isOther);
    this.#late = this.#late.filter(isOther);
    if (drop !== undefined) {
      const next = { fault, drop, spared: drop.nth - 1 };
      if (typeof drop.how === 'object') this.#late = this.#late.concat(next);
      else this.#waiting = this.#waiting.concat(next);
    }
    this.#lookAround();
  }

  #lookAround(): void {
    const { length } = this.#late;
    this.active = length > 0 || this.#waiting.length > 0 || this.#picked.length > 0;
  }

  /** This message has been sent and will arrive under `seq`. */
  sent(seq: number, from: number, to: number, message: Message): void {
    const left: Waiting[] = [];
    for (const one of this.#waiting) {
      const { fault, drop, spared } = one;
      if (!matches(one, from, to, message)) left.push(one);
      else if (spared > 0) left.push({ fault, drop, spared: spared - 1 });
      else if (typeof drop.how === 'string') {
        this.#picked = this.#picked.concat({ fault, seq, how: drop.how });
      }
    }
    this.#waiting = left;
  }

  /** Delays that a message meets which is being sent. */
  delaysOf(from: number, to: number, message: Message): readonly Delay[] {
    if (this.#late.length === 0) return NO_DELAYS;
    const left: Waiting[] = [];
    const met: Delay[] = [];
    for (const one of this.#late) {
      const { fault, drop, spared } = one;
      if (!matches(one, from, to, message)) left.push(one);
      else if (spared > 0) left.push({ fault, drop, spared: spared - 1 });
      else if (typeof drop.how === 'object') met.push({ fault, lateUs: drop.how.lateUs });
    }
    this.#late = left;
    this.#lookAround();
    return met;
  }

  /** The fate of the message that arrives under `seq`, if it was picked. */
  take(seq: number): Picked | undefined {
    const found = this.#picked.find((one) => one.seq === seq);
    if (found === undefined) return undefined;
    this.#picked = this.#picked.filter((one) => one.seq !== seq);
    this.#lookAround();
    return found;
  }

  copy(): Drops {
    const twin = new Drops();
    twin.#waiting = this.#waiting;
    twin.#late = this.#late;
    twin.#picked = this.#picked;
    twin.active = this.active;
    return twin;
  }
}
