// A program around the library, as a state machine inside the client's state: what it hears, and
// what it does about it. It is a synchronous user: one operation at a time, one timer, any number
// of watches. Being a value, it forks with the world, and shrinks as everything else does.
import type { Brand } from '../../base/brand.js';
import type { SessionId, Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import type { Operation } from '../operation.js';
import type { ClientNews } from './hearing.js';

/** What only the program itself can look into. */
export type ProgramState = Brand<object, 'ProgramState'>;

export type ProgramEvent =
  /** The first session is there. Always the first event. */
  | { readonly kind: 'begin' }
  | ClientNews
  | { readonly kind: 'timer' }
  /** The run comes to its end: finish the round under way, give back what is held, be done. */
  | { readonly kind: 'finish' };

/** What a program can know without asking a server. */
export interface ProgramView {
  readonly nowUs: number;
  /** Which client of the scenario, from 0: makes names unique. */
  readonly index: number;
  readonly session: SessionId;
  readonly connected: boolean;
  /** Negotiated. */
  readonly sessionTimeoutMs: number;
  /** When a server was last heard from. */
  readonly heardUs: number;
}

/** For the trace: a point that the checkers of the recipe care about. */
export interface ProgramNote {
  /** `lock/acquired` */
  readonly text: string;
  /** Fencing token: czxid of what is held; 0 where there is none. */
  readonly token: Zxid;
  /** A number of the recipe's own: an item, a slot, a count. */
  readonly number: number;
}

export function programNote(text: string, token: Zxid = ZERO_ZXID, number = 0): ProgramNote {
  return { text, token, number };
}

export interface ProgramStep<S> {
  readonly state: S;
  /** To ask for next; never while one is under way. */
  readonly op: Operation | undefined;
  /** Delay in microseconds of the one timer; undefined: as it was. */
  readonly timerUs: number | 'clear' | undefined;
  readonly notes: readonly ProgramNote[];
  /** Nothing more will be asked for. */
  readonly done: boolean;
}

const NO_NOTES: readonly ProgramNote[] = Object.freeze([]);

/** The one construction site of steps. */
export function programStep<S>(
  state: S,
  op?: Operation,
  timerUs?: number | 'clear',
  notes: readonly ProgramNote[] = NO_NOTES,
  done = false,
): ProgramStep<S> {
  return { state, op, timerUs, notes, done };
}

export interface Program {
  /** `lock` */
  readonly name: string;
  readonly initial: ProgramState;
  readonly step: (
    state: ProgramState,
    event: ProgramEvent,
    view: ProgramView,
  ) => ProgramStep<ProgramState>;
}

/** A program with its own type of state, closed over: the one cast. */
export function defineProgram<S extends object>(
  name: string,
  initial: S,
  step: (state: S, event: ProgramEvent, view: ProgramView) => ProgramStep<S>,
): Program {
  return { name, initial, step } as unknown as Program;
}
