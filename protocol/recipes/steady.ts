// Programs that are a list of questions. Each question is asked until a server has answered it: a
// lost answer says nothing, so it is asked again once there is a connection, in a new session if
// need be. What asks is therefore ready to hear that it was done before, and asks for nothing that
// could be done twice: names are unique, writes carry the version they are based on, and where a
// server picks the name, a second znode in the same multi marks the deed. [ZK-Recipes]
import type { ClientNews } from '../client/hearing.js';
import type { Program, ProgramEvent, ProgramStep, ProgramView } from '../client/program.js';
import { defineProgram, programStep } from '../client/program.js';
import type { ErrorCode } from '../error-code.js';
import type { Zxid } from '../ids.js';
import type { CreateMode, Operation } from '../operation.js';
import { createOperation } from '../operation.js';
import type { Result } from '../result.js';

/** An answer for certain. */
export interface Reply {
  readonly result: Result;
  readonly zxid: Zxid;
}

export interface Steady<S> {
  readonly name: string;
  readonly initial: S;
  /** The first session is there. */
  readonly begin: (at: S, view: ProgramView) => ProgramStep<S>;
  readonly answered: (at: S, reply: Reply, view: ProgramView) => ProgramStep<S>;
  /** The timer; never while a question is open. */
  readonly due: (at: S, view: ProgramView) => ProgramStep<S>;
  /** Something watched has changed, or the connection is back; never while a question is open. */
  readonly woken: (at: S, view: ProgramView) => ProgramStep<S>;
  /** Undefined: nothing was lost with the session, and the question is asked again. */
  readonly expired: (at: S, view: ProgramView) => ProgramStep<S> | undefined;
  /** The end has come and no question is open: whenever there is nothing to do but to wait. */
  readonly finish: (at: S, view: ProgramView) => ProgramStep<S>;
  /** A write may have been done or not. Undefined: ask again. Here mistakes are made. */
  readonly doubtful: (at: S, view: ProgramView) => ProgramStep<S> | undefined;
}

/** Of the question, if there is one. */
type Standing = 'none' | 'asked' | 'lost';

interface SteadyState<S> {
  readonly at: S;
  readonly standing: Standing;
  readonly op: Operation | undefined;
  /** Something has changed while the question was open. */
  readonly woken: boolean;
  readonly finishing: boolean;
}

function makeState<S>(
  at: S,
  standing: Standing,
  op: Operation | undefined,
  woken: boolean,
  finishing: boolean,
): SteadyState<S> {
  return { at, standing, op, woken, finishing };
}

type Step<S> = ProgramStep<SteadyState<S>>;
type Completed = Extract<ClientNews, { kind: 'completed' }>;

const ASK_AGAIN_US = 50_000;
const NO_ANSWERS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['ConnectionLoss', 'SessionExpired', 'SessionMoved'] as const),
  ...(['OperationTimeout', 'RequestTimeout'] as const),
]);

function isLost({ result }: Completed): boolean {
  return result === undefined || (result.kind === 'error' && NO_ANSWERS.has(result.code));
}

class Runner<S> {
  readonly #recipe: Steady<S>;

  constructor(recipe: Steady<S>) {
    this.#recipe = recipe;
  }

  step(state: SteadyState<S>, event: ProgramEvent, view: ProgramView): Step<S> {
    switch (event.kind) {
      case 'begin':
        return this.#carry(state, this.#recipe.begin(state.at, view), view);
      case 'finish':
        return this.#settle(this.#with(state, state.standing, { finishing: true }), view);
      case 'timer':
        if (state.standing === 'lost') return this.#askAgain(state);
        if (state.standing === 'asked') return programStep(state);
        return this.#carry(state, this.#recipe.due(state.at, view), view);
      case 'watched':
        return this.#wake(state, view);
      case 'state':
        if (event.state === 'expired') return this.#expired(state, view);
        if (event.state !== 'connected') return programStep(state);
        return state.standing === 'lost' ? this.#askAgain(state) : this.#wake(state, view);
      case 'completed':
        return state.standing === 'asked'
          ? this.#completed(state, event, view)
          : programStep(state);
    }
  }

  #with(
    { at, op, woken, finishing }: SteadyState<S>,
    standing: Standing,
    but: { readonly woken?: boolean; readonly finishing?: boolean } = {},
  ): SteadyState<S> {
    return makeState(at, standing, op, but.woken ?? woken, but.finishing ?? finishing);
  }

  #askAgain(state: SteadyState<S>): Step<S> {
    return programStep(this.#with(state, 'asked'), state.op, 'clear');
  }

  #wake(state: SteadyState<S>, view: ProgramView): Step<S> {
    if (state.standing !== 'none') return programStep(this.#with(state, state.standing, WOKEN));
    return this.#carry(state, this.#recipe.woken(state.at, view), view);
  }

  /** The next question waits for the new session. */
  #expired(state: SteadyState<S>, view: ProgramView): Step<S> {
    const move = this.#recipe.expired(state.at, view);
    if (move === undefined) {
      if (state.standing === 'none') return programStep(state);
      return programStep(this.#with(state, 'lost'));
    }
    const { op, notes, timerUs, done } = move;
    const standing = op === undefined ? 'none' : 'lost';
    const after = makeState(move.state, standing, op, false, state.finishing);
    return programStep(after, undefined, timerUs ?? 'clear', notes, done);
  }

  #completed(state: SteadyState<S>, event: Completed, view: ProgramView): Step<S> {
    const { result, outcome, zxid } = event;
    if (result !== undefined && !isLost(event)) {
      return this.#carry(state, this.#recipe.answered(state.at, { result, zxid }, view), view);
    }
    const doubt = outcome === 'unknown' ? this.#recipe.doubtful(state.at, view) : undefined;
    if (doubt !== undefined) return this.#carry(state, doubt, view);
    // Without a connection its return is waited for; with one, a moment.
    const againUs = view.connected ? ASK_AGAIN_US : undefined;
    return programStep(this.#with(state, 'lost'), undefined, againUs);
  }

  /** What the recipe wants now, and what it wants next if that is only to wait. */
  #carry(state: SteadyState<S>, move: ProgramStep<S>, view: ProgramView): Step<S> {
    const { op, timerUs, notes, done } = move;
    const { finishing } = state;
    if (op !== undefined || done) {
      const standing = op === undefined ? 'none' : 'asked';
      const next = makeState(move.state, standing, op, state.woken, finishing);
      return programStep(next, op, timerUs ?? 'clear', notes, done);
    }
    const idle = makeState(move.state, 'none', undefined, false, finishing);
    if (state.woken) {
      const woken = this.#recipe.woken(move.state, view);
      return this.#joined(move, this.#carry(idle, woken, view));
    }
    return this.#joined(move, this.#settle(idle, view));
  }

  #settle(state: SteadyState<S>, view: ProgramView): Step<S> {
    if (!state.finishing || state.standing !== 'none') return programStep(state);
    const { op, timerUs, notes, done, ...rest } = this.#recipe.finish(state.at, view);
    const standing = op === undefined ? 'none' : 'asked';
    const next = makeState(rest.state, standing, op, false, true);
    return programStep(next, op, timerUs, notes, done);
  }

  /** Two steps as one. */
  #joined(first: ProgramStep<S>, second: Step<S>): Step<S> {
    const notes = second.notes.length === 0 ? first.notes : [...first.notes, ...second.notes];
    const timerUs = second.timerUs ?? first.timerUs;
    return programStep(second.state, second.op, timerUs, notes, second.done);
  }
}

const WOKEN = { woken: true } as const;

export function steadyProgram<S>(recipe: Steady<S>): Program {
  const runner = new Runner(recipe);
  const initial = makeState(recipe.initial, 'none', undefined, false, false);
  return defineProgram<SteadyState<S>>(recipe.name, initial, (state, event, view) =>
    runner.step(state, event, view),
  );
}

/** 'ok', or why it was refused; of a multi, the first reason among its parts. */
export function codeOf({ result }: Reply): ErrorCode | 'ok' {
  if (result.kind === 'error') return result.code;
  if (result.kind !== 'multi') return 'ok';
  for (const part of result.results) {
    if (part.kind === 'error' && part.code !== 'RuntimeInconsistency') return part.code;
  }
  return 'ok';
}

/** Persistent znodes, all or none: if the first is there, so are the others. */
export function foundation(...paths: readonly string[]): Operation {
  return { kind: 'multi', parts: paths.map((path) => createOperation(path, '')) };
}

export function makeZnode(path: string, data: string, mode: CreateMode = 'persistent'): Operation {
  return createOperation(path, data, mode);
}
