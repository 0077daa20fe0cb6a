// The network between hosts, as TCP shows it to them: what is sent on a connection arrives in order
// or not at all, a silent link delays it until it is healed, and an end learns of the other's fate
// only by what the other's kernel still says. Loss and breaking are decided when a message is about
// to arrive, never when it is sent, so that each is a choice of its own.
// [ZK-Java QuorumCnxManager, Learner]
import { assert } from '../../base/assert.js';
import type { Purpose } from '../../protocol/event.js';
import type { Message } from '../../protocol/message.js';
import type { Conn, End } from './connections.js';
import { ConnTable, isAlive } from './connections.js';
import type { Credits } from './credits.js';
import { Drops } from './drops.js';
import type { Hosts } from './hosts.js';
import type { Link } from './links.js';
import type { LinkCondition } from './conditions.js';
import type { Pending } from './pending.js';
import type { Timeline } from './timeline.js';
import { wireSize } from './wire-size.js';
import type { Surroundings } from './wire.js';
import { Wire } from './wire.js';

/** What becomes of a message that is about to arrive; `drop`: it is held up. */
export type Fate = 'run' | 'duplicate' | 'lose' | 'reset' | 'drop';

export class Network {
  readonly #timeline: Timeline;
  readonly #credits: Credits;
  readonly #hosts: Hosts;
  readonly #wire: Wire;
  readonly conns: ConnTable;
  readonly drops: Drops;

  constructor(around: Surroundings, of?: Network) {
    this.#timeline = around.timeline;
    this.#credits = around.credits;
    this.#hosts = around.hosts;
    this.#wire = of === undefined ? new Wire(around) : of.#wire.copy(around);
    this.conns = of === undefined ? new ConnTable() : of.conns.copy();
    this.drops = of === undefined ? new Drops() : of.drops.copy();
  }

  /** When the next healed link lets through what it held; Infinity if none is about to. */
  get opensUs(): number {
    return this.#wire.opensUs;
  }

  /** Links whose time has come let through what they held. */
  open(): void {
    this.#wire.open();
  }

  // Sending

  dial(from: number, to: number, purpose: Purpose, giveUpUs: number): void {
    assert(from !== to && this.#hosts[to] !== undefined, 'a dial to a host that does not exist');
    const out = this.#wire.indexOf(from, to);
    const back = this.#wire.indexOf(to, from);
    const conn = this.conns.open(purpose, { from, link: out }, { from: to, link: back });
    this.#timeline.schedule(
      'syn',
      to,
      this.#wire.arrivalUs(this.#wire.at(out), 0),
      conn.id,
      undefined,
    );
    this.#timeline.schedule('dialTimeout', from, giveUpUs, conn.id, undefined);
  }

  send(connId: number, from: number, message: Message): void {
    const conn = this.conns.get(connId);
    if (conn === undefined) return;
    const outward = conn.dialler === from;
    if ((outward ? conn.near : conn.far) !== 'open') return;
    const link = this.#wire.at(outward ? conn.outLink : conn.backLink);
    const tailUs = outward ? conn.outTailUs : conn.backTailUs;
    const to = outward ? conn.callee : conn.dialler;
    const lateUs = this.drops.active ? this.#lateness(from, to, message) : 0;
    let atUs: number;
    if (link.troubled) {
      atUs = this.#wire.arrivalUs(link, wireSize(message)) + lateUs;
      if (this.#wire.isOvertaken(link)) {
        this.#post(connId, to, this.#wire.overtakenUs(link, Math.max(atUs, tailUs)), message);
        return;
      }
    } else {
      atUs = this.#wire.quickestUs(link) + lateUs;
    }
    if (atUs < tailUs) atUs = tailUs;
    if (outward) conn.outTailUs = atUs;
    else conn.backTailUs = atUs;
    this.#post(connId, to, atUs, message);
  }

  /** How much later faults make a message arrive that is being sent. */
  #lateness(from: number, to: number, message: Message): number {
    let sumUs = 0;
    for (const { fault, lateUs } of this.drops.delaysOf(from, to, message)) {
      this.#credits.give(fault, 'delayed', to);
      sumUs += lateUs;
    }
    return sumUs;
  }

  #post(connId: number, to: number, atUs: number, message: Message): void {
    const seq = this.#timeline.schedule('message', to, atUs, connId, message);
    if (!this.drops.active) return;
    const conn = this.conns.get(connId);
    if (conn !== undefined) this.drops.sent(seq, conn.other(to), to, message);
  }

  close(connId: number, actor: number): void {
    const conn = this.conns.get(connId);
    if (conn === undefined || !isAlive(conn.endOf(actor))) return;
    conn.setEnd(actor, 'closed');
    const other = conn.other(actor);
    if (isAlive(conn.endOf(other))) this.#signal(conn, actor, 'eof');
    else this.conns.deleteIfDead(conn);
  }

  /** Something the kernel says on a connection, behind everything said before. */
  #signal(conn: Conn, from: number, kind: 'dialed' | 'accepted' | 'eof' | 'reset'): void {
    const link = this.#wire.at(conn.linkFrom(from));
    const outward = from === conn.dialler;
    const tailUs = outward ? conn.outTailUs : conn.backTailUs;
    const atUs = Math.max(tailUs, this.#wire.arrivalUs(link, 0));
    if (outward) conn.outTailUs = atUs;
    else conn.backTailUs = atUs;
    this.#timeline.schedule(kind, conn.other(from), atUs, conn.id, undefined);
  }

  // Arriving

  /** Can a message still be given to whom it was sent? */
  isExpected(pending: Pending): boolean {
    const conn = this.conns.get(pending.key);
    return conn?.doomed === false && this.#isTakenIn(conn.endOf(pending.actor), pending.actor);
  }

  /** A paused process has not seen the connection yet; its kernel has, and keeps what arrives. */
  #isTakenIn(end: End, actor: number): boolean {
    return end === 'open' || (end === 'opening' && this.#hosts[actor]?.paused === true);
  }

  fateOfMessage(pending: Pending): Fate {
    const conn = this.conns.get(pending.key);
    if (conn === undefined || conn.doomed) return 'lose';
    const inward = conn.dialler === pending.actor;
    const end = inward ? conn.near : conn.far;
    if (!isAlive(end)) return 'lose';
    const link = this.#wire.at(inward ? conn.backLink : conn.outLink);
    if (isCutShort(conn, link)) return 'lose';
    if (link.troubled && this.#wire.isHeld(pending, link)) return 'drop';
    if (!this.#isTakenIn(end, pending.actor)) return 'lose';
    const picked = this.drops.active ? this.drops.take(pending.seq) : undefined;
    if (picked !== undefined) {
      const { fault, how } = picked;
      this.#credits.give(fault, how === 'lose' ? 'lost' : 'reset', pending.actor);
      return how;
    }
    return link.troubled ? this.#troubledFate(pending, conn, link) : 'run';
  }

  #troubledFate(pending: Pending, conn: Conn, link: Link): Fate {
    const { loss, resetChance, duplicate } = link.condition;
    const { contributions } = link;
    const lossy = loss > 0 && (pending.body as Message).kind === 'notification';
    if (lossy && link.chances().chance(loss)) {
      this.#credits.giveAll(contributions, (c) => c.loss > 0, 'lost', pending.actor);
      return 'lose';
    }
    const frail = resetChance > 0 && conn.purpose !== 'election';
    if (frail && link.chances().chance(resetChance)) {
      this.#credits.giveAll(contributions, (c) => c.resetChance > 0, 'reset', pending.actor);
      return 'reset';
    }
    const echoes = duplicate > 0 && pending.kind === 'message';
    if (echoes && link.chances().chance(duplicate)) {
      this.#credits.giveAll(contributions, (c) => c.duplicate > 0, 'duplicated', pending.actor);
      return 'duplicate';
    }
    return 'run';
  }

  /** Of everything else that travels: dropped if held up or if nobody waits for it. */
  fateOfSignal(pending: Pending): 'run' | 'drop' {
    const conn = this.conns.get(pending.key);
    if (conn === undefined || !this.#awaits(conn, pending)) return 'drop';
    const link = this.#wire.at(conn.linkFrom(conn.other(pending.actor)));
    return link.troubled && this.#wire.isHeld(pending, link) ? 'drop' : 'run';
  }

  isAwaited(signal: Pending): boolean {
    const conn = this.conns.get(signal.key);
    return conn !== undefined && this.#awaits(conn, signal);
  }

  /** Does this signal still mean something to the end that it reaches? */
  #awaits(conn: Conn, { kind, actor }: Pending): boolean {
    const { near, far } = conn;
    if (kind === 'syn') return near === 'opening' && far === 'none';
    if (kind === 'dialed') return near === 'opening' && !conn.doomed;
    if (kind === 'refused' || kind === 'dialTimeout') return near === 'opening';
    if (kind === 'accepted') return far === 'opening';
    // A dialler that still waits for its answer hears `refused` or gives up; it has nothing to
    // close yet.
    if (actor === conn.dialler && near === 'opening') return false;
    return isAlive(conn.endOf(actor));
  }

  /** A message is not delivered. A host that has forgotten the connection answers with a reset. */
  lose(pending: Pending): void {
    const conn = this.conns.get(pending.key);
    const end = conn?.endOf(pending.actor);
    if (conn === undefined || (end !== 'vanished' && end !== 'closed')) return;
    // An earlier answer may itself have been lost on the way, so every message gets one.
    if (this.#hosts[pending.actor]?.powered === true) this.#disown(conn, pending.actor);
    else conn.unanswered = true;
  }

  #disown(conn: Conn, actor: number): void {
    conn.setEnd(actor, 'closed');
    this.#signal(conn, actor, 'reset');
  }

  /** The message arrives a second time, later. */
  repeat(pending: Pending): void {
    const conn = this.conns.get(pending.key);
    if (conn === undefined) return;
    const link = this.#wire.at(conn.linkFrom(conn.other(pending.actor)));
    const atUs = this.#wire.quickestUs(link);
    this.#timeline.schedule('copy', pending.actor, atUs, conn.id, pending.body);
  }

  // Shaking hands

  /** The callee's kernel is asked; a paused process does not matter to it. */
  answer(pending: Pending): void {
    const conn = this.conns.get(pending.key);
    const callee = this.#hosts[pending.actor];
    if (conn === undefined || callee?.powered !== true) return;
    if (this.#isRefusedByFault(conn)) {
      this.#refuse(conn);
    } else if (!callee.up || (conn.purpose === 'quorum' && !callee.listening)) {
      this.#refuse(conn);
    } else {
      conn.far = 'opening';
      this.#signal(conn, conn.callee, 'dialed');
    }
  }

  #isRefusedByFault(conn: Conn): boolean {
    const out = this.#wire.at(conn.outLink);
    const back = this.#wire.at(conn.backLink);
    const isBehind = (c: LinkCondition): boolean => c.blocked === 'reset';
    if (!isBehind(out.condition) && !isBehind(back.condition)) return false;
    this.#credits.giveAll(out.contributions, isBehind, 'refused', conn.dialler);
    this.#credits.giveAll(back.contributions, isBehind, 'refused', conn.dialler);
    return true;
  }

  #refuse(conn: Conn): void {
    const atUs = this.#wire.arrivalUs(this.#wire.at(conn.backLink), 0);
    this.#timeline.schedule('refused', conn.dialler, atUs, conn.id, undefined);
  }

  /** The dialler's end is open; the callee will see it one way later. */
  establish(conn: Conn): void {
    conn.near = 'open';
    this.#signal(conn, conn.dialler, 'accepted');
  }

  /** The dial failed. */
  abandon(conn: Conn): void {
    this.conns.delete(conn);
  }

  /** An end has learnt that the connection is over. */
  conclude(conn: Conn, actor: number): void {
    conn.setEnd(actor, 'closed');
    this.conns.deleteIfDead(conn);
  }

  // Outages

  /** A process ends: its kernel tells the other ends, behind what was sent. */
  processEnded(actor: number): void {
    for (const conn of this.conns.all()) {
      if (!this.#hasEnd(conn, actor)) continue;
      conn.setEnd(actor, 'closed');
      if (isAlive(conn.endOf(conn.other(actor)))) this.#signal(conn, actor, 'reset');
      else this.conns.deleteIfDead(conn);
    }
  }

  /** A host loses power: nobody is told, and what its kernel was still repeating is gone. */
  hostLost(actor: number): void {
    for (const conn of this.conns.all()) {
      if (!this.#hasEnd(conn, actor)) continue;
      conn.setEnd(actor, 'vanished');
      this.conns.deleteIfDead(conn);
    }
    for (const link of this.#wire.links()) {
      if (link.from !== actor || link.held.length === 0) continue;
      for (const { key } of link.takeHeld()) {
        const conn = this.conns.get(key);
        if (conn !== undefined) conn.mutedSender = actor;
      }
    }
  }

  /** The host is back and knows nothing: whoever is still sending to it gets a reset. */
  hostBack(actor: number): void {
    for (const conn of this.conns.all()) {
      if (conn.endOf(actor) !== 'vanished') continue;
      if (conn.unanswered) this.#disown(conn, actor);
    }
  }

  /**
   * Is this connection the actor's, and alive at its end? Half-made ones of its own are forgotten.
   */
  #hasEnd(conn: Conn, actor: number): boolean {
    if (conn.dialler !== actor && conn.callee !== actor) return false;
    if (conn.dialler === actor && conn.near === 'opening') {
      this.conns.delete(conn);
      return false;
    }
    return isAlive(conn.endOf(actor));
  }

  // Faults

  /** Returns true if connections were broken. */
  setLink(fault: number, from: number, to: number, condition: LinkCondition | undefined): boolean {
    const narrow = this.#wire.isNarrow(from, to);
    const { blocked } = this.#wire.setCondition(fault, from, to, condition);
    if (narrow && !this.#wire.isNarrow(from, to)) this.#catchUp(from, to);
    return blocked === 'reset' && this.breakBetween(from, to);
  }

  /** The link is wide again: what queued for it arrives at once, in its order. */
  #catchUp(from: number, to: number): void {
    const link = this.#wire.indexOf(from, to);
    const atUs = this.#wire.quickestUs(this.#wire.at(link));
    for (const conn of this.conns.all()) {
      if (conn.outLink === link) conn.outTailUs = Math.min(conn.outTailUs, atUs);
      if (conn.backLink === link) conn.backTailUs = Math.min(conn.backTailUs, atUs);
    }
    this.#wire.at(link).busyUntilUs = 0;
    this.#timeline.bringForward(atUs, ({ actor, key, kind }) => {
      if (actor !== to || kind === 'timer' || kind === 'disk') return false;
      return this.conns.get(key)?.linkFrom(from) === link;
    });
  }

  /** Breaks every connection between two hosts; true if there was one. */
  breakBetween(a: number, b: number): boolean {
    let broken = false;
    for (const conn of this.conns.all()) {
      const joins =
        (conn.dialler === a && conn.callee === b) || (conn.dialler === b && conn.callee === a);
      if (joins && this.break(conn)) broken = true;
    }
    return broken;
  }

  /** Both ends get a reset now, and what was under way is lost. */
  break(conn: Conn): boolean {
    if (conn.near === 'opening') {
      if (conn.far === 'none' || conn.doomed) return false;
      conn.doomed = true;
      conn.far = 'closed';
      this.#timeline.schedule('refused', conn.dialler, this.#timeline.nowUs, conn.id, undefined);
      return true;
    }
    if (conn.doomed) return false;
    conn.doomed = true;
    for (const end of [conn.dialler, conn.callee]) {
      if (isAlive(conn.endOf(end))) {
        this.#timeline.schedule('broken', end, this.#timeline.nowUs, conn.id, undefined);
      }
    }
    return true;
  }

  copy(around: Surroundings): Network {
    return new Network(around, this);
  }
}

/**
 * TCP would send it again after the outage, but its sender is gone; so is all that follows on the
 * stream.
 */
function isCutShort(conn: Conn, link: Link): boolean {
  if (link.condition.blocked === 'silent' && conn.endOf(link.from) === 'vanished') {
    conn.mutedSender = link.from;
  }
  return conn.mutedSender === link.from;
}
