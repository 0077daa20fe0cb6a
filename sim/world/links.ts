// One direction between two hosts: how long things take and what faults do to it. Made when it is
// first used; connections remember its index. `troubled` is all that a message looks at on a good
// link.
import type { RandomStream, RandomStreams } from '../../base/random.js';
import type { LinkCondition } from './conditions.js';
import { GOOD_LINK } from './conditions.js';
import type { Contributions } from './contributions.js';
import { contribute, worstLink } from './contributions.js';
import { LatencySource } from './latency.js';
import type { Pending } from './pending.js';
import type { Latency } from './setup.js';

export class Link {
  readonly from: number;
  readonly to: number;
  readonly #streams: RandomStreams;
  readonly #name: string;
  readonly #source: LatencySource;
  contributions: Contributions<LinkCondition> = [];
  condition: LinkCondition = GOOD_LINK;
  troubled = false;
  /**
   * Packets that TCP will repeat until they get through, in the order in which they would have
   * arrived.
   */
  held: Pending[] = [];
  /** When what is held gets through; Infinity while the link is silent. */
  opensUs = Infinity;
  /** Until when the link is busy with what was sent, if its bandwidth is limited. */
  busyUntilUs = 0;

  constructor(from: number, to: number, streams: RandomStreams, name?: string) {
    this.from = from;
    this.to = to;
    this.#streams = streams;
    this.#name = name ?? `link/${String(from)}>${String(to)}`;
    this.#source = new LatencySource(streams, this.#name);
  }

  sample(latency: Latency): number {
    return this.#source.sample(latency);
  }

  /** Draws about faults come from a stream of their own and leave the latencies alone. */
  chances(): RandomStream {
    return this.#streams.stream(`${this.#name}/faults`);
  }

  setCondition(fault: number, condition: LinkCondition | undefined): void {
    this.contributions = contribute(this.contributions, fault, condition);
    this.condition = worstLink(this.contributions);
    this.#lookAround();
  }

  hold(pending: Pending): void {
    this.held.push(pending);
    this.troubled = true;
  }

  /** Everything that was held, which is held no more. */
  takeHeld(): readonly Pending[] {
    const { held } = this;
    this.held = [];
    this.opensUs = Infinity;
    this.#lookAround();
    return held;
  }

  #lookAround(): void {
    this.troubled = this.contributions.length > 0 || this.held.length > 0;
  }

  copy(streams: RandomStreams): Link {
    const twin = new Link(this.from, this.to, streams, this.#name);
    twin.contributions = this.contributions;
    twin.condition = this.condition;
    twin.troubled = this.troubled;
    twin.held = this.held.slice();
    twin.opensUs = this.opensUs;
    twin.busyUntilUs = this.busyUntilUs;
    return twin;
  }
}

const WIDTH = 2 ** 20;

/** All links by index, and the index of each pair. The indices mean the same in every fork. */
export class LinkTable {
  readonly #streams: RandomStreams;
  readonly #links: Link[] = [];
  readonly #indices: Map<number, number>;

  constructor(streams: RandomStreams, indices?: Map<number, number>) {
    this.#streams = streams;
    this.#indices = indices ?? new Map<number, number>();
  }

  indexOf(from: number, to: number): number {
    const pair = from * WIDTH + to;
    let index = this.#indices.get(pair);
    if (index === undefined) {
      index = this.#links.length;
      this.#links.push(new Link(from, to, this.#streams));
      this.#indices.set(pair, index);
    }
    return index;
  }

  at(index: number): Link {
    return this.#links[index] as Link;
  }

  between(from: number, to: number): Link {
    return this.at(this.indexOf(from, to));
  }

  all(): readonly Link[] {
    return this.#links;
  }

  copy(streams: RandomStreams): LinkTable {
    const twin = new LinkTable(streams, new Map(this.#indices));
    for (const link of this.#links) twin.#links.push(link.copy(streams));
    return twin;
  }
}
