// Two-phase commit. A transaction is a znode with one child for each participant, all made at once;
// a vote is a write to one's own child at version 0, so it is given once; the decision is a znode
// whose creation is the commit point: a multi that checks that everybody has voted. Client 0 lays
// and decides; whoever waits for longer does it instead, so nobody's death blocks the others. Until
// there is a commit, anybody may decide to abort. [ZK-Recipes]
import type { Program, ProgramNote, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import { ZERO_ZXID } from '../ids.js';
import type { MultiPart } from '../operation.js';
import { createOperation } from '../operation.js';
import type { Result } from '../result.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { codeOf, foundation, steadyProgram } from './steady.js';

interface CommitState {
  readonly phase:
    | 'preparing'
    /** Is the transaction there? */
    | 'arriving'
    | 'waiting'
    | 'laying'
    | 'voting'
    | 'asking'
    | 'hoping'
    | 'counting'
    | 'deciding'
    | 'reading'
    | 'resting'
    | 'done';
  readonly round: number;
  /** How often it has run out of patience in this round. */
  readonly patience: number;
}

function makeState(phase: CommitState['phase'], round: number, patience: number): CommitState {
  return { phase, round, patience };
}

function to({ round, patience }: CommitState, phase: CommitState['phase']): CommitState {
  return makeState(phase, round, patience);
}

type Step = ProgramStep<CommitState>;

/** Looks at the votes before it gives up on those that are missing. */
const LOOKS = 3;

class TwoPhaseCommit implements Steady<CommitState> {
  readonly name = 'two-phase-commit';
  readonly initial = makeState('preparing', 0, 0);
  readonly #setting: RecipeSetting;

  constructor(setting: RecipeSetting) {
    this.#setting = setting;
  }

  #txn({ round }: CommitState): string {
    return `${this.#setting.path}/t${round}`;
  }

  #decision(at: CommitState): string {
    return `${this.#txn(at)}/decision`;
  }

  #participants(at: CommitState): readonly string[] {
    const { size } = this.#setting;
    return Array.from({ length: size }, (_, index) => `${this.#txn(at)}/p${index}`);
  }

  begin(at: CommitState): Step {
    return programStep(at, foundation(this.#setting.path));
  }

  answered(at: CommitState, reply: Reply, view: ProgramView): Step {
    const { result } = reply;
    switch (at.phase) {
      case 'preparing':
        return this.#arrive(at, view);
      case 'arriving':
        if (result.kind === 'stat') return this.#vote(at, view);
        return programStep(to(at, 'waiting'), undefined, this.#patienceUs(view));
      case 'laying':
        return this.#vote(at, view);
      case 'voting': {
        const notes = codeOf(reply) === 'ok' ? this.#say('voted', at) : undefined;
        return this.#ask(at, notes);
      }
      case 'asking':
        if (result.kind === 'stat') return this.#read(at);
        return view.index === 0 ? this.#count(at) : this.#hope(at, view);
      case 'counting':
        return this.#counted(at, result, view);
      case 'deciding':
        return this.#read(at);
      case 'reading':
        return result.kind === 'data' ? this.#obey(at, result.data) : this.#ask(at);
      case 'waiting':
      case 'hoping':
      case 'resting':
      case 'done':
        return programStep(at);
    }
  }

  due(at: CommitState, view: ProgramView): Step {
    if (at.phase === 'waiting') return this.#lay(at);
    if (at.phase === 'hoping') return this.#count(at);
    return at.phase === 'resting' ? this.#arrive(at, view) : programStep(at);
  }

  woken(at: CommitState, view: ProgramView): Step {
    if (at.phase === 'waiting') return this.#arrive(at, view);
    return at.phase === 'hoping' ? this.#ask(at) : programStep(at);
  }

  /** All of it is in the znodes; nothing belongs to a session. */
  expired(): undefined {
    return undefined;
  }

  /** A transaction that has begun is decided, without patience. */
  finish(at: CommitState): Step {
    if (at.phase === 'waiting' || at.phase === 'resting') return this.#end(at);
    if (at.phase !== 'hoping') return programStep(at);
    return this.#count(makeState('hoping', at.round, LOOKS));
  }

  doubtful(): undefined {
    return undefined;
  }

  #say(what: string, { round }: CommitState): readonly ProgramNote[] {
    return [programNote(`two-phase-commit/${what}`, ZERO_ZXID, round)];
  }

  /** Client 0 first, then 1, and so on. */
  #patienceUs({ index }: ProgramView): number {
    return this.#setting.holdMs * 1000 * (1 + index);
  }

  #arrive(at: CommitState, { index }: ProgramView): Step {
    if (index === 0) return this.#lay(at);
    return programStep(to(at, 'arriving'), { kind: 'exists', path: this.#txn(at), watch: true });
  }

  #lay(at: CommitState): Step {
    const op = foundation(this.#txn(at), ...this.#participants(at));
    return programStep(to(at, 'laying'), op);
  }

  #vote(at: CommitState, { index }: ProgramView): Step {
    const path = this.#participants(at)[index];
    if (path === undefined) return this.#ask(at);
    const data = (3 * at.round + 5 * index) % 7 === 6 ? 'no' : 'yes';
    return programStep(to(at, 'voting'), { kind: 'setData', path, data, version: 0 });
  }

  #ask(at: CommitState, notes?: readonly ProgramNote[]): Step {
    const op = { kind: 'exists', path: this.#decision(at), watch: true } as const;
    return programStep(to(at, 'asking'), op, undefined, notes);
  }

  #hope(at: CommitState, view: ProgramView): Step {
    return programStep(to(at, 'hoping'), undefined, this.#patienceUs(view));
  }

  #count(at: CommitState): Step {
    const parts = this.#participants(at).map((path) => {
      return { kind: 'getData', path, watch: false } as const;
    });
    return programStep(to(at, 'counting'), { kind: 'multiRead', parts });
  }

  #counted(at: CommitState, result: Result, view: ProgramView): Step {
    const answers = result.kind === 'multi' ? result.results : [];
    const votes = answers.map((answer) => (answer.kind === 'data' ? answer.data : ''));
    if (votes.includes('no')) return this.#decide(at, 'abort');
    if (votes.length === this.#setting.size && votes.every((vote) => vote === 'yes')) {
      return this.#decide(at, 'commit');
    }
    const silence = this.#setting.mistake === 'no-check' ? 'commit' : 'abort';
    if (at.patience >= LOOKS) return this.#decide(at, silence);
    return this.#hope(makeState('hoping', at.round, at.patience + 1), view);
  }

  #decide(at: CommitState, decision: 'commit' | 'abort'): Step {
    const create = createOperation(this.#decision(at), decision);
    const voted = decision === 'commit' && this.#setting.mistake !== 'no-check';
    const checks: readonly MultiPart[] = voted
      ? this.#participants(at).map((path) => ({ kind: 'check', path, version: 1 }))
      : [];
    return programStep(to(at, 'deciding'), { kind: 'multi', parts: [...checks, create] });
  }

  /** Whoever decided it. */
  #read(at: CommitState): Step {
    const op = { kind: 'getData', path: this.#decision(at), watch: false } as const;
    return programStep(to(at, 'reading'), op);
  }

  #obey(at: CommitState, decision: string | null): Step {
    const notes = this.#say(decision === 'commit' ? 'committed' : 'aborted', at);
    const next = makeState('resting', at.round + 1, 0);
    if (next.round >= this.#setting.rounds) return this.#end(next, notes);
    return programStep(next, undefined, this.#setting.holdMs * 1000, notes);
  }

  #end(at: CommitState, notes?: readonly ProgramNote[]): Step {
    return programStep(to(at, 'done'), undefined, 'clear', notes, true);
  }
}

export function twoPhaseCommitProgram(setting: RecipeSetting): Program {
  return steadyProgram(new TwoPhaseCommit(setting));
}
