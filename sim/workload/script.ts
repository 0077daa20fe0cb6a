// Clients that do what is written down, and nothing else: each asks for its operations in their
// order, the first when it has a session, each other one at its time or, without one, as soon as
// the outcome of the one before is known. There are no last writes at the end; whoever wants some
// writes them down.
import type { ScriptedOperation } from '../scenario/scenario.js';
import type { ActorId, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Programs, WorkloadParts } from './workload.js';

interface Part {
  readonly operations: readonly ScriptedOperation[];
  /** Has the client had a session? */
  started: boolean;
  issued: number;
  /** Asked for, and the outcome is not known yet. */
  open: number;
  /** When the next one is on the agenda, -1 if it is not. */
  plannedUs: number;
}

export class ScriptDriver implements Programs {
  readonly #parts: WorkloadParts;
  readonly #clients: readonly Part[];

  constructor(operations: readonly ScriptedOperation[], clients: number, parts: WorkloadParts) {
    this.#parts = parts;
    this.#clients = Array.from({ length: clients }, (_, index) => ({
      operations: operations.filter(({ client }) => client === index),
      started: false,
      issued: 0,
      open: 0,
      plannedUs: -1,
    }));
  }

  onRecord(record: TraceRecord): void {
    if (record.kind !== 'clientState' || record.text !== 'connected') return;
    const index = record.actor - FIRST_CLIENT;
    const part = this.#clients[index];
    if (part === undefined || part.started) return;
    part.started = true;
    this.#plan(part, index);
  }

  invoke(index: number): void {
    const part = this.#clients[index];
    const next = part?.operations[part.issued];
    if (part === undefined || next === undefined) return;
    part.plannedUs = -1;
    part.issued += 1;
    part.open += 1;
    this.#parts.world.invoke((FIRST_CLIENT + index) as ActorId, next.op);
    this.#plan(part, index);
  }

  settled(client: ActorId): void {
    const index = client - FIRST_CLIENT;
    const part = this.#clients[index];
    if (part === undefined) return;
    part.open -= 1;
    this.#plan(part, index);
  }

  finish(): void {
    // What is written down is done to its end.
  }

  get isDone(): boolean {
    return this.#clients.every(({ issued, open, operations }) => {
      return issued === operations.length && open === 0;
    });
  }

  #plan(part: Part, index: number): void {
    const next = part.operations[part.issued];
    if (next === undefined || !part.started || part.plannedUs >= 0) return;
    if (next.atUs === undefined && part.open > 0) return;
    const { world, agenda } = this.#parts;
    part.plannedUs = Math.max(world.nowUs, next.atUs ?? 0);
    agenda.add(part.plannedUs, 'invoke', index);
  }
}
