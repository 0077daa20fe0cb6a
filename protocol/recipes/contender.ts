// Contending for something by numbered ephemeral znodes, which is what locks and elections have in
// common: each client makes one, whoever is blocked by nobody holds, everybody else watches the one
// that blocks it. Its end does not make it our turn (a waiter in the middle may have given up), so
// the list is read again. Holding ends with the session, not when the client learns of it: what is
// done meanwhile carries a fencing token, the czxid of the holder's znode. [ZK-Recipes]
import type {
  Program,
  ProgramEvent,
  ProgramNote,
  ProgramStep,
  ProgramView,
} from '../client/program.js';
import { defineProgram, programNote, programStep } from '../client/program.js';
import type { Zxid } from '../ids.js';
import type { Claim, ClaimStep } from './claim.js';
import { beginClaim, claimHears } from './claim.js';
import { bySuffix, guidOf } from './names.js';
import type { RecipeSetting } from './setting.js';

type Phase =
  | { readonly kind: 'claiming'; readonly claim: Claim }
  /** Am I the smallest? */
  | { readonly kind: 'listing'; readonly name: string }
  | { readonly kind: 'watching'; readonly name: string; readonly before: string }
  /** For the znode before ours to go. */
  | { readonly kind: 'waiting'; readonly name: string; readonly before: string }
  /** Reads the czxid of its own znode, for a token. */
  | { readonly kind: 'reading'; readonly name: string }
  | {
      readonly kind: 'holding';
      readonly name: string;
      readonly token: Zxid;
      readonly usesLeft: number;
    }
  | { readonly kind: 'releasing'; readonly name: string; readonly token: Zxid }
  /** Between two rounds. */
  | { readonly kind: 'resting' }
  | { readonly kind: 'done' };

interface ContenderState {
  readonly phase: Phase;
  /** Rounds begun; makes guids. */
  readonly count: number;
  readonly roundsLeft: number;
  /** Told to come to an end. */
  readonly finishing: boolean;
}

function makeState(
  phase: Phase,
  count: number,
  roundsLeft: number,
  finishing: boolean,
): ContenderState {
  return { phase, count, roundsLeft, finishing };
}

/** What tells a lock from an election. */
export interface Contest {
  readonly name: string;
  /** What a client contends for in its `count`-th round: part of the name of its znode. */
  readonly wantOf: (index: number, count: number) => string;
  /** Who must go first; undefined: nobody. `sorted` by the server's numbers. */
  readonly blockerOf: (sorted: readonly string[], place: number) => string | undefined;
  /** For the notes: empty where there is only one kind of holder. */
  readonly kindOf: (name: string) => string;
}

type Step = ProgramStep<ContenderState>;

/** How often the resource is used while the lock is held. */
const USES = 3;
const RETRY_US = 50_000;

class Contender {
  readonly #setting: RecipeSetting;
  readonly #contest: Contest;

  constructor(setting: RecipeSetting, contest: Contest) {
    this.#setting = setting;
    this.#contest = contest;
  }

  /** `lock/acquired`, `rwlock/acquired read` */
  #say(what: string, znode: string, token?: Zxid): ProgramNote {
    const { name, kindOf } = this.#contest;
    const kind = kindOf(znode);
    return programNote(kind === '' ? `${name}/${what}` : `${name}/${what} ${kind}`, token);
  }

  #makes(mistake: RecipeSetting['mistake']): boolean {
    return this.#setting.mistake === mistake;
  }

  step(state: ContenderState, event: ProgramEvent, view: ProgramView): Step {
    switch (event.kind) {
      case 'begin':
        return this.#claim(state, view);
      case 'finish':
        return this.#finish(makeState(state.phase, state.count, state.roundsLeft, true));
      case 'timer':
        return this.#timer(state, view);
      case 'state':
        if (event.state === 'expired') return this.#expired(state);
        return this.#inPhase(state, event, view);
      case 'completed':
      case 'watched':
        return this.#inPhase(state, event, view);
    }
  }

  #to(
    state: ContenderState,
    phase: Phase,
    ...rest: [Step['op']?, Step['timerUs']?, Step['notes']?]
  ): Step {
    const { count, roundsLeft, finishing } = state;
    return programStep(makeState(phase, count, roundsLeft, finishing), ...rest);
  }

  #claim(state: ContenderState, view: ProgramView): Step {
    const { count, roundsLeft, finishing } = state;
    const { path } = this.#setting;
    const begun = makeState(state.phase, count + 1, roundsLeft, finishing);
    const want = this.#contest.wantOf(view.index, count);
    const blind = this.#makes('no-guid');
    const prefix = blind ? `x-${want}-` : `${guidOf(view.index, count)}-${want}-`;
    return this.#claimed(begun, beginClaim(path, prefix, blind));
  }

  #claimed(state: ContenderState, { claim, op, name }: ClaimStep): Step {
    if (name === undefined) return this.#to(state, { kind: 'claiming', claim }, op);
    return this.#list(state, name);
  }

  #list(state: ContenderState, name: string): Step {
    const { path } = this.#setting;
    const watch = this.#makes('herd');
    return this.#to(state, { kind: 'listing', name }, { kind: 'getChildren', path, watch });
  }

  #finish(state: ContenderState): Step {
    return state.phase.kind === 'resting' ? this.#end(state) : programStep(state);
  }

  #end(state: ContenderState): Step {
    const { count, roundsLeft } = state;
    const done = makeState({ kind: 'done' }, count, roundsLeft, true);
    return programStep(done, undefined, 'clear', undefined, true);
  }

  /** Whatever was held or claimed went with the session. */
  #expired(state: ContenderState): Step {
    const { phase } = state;
    if (phase.kind === 'holding' && this.#makes('trusts-the-past')) return programStep(state);
    const lost = phase.kind === 'holding' || phase.kind === 'releasing';
    const notes = lost ? [this.#say('lost', phase.name, phase.token)] : undefined;
    return this.#to(state, { kind: 'resting' }, undefined, RETRY_US, notes);
  }

  #timer(state: ContenderState, view: ProgramView): Step {
    const { phase } = state;
    if (phase.kind === 'resting') {
      const over = state.finishing || state.roundsLeft === 0;
      return over ? this.#end(state) : this.#claim(state, view);
    }
    if (phase.kind !== 'holding') return this.#retry(state);
    const { name, token, usesLeft } = phase;
    if (usesLeft > 0) return this.#use(state, name, token, usesLeft);
    return this.#release(state, name, token);
  }

  /** Every use shows the token, so that the resource can refuse one that is not the newest. */
  #use(state: ContenderState, name: string, token: Zxid, usesLeft: number): Step {
    const what = this.#makes('trusts-the-past') ? 'used-unfenced' : 'used';
    const holding = { kind: 'holding', name, token, usesLeft: usesLeft - 1 } as const;
    return this.#to(state, holding, undefined, this.#useUs(), [this.#say(what, name, token)]);
  }

  #useUs(): number {
    return Math.max(1, Math.round((this.#setting.holdMs * 1000) / (USES + 1)));
  }

  #release(state: ContenderState, name: string, token: Zxid): Step {
    const path = `${this.#setting.path}/${name}`;
    const op = { kind: 'delete', path, version: -1 } as const;
    return this.#to(state, { kind: 'releasing', name, token }, op);
  }

  /** A step that led nowhere, once more. */
  #retry(state: ContenderState): Step {
    const { phase } = state;
    switch (phase.kind) {
      case 'listing':
      case 'watching':
      case 'waiting':
        return this.#list(state, phase.name);
      case 'reading':
        return this.#read(state, phase.name);
      case 'releasing':
        return this.#release(state, phase.name, phase.token);
      case 'claiming':
      case 'holding':
      case 'resting':
      case 'done':
        return programStep(state);
    }
  }

  #read(state: ContenderState, name: string): Step {
    const path = `${this.#setting.path}/${name}`;
    return this.#to(state, { kind: 'reading', name }, { kind: 'exists', path, watch: false });
  }

  #inPhase(state: ContenderState, event: ProgramEvent, view: ProgramView): Step {
    const { phase } = state;
    if (phase.kind === 'claiming') {
      const step = claimHears(phase.claim, event);
      return step === undefined ? programStep(state) : this.#claimed(state, step);
    }
    if (phase.kind === 'waiting') {
      // Any news is a reason to look again, the loss of the connection excepted.
      const lost = event.kind === 'state' && event.state !== 'connected';
      if (lost) return programStep(state);
      const { state: next, op } = this.#list(state, phase.name);
      return programStep(next, op, undefined, [this.#say('woken', phase.name)]);
    }
    if (event.kind !== 'completed') return programStep(state);
    const { outcome, result } = event;
    const failed = outcome === 'unknown' || (result?.kind === 'error' && result.code !== 'NoNode');
    if (failed) return programStep(state, undefined, RETRY_US);
    return this.#answered(state, result, view);
  }

  #answered(
    state: ContenderState,
    result: Extract<ProgramEvent, { kind: 'completed' }>['result'],
    view: ProgramView,
  ): Step {
    const { phase } = state;
    switch (phase.kind) {
      case 'listing':
        return this.#listed(state, phase.name, result?.kind === 'children' ? result.names : []);
      case 'watching': {
        const { name, before } = phase;
        const gone = result?.kind !== 'stat';
        return gone ? this.#list(state, name) : this.#to(state, { kind: 'waiting', name, before });
      }
      case 'reading':
        return result?.kind === 'stat'
          ? this.#acquired(state, phase.name, result.stat.czxid)
          : this.#claim(state, view);
      case 'releasing':
        return this.#released(state, phase.name, phase.token);
      case 'claiming':
      case 'waiting':
      case 'holding':
      case 'resting':
      case 'done':
        return programStep(state);
    }
  }

  #listed(state: ContenderState, name: string, names: readonly string[]): Step {
    const sorted = this.#makes('sorts-by-name') ? names : bySuffix(names);
    const place = sorted.indexOf(name);
    // Somebody removed it, or its session is over: begin anew.
    if (place < 0) return this.#to(state, { kind: 'resting' }, undefined, RETRY_US);
    const before = this.#contest.blockerOf(sorted, place);
    if (before === undefined) return this.#read(state, name);
    if (this.#makes('herd')) return this.#to(state, { kind: 'waiting', name, before });
    const path = `${this.#setting.path}/${before}`;
    return this.#to(
      state,
      { kind: 'watching', name, before },
      { kind: 'exists', path, watch: true },
    );
  }

  #acquired(state: ContenderState, name: string, token: Zxid): Step {
    const holding = { kind: 'holding', name, token, usesLeft: USES } as const;
    const notes = [this.#say('acquired', name, token)];
    return this.#to(state, holding, undefined, this.#useUs(), notes);
  }

  #released(state: ContenderState, name: string, token: Zxid): Step {
    const { count, roundsLeft, finishing } = state;
    const rested = makeState({ kind: 'resting' }, count, Math.max(0, roundsLeft - 1), finishing);
    return programStep(rested, undefined, RETRY_US, [this.#say('released', name, token)]);
  }
}

export function contenderProgram(setting: RecipeSetting, contest: Contest): Program {
  const contender = new Contender(setting, contest);
  const initial = makeState({ kind: 'resting' }, 0, setting.rounds, false);
  return defineProgram<ContenderState>(contest.name, initial, (state, event, view) =>
    contender.step(state, event, view),
  );
}
