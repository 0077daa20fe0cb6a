// All links of a network: how long things take on them, what they hold up, and when they let it go.
import type { RandomStreams } from '../../base/random.js';
import type { LinkCondition } from './conditions.js';
import type { Credits } from './credits.js';
import type { Hosts } from './hosts.js';
import type { Link } from './links.js';
import { LinkTable } from './links.js';
import type { Pending } from './pending.js';
import type { Latency } from './setup.js';
import type { Timeline } from './timeline.js';

/** How far behind its turn a message falls that others may overtake, at most. */
const OVERTAKEN_BY_US = 20_000;

/** What a network works with; a fork of the world gives its own. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly streams: RandomStreams;
  readonly credits: Credits;
  readonly hosts: Hosts;
  readonly latency: Latency;
}

export class Wire {
  readonly #timeline: Timeline;
  readonly #credits: Credits;
  readonly #latency: Latency;
  readonly #links: LinkTable;
  /** When the next healed link lets through what it held; Infinity if none is about to. */
  opensUs = Infinity;

  constructor(around: Surroundings, of?: Wire) {
    this.#timeline = around.timeline;
    this.#credits = around.credits;
    this.#latency = around.latency;
    this.#links = of === undefined ? new LinkTable(around.streams) : of.#links.copy(around.streams);
    if (of !== undefined) this.opensUs = of.opensUs;
  }

  indexOf(from: number, to: number): number {
    return this.#links.indexOf(from, to);
  }

  at(index: number): Link {
    return this.#links.at(index);
  }

  links(): readonly Link[] {
    return this.#links.all();
  }

  /** When something small sent now arrives on a good link. */
  quickestUs(link: Link): number {
    return this.#timeline.nowUs + link.sample(this.#latency);
  }

  /** When something of this size sent now arrives, but for what was sent before it. */
  arrivalUs(link: Link, bytes: number): number {
    const latencyUs = link.sample(this.#latency);
    const { nowUs } = this.#timeline;
    if (!link.troubled) return nowUs + latencyUs;
    const { delayUs, bytesPerMs } = link.condition;
    if (delayUs > 0) {
      this.#credits.giveAll(link.contributions, (c) => c.delayUs === delayUs, 'delayed', link.to);
    }
    if (bytesPerMs === 0) return nowUs + latencyUs + delayUs;
    const startUs = Math.max(nowUs, link.busyUntilUs);
    if (startUs > nowUs) {
      const isBehind = (c: LinkCondition): boolean => c.bytesPerMs === bytesPerMs;
      this.#credits.giveAll(link.contributions, isBehind, 'throttled', link.to);
    }
    link.busyUntilUs = startUs + Math.ceil((bytes * 1000) / bytesPerMs);
    return link.busyUntilUs + latencyUs + delayUs;
  }

  /** Is what is sent now one that later ones may overtake? */
  isOvertaken(link: Link): boolean {
    const { reorder } = link.condition;
    if (reorder === 0 || !link.chances().chance(reorder)) return false;
    this.#credits.giveAll(link.contributions, (c) => c.reorder > 0, 'reordered', link.to);
    return true;
  }

  /** When one that is overtaken arrives after all, if its turn was at `turnUs`. */
  overtakenUs(link: Link, turnUs: number): number {
    return turnUs + 1 + link.chances().int(OVERTAKEN_BY_US);
  }

  /** Is it held up instead of arriving? Behind what is held everything is. */
  isHeld(pending: Pending, link: Link): boolean {
    const silent = link.condition.blocked === 'silent';
    if (!silent && link.held.length === 0) return false;
    if (silent) {
      const isBehind = (c: LinkCondition): boolean => c.blocked === 'silent';
      this.#credits.giveAll(link.contributions, isBehind, 'held', pending.actor);
    }
    link.hold(pending);
    return true;
  }

  isNarrow(from: number, to: number): boolean {
    return this.#links.between(from, to).condition.bytesPerMs > 0;
  }

  /** Returns the condition that the link is in now. */
  setCondition(
    fault: number,
    from: number,
    to: number,
    condition: LinkCondition | undefined,
  ): LinkCondition {
    const link = this.#links.between(from, to);
    link.setCondition(fault, condition);
    const silent = link.condition.blocked === 'silent';
    const beforeUs = link.opensUs;
    if (silent) link.opensUs = Infinity;
    else if (link.held.length > 0 && beforeUs === Infinity) {
      link.opensUs = this.quickestUs(link);
    }
    if (link.opensUs < this.opensUs) this.opensUs = link.opensUs;
    else if (link.opensUs > beforeUs) this.#lookForOpening();
    return link.condition;
  }

  #lookForOpening(): void {
    this.opensUs = this.#links
      .all()
      .reduce((first, { opensUs }) => Math.min(first, opensUs), Infinity);
  }

  /** Links whose time has come let through what they held. */
  open(): void {
    for (const link of this.#links.all()) {
      if (link.opensUs <= this.#timeline.nowUs) this.#timeline.release(link.takeHeld());
    }
    this.#lookForOpening();
  }

  copy(around: Surroundings): Wire {
    return new Wire(around, this);
  }
}
