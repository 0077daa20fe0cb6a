// The clients' programs: each asks for operations of a mix, one after the other or at a rate, from
// its own stream. They begin when the client first has a session. At the end of the faults each
// does a last few writes, which show that the service works again, and then stops.
import type { RandomStream, RandomStreams } from '../../base/random.js';
import type { Operation } from '../../protocol/operation.js';
import type { Agenda } from '../agenda.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ActorId, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import { LatencySource } from '../world/latency.js';
import { Operations } from './operations.js';

/** Writes of each client that must be answered after all faults are healed. */
const LAST_WRITES = 2;
/** At the end no client asks again sooner than this, whatever its pace was. */
const LAST_PAUSE_US = 50_000;

export interface WorkloadWorld {
  readonly nowUs: number;
  invoke(client: ActorId, op: Operation): void;
}

export interface WorkloadParts {
  readonly world: WorkloadWorld;
  readonly agenda: Agenda;
  readonly streams: RandomStreams;
}

/** What a run asks of its clients' programs. */
export interface Programs {
  /** Reads `clientState`, `completed` and `recipe` records. */
  onRecord(record: TraceRecord): void;
  /** A task of the agenda is due. */
  invoke(client: number): void;
  /** The world knows the outcome of an operation. */
  settled(client: ActorId): void;
  /** All faults are healed. */
  finish(): void;
  /** Is nothing under way and nothing to come? */
  readonly isDone: boolean;
}

interface Program {
  readonly index: number;
  readonly stream: RandomStream;
  readonly think: LatencySource;
  /** Has the client had a session? */
  started: boolean;
  /** Operations asked for so far. */
  issued: number;
  /** Operations still to ask for; at the end, operations still to be answered by a server. */
  left: number;
  /** Asked for, and the outcome is not known yet. */
  open: number;
  /** Of those, asked for before the end began; they are answered first. */
  early: number;
  /** Is the next one on the agenda? */
  planned: boolean;
}

function makeProgram(index: number, left: number, streams: RandomStreams): Program {
  return {
    index,
    stream: streams.stream(`workload/${index}`),
    think: new LatencySource(streams, `think/${index}`),
    started: false,
    issued: 0,
    left,
    open: 0,
    early: 0,
    planned: false,
  };
}

export class WorkloadDriver implements Programs {
  readonly #scenario: Scenario;
  readonly #parts: WorkloadParts;
  readonly #operations: Operations;
  readonly #programs: readonly Program[];
  #finishing = false;

  constructor(scenario: Scenario, parts: WorkloadParts) {
    this.#scenario = scenario;
    this.#parts = parts;
    this.#operations = new Operations(scenario.workload);
    const left = scenario.workload.ops ?? Infinity;
    this.#programs = scenario.clients.map((_, index) => makeProgram(index, left, parts.streams));
  }

  /** Reads `clientState` and `completed` records. */
  onRecord(record: TraceRecord): void {
    const program = this.#programs[record.actor - FIRST_CLIENT];
    if (program === undefined || record.kind === 'recipe') return;
    if (record.kind === 'completed') {
      if (program.early > 0) program.early -= 1;
      // Only what a server decided has a zxid; the rest fails for want of a connection, and is
      // tried again.
      else if (this.#finishing && record.zxid > 0) program.left -= 1;
      return;
    }
    if (program.started || record.text !== 'connected') return;
    program.started = true;
    this.#plan(program, record.atUs);
  }

  /** A task of the agenda is due. */
  invoke(index: number): void {
    const program = this.#programs[index];
    if (program === undefined) return;
    program.planned = false;
    // What was planned before the end began may come due in the middle of the last writes.
    if (program.left <= 0 || (this.#finishing && program.open > 0)) return;
    const { world } = this.#parts;
    const turn = { client: index, nth: program.issued, stream: program.stream };
    const op = this.#finishing ? this.#operations.write(turn) : this.#operations.next(turn);
    program.issued += 1;
    program.open += 1;
    if (!this.#finishing) program.left -= 1;
    world.invoke((FIRST_CLIENT + index) as ActorId, op);
    if (this.#isOpen()) this.#planNext(program);
  }

  /** The world knows the outcome of an operation. */
  settled(client: ActorId): void {
    const program = this.#programs[client - FIRST_CLIENT];
    if (program === undefined) return;
    program.open -= 1;
    if (!this.#isOpen()) this.#planNext(program);
  }

  /** In an open loop the next operation does not wait for the last; at the end everybody waits. */
  #isOpen(): boolean {
    return !this.#finishing && this.#scenario.workload.pace.kind === 'open';
  }

  #planNext(program: Program): void {
    if (program.planned || program.left <= 0) return;
    const { pace } = this.#scenario.workload;
    const { nowUs } = this.#parts.world;
    const pauseUs =
      pace.kind === 'closed'
        ? program.think.sample(pace.think)
        : Math.round(program.stream.exponential(1_000_000 / pace.perSecond));
    this.#plan(program, nowUs + (this.#finishing ? LAST_PAUSE_US : pauseUs));
  }

  #plan(program: Program, atUs: number): void {
    program.planned = true;
    this.#parts.agenda.add(atUs, 'invoke', program.index);
  }

  /** All faults are healed: a few last writes, and then no more. */
  finish(): void {
    this.#finishing = true;
    for (const program of this.#programs) {
      program.left = LAST_WRITES;
      program.early = program.open;
      if (program.started && program.open === 0) this.#plan(program, this.#parts.world.nowUs);
    }
  }

  /** Is nothing under way and nothing to come? */
  get isDone(): boolean {
    return this.#finishing && this.#programs.every(({ left, open }) => left <= 0 && open === 0);
  }
}
