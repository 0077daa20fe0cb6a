// The side of a world that faults and workloads see: every way to interfere from outside, turned
// into one intervention as data. [sim/world/conditions.ts FaultTarget]
import type { Operation } from '../../protocol/operation.js';
import type { ActorId } from '../trace/record.js';
import type { Intervention, News } from './choices.js';
import type {
  ClockCondition,
  CrashKind,
  DiskCondition,
  FaultTarget,
  LinkCondition,
  MessageDrop,
  ProcessCondition,
} from './conditions.js';

export abstract class Intervenable implements FaultTarget {
  protected abstract intervene(what: Intervention): void;
  abstract isUp(server: ActorId): boolean;

  /** Writes a record about the run: a fault begins or ends, the run is over. */
  announce(news: News): void {
    this.intervene({ kind: 'news', news });
  }

  /** The client's program asks for an operation. */
  invoke(client: ActorId, op: Operation): void {
    this.intervene({ kind: 'invoke', client, op });
  }

  /** The client's program closes its session and stops. */
  closeClient(client: ActorId): void {
    this.intervene({ kind: 'closeClient', client });
  }

  /** The program of a client, if it has one, is told to come to an end. */
  finishProgram(client: ActorId): void {
    this.intervene({ kind: 'finishProgram', client });
  }

  setLink(fault: number, from: ActorId, to: ActorId, condition: LinkCondition | undefined): void {
    this.intervene({ kind: 'setLink', fault, from, to, condition });
  }

  setDisk(fault: number, server: ActorId, condition: DiskCondition | undefined): void {
    this.intervene({ kind: 'setDisk', fault, server, condition });
  }

  setProcess(fault: number, server: ActorId, condition: ProcessCondition | undefined): void {
    this.intervene({ kind: 'setProcess', fault, server, condition });
  }

  setClock(fault: number, server: ActorId, condition: ClockCondition | undefined): void {
    this.intervene({ kind: 'setClock', fault, server, condition });
  }

  crash(fault: number, server: ActorId, kind: CrashKind): void {
    this.intervene({ kind: 'crash', fault, server, how: kind, survival: undefined });
  }

  restart(server: ActorId): void {
    this.intervene({ kind: 'restart', server });
  }

  wipe(fault: number, server: ActorId): void {
    this.intervene({ kind: 'wipe', fault, server });
  }

  corruptRecord(fault: number, server: ActorId, back: number): void {
    this.intervene({ kind: 'corruptRecord', fault, server, back });
  }

  loseSnapshot(fault: number, server: ActorId): void {
    this.intervene({ kind: 'loseSnapshot', fault, server });
  }

  setDrop(fault: number, drop: MessageDrop | undefined): void {
    this.intervene({ kind: 'setDrop', fault, drop });
  }

  resetLink(fault: number, a: ActorId, b: ActorId): void {
    this.intervene({ kind: 'resetLink', fault, a, b });
  }

  disconnectClient(fault: number, client: ActorId): void {
    this.intervene({ kind: 'disconnectClient', fault, client });
  }

  moveClient(fault: number, client: ActorId, server: ActorId): void {
    this.intervene({ kind: 'moveClient', fault, client, server });
  }
}
