// What the driver of a world decides, as plain data: which pending thing happens next and when,
// what chance does to it, and every intervention from outside with all its parameters resolved. A
// list of them replays a run without a seed. `within` is for what interferes while an event is
// being carried out (a fault triggered by a note): at which point of it, 0 for between events.
import type { ActorId, RecordKind } from '../trace/record.js';
import type { Operation } from '../../protocol/operation.js';
import type {
  ClockCondition,
  CrashKind,
  DiskCondition,
  LinkCondition,
  MessageDrop,
  ProcessCondition,
} from './conditions.js';
import type { Survival } from './disk.js';

/** Records that are no event of the world but news about the run. */
export type NewsKind = Extract<RecordKind, 'fault' | 'healed' | 'effect' | 'quiet' | 'end'>;

/** A record about the run: a fault begins, has an effect, ends. */
export interface News {
  readonly kind: NewsKind;
  /** The server or client concerned, or 0. */
  readonly peer: number;
  /** Fault index, where there is one. */
  readonly value: number;
  readonly text: string;
  /**
   * Record that set it off, -1 for none; news of a fault's effect or end follows from its
   * beginning.
   */
  readonly cause: number;
}

export type Intervention =
  | {
      readonly kind: 'setLink';
      readonly fault: number;
      readonly from: ActorId;
      readonly to: ActorId;
      readonly condition: LinkCondition | undefined;
    }
  | {
      readonly kind: 'setDisk';
      readonly fault: number;
      readonly server: ActorId;
      readonly condition: DiskCondition | undefined;
    }
  | {
      readonly kind: 'setProcess';
      readonly fault: number;
      readonly server: ActorId;
      readonly condition: ProcessCondition | undefined;
    }
  | {
      readonly kind: 'setClock';
      readonly fault: number;
      readonly server: ActorId;
      readonly condition: ClockCondition | undefined;
    }
  | {
      readonly kind: 'crash';
      readonly fault: number;
      readonly server: ActorId;
      readonly how: CrashKind;
      /** Undefined until it is drawn, when the crash is carried out. */
      readonly survival: Survival | undefined;
    }
  | { readonly kind: 'restart'; readonly server: ActorId }
  | { readonly kind: 'wipe'; readonly fault: number; readonly server: ActorId }
  | {
      readonly kind: 'corruptRecord';
      readonly fault: number;
      readonly server: ActorId;
      readonly back: number;
    }
  | { readonly kind: 'loseSnapshot'; readonly fault: number; readonly server: ActorId }
  | {
      readonly kind: 'setDrop';
      readonly fault: number;
      readonly drop: MessageDrop | undefined;
    }
  | {
      readonly kind: 'resetLink';
      readonly fault: number;
      readonly a: ActorId;
      readonly b: ActorId;
    }
  | { readonly kind: 'disconnectClient'; readonly fault: number; readonly client: ActorId }
  | {
      readonly kind: 'moveClient';
      readonly fault: number;
      readonly client: ActorId;
      readonly server: ActorId;
    }
  | { readonly kind: 'invoke'; readonly client: ActorId; readonly op: Operation }
  | { readonly kind: 'closeClient'; readonly client: ActorId }
  | { readonly kind: 'finishProgram'; readonly client: ActorId }
  | { readonly kind: 'news'; readonly news: News };

export type Choice =
  /** The pending thing with this seq happens. */
  | { readonly kind: 'run'; readonly seq: number; readonly atUs: number }
  /** This message is lost. */
  | { readonly kind: 'lose'; readonly seq: number; readonly atUs: number }
  /** This message is lost, and its connection breaks. */
  | { readonly kind: 'reset'; readonly seq: number; readonly atUs: number }
  /** This message will arrive once more. */
  | { readonly kind: 'duplicate'; readonly seq: number; readonly atUs: number }
  /** This disk request fails; `kept` records of a failed flush are in the file. */
  | {
      readonly kind: 'fail';
      readonly seq: number;
      readonly atUs: number;
      readonly kept: number;
    }
  | {
      readonly kind: 'intervene';
      readonly atUs: number;
      readonly within: number;
      readonly what: Intervention;
    };

/** What the seed decided before the first event. */
export interface Origin {
  readonly seed: string;
  /** Each client's list of servers. */
  readonly clientServers: readonly (readonly number[])[];
  /** Each server's pause before it looks for a leader again, in `ensemble.servers` order. */
  readonly observerDelaysMs: readonly number[];
}

/** A run without its seed. */
export interface Recording {
  readonly origin: Origin;
  readonly choices: readonly Choice[];
}

/** A choice that could not be made: the run it was recorded in went another way. */
export interface Divergence {
  readonly choice: Choice;
  readonly why: string;
}
