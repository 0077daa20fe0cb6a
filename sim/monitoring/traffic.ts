// What went over a server's client connections, counted from the trace while it is written: packets
// in and out, and how long answers took. Nothing of it is in a server's state, so a run that nobody
// monitors pays nothing. A packet is sent once the client has it: what is under way is not counted.
// [ZK-Java ServerStats, ServerCnxn]
import type { RecordKind, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';

/** Of one server since its process started, or of one of its connections. */
export interface Traffic {
  received: number;
  sent: number;
  /** Requests that were answered; their times in microseconds. */
  answers: number;
  totalUs: number;
  minUs: number;
  maxUs: number;
}

function noTraffic(): Traffic {
  return { received: 0, sent: 0, answers: 0, totalUs: 0, minUs: 0, maxUs: 0 };
}

/** What is known of one client's connection to one server. */
export interface Line {
  readonly session: number;
  readonly sinceUs: number;
  readonly traffic: Traffic;
  lastCxid: number;
  lastZxid: number;
  lastUs: number;
}

/** It begins with a connect request. */
function newLine(session: number, sinceUs: number): Line {
  const traffic = { ...noTraffic(), received: 1 };
  return { session, sinceUs, traffic, lastCxid: 0, lastZxid: 0, lastUs: 0 };
}

function answered(traffic: Traffic, tookUs: number): void {
  traffic.minUs = traffic.answers === 0 ? tookUs : Math.min(traffic.minUs, tookUs);
  traffic.maxUs = Math.max(traffic.maxUs, tookUs);
  traffic.answers += 1;
  traffic.totalUs += tookUs;
}

/** Bytes of what a leader has proposed; -1 before there is any. */
export interface ProposalSizes {
  last: number;
  min: number;
  max: number;
}

function noProposals(): ProposalSizes {
  return { last: -1, min: -1, max: -1 };
}

interface Counted {
  sinceUs: number;
  proposals: ProposalSizes;
  traffic: Traffic;
  readonly lines: Map<number, Line>;
  /** By client: when each request came that is not answered yet. */
  readonly waiting: Map<number, number[]>;
}

export class TrafficCounter {
  readonly #servers = new Map<number, Counted>();
  /** By session: its client. */
  readonly #clients = new Map<number, number>();
  /** By client: its session. */
  readonly #sessions = new Map<number, number>();

  /** What it wants to hear. */
  readonly kinds: readonly RecordKind[] = [
    ...(['boot', 'received', 'attached', 'replied', 'clientState'] as const),
    ...(['activated', 'proposed'] as const),
  ];

  #of(server: number): Counted {
    const known = this.#servers.get(server);
    if (known !== undefined) return known;
    const made: Counted = {
      sinceUs: 0,
      proposals: noProposals(),
      traffic: noTraffic(),
      lines: new Map(),
      waiting: new Map(),
    };
    this.#servers.set(server, made);
    return made;
  }

  onRecord(record: TraceRecord): void {
    const { kind, actor } = record;
    if (kind === 'received') this.#received(record);
    else if (kind === 'replied') this.#replied(record);
    else if (kind === 'attached') {
      this.#of(actor).lines.set(record.value, newLine(record.value, record.atUs));
    } else if (kind === 'clientState') {
      this.#clients.set(record.value, actor);
      this.#sessions.set(actor, record.value);
      if (record.text !== 'connected')
        for (const one of this.#servers.values()) one.waiting.delete(actor);
    } else if (kind === 'activated') {
      this.#of(actor).proposals = noProposals();
    } else if (kind === 'proposed') {
      this.#proposed(record);
    } else if (kind === 'boot') {
      this.#servers.delete(actor);
      this.#of(actor).sinceUs = record.atUs;
    }
  }

  #proposed({ actor, detail }: TraceRecord): void {
    if (detail === undefined || !('bytes' in detail)) return;
    const { bytes } = detail;
    const { proposals } = this.#of(actor);
    proposals.last = bytes;
    proposals.min = proposals.min < 0 ? bytes : Math.min(proposals.min, bytes);
    proposals.max = Math.max(proposals.max, bytes);
  }

  proposalsOf(server: number): ProposalSizes {
    return this.#of(server).proposals;
  }

  #received({ actor, peer, text, atUs }: TraceRecord): void {
    if (actor < FIRST_CLIENT && peer >= FIRST_CLIENT) {
      const server = this.#of(actor);
      server.traffic.received += 1;
      const line = this.#lineOf(server, peer);
      if (line !== undefined) line.traffic.received += 1;
      if (text === 'operation') {
        const waiting = server.waiting.get(peer) ?? [];
        waiting.push(atUs);
        server.waiting.set(peer, waiting);
      }
    } else if (actor >= FIRST_CLIENT && peer < FIRST_CLIENT) {
      const server = this.#of(peer);
      server.traffic.sent += 1;
      const line = this.#lineOf(server, actor);
      if (line !== undefined) line.traffic.sent += 1;
    }
  }

  #lineOf(server: Counted, client: number): Line | undefined {
    return server.lines.get(this.#sessions.get(client) ?? 0);
  }

  #replied({ actor, value: session, digest: cxid, zxid, atUs }: TraceRecord): void {
    const server = this.#of(actor);
    const client = this.#clients.get(session);
    const cameUs = client === undefined ? undefined : server.waiting.get(client)?.shift();
    if (cameUs === undefined) return;
    answered(server.traffic, atUs - cameUs);
    const line = server.lines.get(session);
    if (line === undefined) return;
    answered(line.traffic, atUs - cameUs);
    line.lastCxid = cxid;
    line.lastZxid = zxid;
    line.lastUs = atUs - cameUs;
  }

  trafficOf(server: number): Traffic {
    return this.#of(server).traffic;
  }

  lineOf(server: number, session: number): Line | undefined {
    return this.#of(server).lines.get(session);
  }

  /** When its process started. */
  upSinceUs(server: number): number {
    return this.#of(server).sinceUs;
  }
}
