// TCP connections as two ends and two directions, each first in, first out. Both ends have a state
// of their own because they do not learn at once what became of the other: an end is closed when
// its process closed it, died, or was told; it has vanished when its host lost power, which nobody
// is told until the host is back.
import type { Purpose } from '../../protocol/event.js';

export type End =
  /** The callee has not been asked yet. */
  | 'none'
  /** The handshake is under way: the dialler waits, or the callee's kernel has answered. */
  | 'opening'
  | 'open'
  | 'closed'
  | 'vanished';

export function isAlive(end: End): boolean {
  return end === 'open' || end === 'opening';
}

export class Conn {
  readonly id: number;
  readonly purpose: Purpose;
  readonly dialler: number;
  readonly callee: number;
  /** Indices of the two links: dialler to callee, and back. */
  readonly outLink: number;
  readonly backLink: number;
  /** The dialler's end. */
  near: End = 'opening';
  /** The callee's end. */
  far: End = 'none';
  /** When the last thing sent so far arrives: nothing sent later arrives earlier. */
  outTailUs = 0;
  backTailUs = 0;
  /** Something was sent to the vanished end: its host will answer with a reset when it is back. */
  unanswered = false;
  /** A fault broke it: nothing sent on it arrives any more, and its ends are about to hear so. */
  doomed = false;
  /**
   * A host that lost power in the middle of a stream: the rest of what it sent never arrives. 0:
   * nobody.
   */
  mutedSender = 0;

  constructor(id: number, purpose: Purpose, out: Direction, back: Direction) {
    this.id = id;
    this.purpose = purpose;
    this.dialler = out.from;
    this.callee = back.from;
    this.outLink = out.link;
    this.backLink = back.link;
  }

  other(actor: number): number {
    return actor === this.dialler ? this.callee : this.dialler;
  }

  endOf(actor: number): End {
    return actor === this.dialler ? this.near : this.far;
  }

  setEnd(actor: number, end: End): void {
    if (actor === this.dialler) this.near = end;
    else this.far = end;
  }

  linkFrom(actor: number): number {
    return actor === this.dialler ? this.outLink : this.backLink;
  }

  copy(): Conn {
    const twin = new Conn(
      this.id,
      this.purpose,
      { from: this.dialler, link: this.outLink },
      { from: this.callee, link: this.backLink },
    );
    twin.near = this.near;
    twin.far = this.far;
    twin.outTailUs = this.outTailUs;
    twin.backTailUs = this.backTailUs;
    twin.unanswered = this.unanswered;
    twin.doomed = this.doomed;
    twin.mutedSender = this.mutedSender;
    return twin;
  }
}

/** Who sends on it, and over which link. */
export interface Direction {
  readonly from: number;
  readonly link: number;
}

/** Every connection of which some end is still alive, in the order of the dials. */
export class ConnTable {
  #lastId = 0;
  readonly #conns = new Map<number, Conn>();

  open(purpose: Purpose, out: Direction, back: Direction): Conn {
    this.#lastId += 1;
    const conn = new Conn(this.#lastId, purpose, out, back);
    this.#conns.set(conn.id, conn);
    return conn;
  }

  get(id: number): Conn | undefined {
    return this.#conns.get(id);
  }

  all(): IterableIterator<Conn> {
    return this.#conns.values();
  }

  delete(conn: Conn): void {
    this.#conns.delete(conn.id);
  }

  /** Forgets the connection once nobody will hear of it any more. */
  deleteIfDead(conn: Conn): void {
    if (!isAlive(conn.near) && !isAlive(conn.far)) this.#conns.delete(conn.id);
  }

  copy(): ConnTable {
    const twin = new ConnTable();
    twin.#lastId = this.#lastId;
    for (const [id, conn] of this.#conns) twin.#conns.set(id, conn.copy());
    return twin;
  }
}
