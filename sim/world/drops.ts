// Messages picked out by faults ("the second NEWLEADER to 2"): counted when they are sent, and met
// by their fate when they are about to arrive, like every other message.
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
  readonly how: MessageDrop['how'];
}

function matches({ drop }: Waiting, from: number, to: number, message: Message): boolean {
  return (
    drop.message === message.kind &&
    (drop.from === WORLD || drop.from === from) &&
    (drop.to === WORLD || drop.to === to)
  );
}

export class Drops {
  #waiting: readonly Waiting[] = [];
  #picked: readonly Picked[] = [];
  /** Is there anything to look for? */
  active = false;

  set(fault: number, drop: MessageDrop | undefined): void {
    this.#waiting = this.#waiting.filter((one) => one.fault !== fault);
    if (drop !== undefined) {
      this.#waiting = this.#waiting.concat({ fault, drop, spared: drop.nth - 1 });
    }
    this.#lookAround();
  }

  #lookAround(): void {
    this.active = this.#waiting.length > 0 || this.#picked.length > 0;
  }

  /** This message has been sent and will arrive under `seq`. */
  sent(seq: number, from: number, to: number, message: Message): void {
    const left: Waiting[] = [];
    for (const one of this.#waiting) {
      const { fault, drop, spared } = one;
      if (!matches(one, from, to, message)) left.push(one);
      else if (spared > 0) left.push({ fault, drop, spared: spared - 1 });
      else this.#picked = this.#picked.concat({ fault, seq, how: drop.how });
    }
    this.#waiting = left;
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
    twin.#picked = this.#picked;
    twin.active = this.active;
    return twin;
  }
}
