// A double barrier: so many participants begin a round together and end it together. Each round
// has a znode of its own, for what the last round left would let early birds in. Whoever enters
// watches `ready` before it makes its own znode, and the one that counts enough of them makes
// `ready`. On leaving, the last and the first of the list wait for each other and everybody else
// just goes, so that nobody wakes in vain. A participant that died is simply gone. [ZK-Recipes]
import type { Program, ProgramNote, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import { ZERO_ZXID } from '../ids.js';
import { clientOf, guidOf } from './names.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { foundation, makeZnode, steadyProgram } from './steady.js';

interface DoubleBarrierState {
  readonly phase:
    | 'laying'
    | 'layingRound'
    | 'watching'
    | 'joining'
    | 'counting'
    | 'waiting'
    | 'announcing'
    | 'inside'
    | 'listing'
    | 'going'
    | 'goingLast'
    | 'following'
    | 'lingering'
    | 'abandoning'
    | 'done';
  readonly round: number;
  /** Attempts so far; makes the name. */
  readonly count: number;
  /** Our znode; '' for none. */
  readonly name: string;
}

function makeState(
  phase: DoubleBarrierState['phase'],
  round: number,
  count: number,
  name: string,
): DoubleBarrierState {
  return { phase, round, count, name };
}

type Step = ProgramStep<DoubleBarrierState>;
type Phase = DoubleBarrierState['phase'];

const READY = 'ready';
const PAUSE_US = 10_000;

function to({ round, count, name }: DoubleBarrierState, phase: Phase): DoubleBarrierState {
  return makeState(phase, round, count, name);
}

class DoubleBarrier implements Steady<DoubleBarrierState> {
  readonly name = 'double-barrier';
  readonly initial = makeState('laying', 0, 0, '');
  readonly #setting: RecipeSetting;

  constructor(setting: RecipeSetting) {
    this.#setting = setting;
  }

  #room({ round }: DoubleBarrierState): string {
    const { path, mistake } = this.#setting;
    return `${path}/round-${mistake === 'leftover-ready' ? 0 : round}`;
  }

  begin(at: DoubleBarrierState, { index }: ProgramView): Step {
    if (index >= this.#setting.size) return this.#end(at);
    return programStep(at, foundation(this.#setting.path));
  }

  answered(at: DoubleBarrierState, reply: Reply, view: ProgramView): Step {
    const { result } = reply;
    const there = result.kind === 'stat';
    switch (at.phase) {
      case 'laying':
        return this.#lay(at);
      case 'layingRound':
        return this.#watch(at);
      case 'watching':
        if (at.name === '') return this.#join(at, view);
        return there ? this.#enter(at) : this.#list(at, 'counting');
      case 'joining':
        return this.#watch(at);
      case 'counting':
        return this.#counted(at, result.kind === 'children' ? result.names : []);
      case 'announcing':
        return this.#enter(at);
      case 'listing':
        return this.#listed(at, result.kind === 'children' ? result.names : []);
      case 'going':
        return this.#list(makeState('going', at.round, at.count, ''), 'listing');
      case 'goingLast':
        return this.#left(at);
      case 'following':
        return there ? programStep(to(at, 'lingering')) : this.#list(at, 'listing');
      case 'abandoning':
        return this.#end(at);
      case 'waiting':
      case 'inside':
      case 'lingering':
      case 'done':
        return programStep(at);
    }
  }

  due(at: DoubleBarrierState): Step {
    if (at.phase === 'inside') return this.#list(at, 'listing');
    return at.phase === 'laying' ? this.#lay(at) : programStep(at);
  }

  woken(at: DoubleBarrierState): Step {
    if (at.phase === 'waiting') return this.#watch(at);
    return at.phase === 'lingering' ? this.#list(at, 'listing') : programStep(at);
  }

  /** Our znode went with the session: before the round has begun we enter anew, else we are out. */
  expired(at: DoubleBarrierState): Step | undefined {
    const { round, count } = at;
    switch (at.phase) {
      case 'laying':
      case 'layingRound':
        return undefined;
      case 'watching':
      case 'joining':
      case 'counting':
      case 'waiting':
      case 'announcing':
        return this.#lay(makeState('laying', round, count, ''));
      case 'inside':
      case 'listing':
      case 'going':
      case 'goingLast':
      case 'following':
      case 'lingering':
        return this.#next(at, [programNote('double-barrier/lost', ZERO_ZXID, round)]);
      case 'abandoning':
        return this.#end(at);
      case 'done':
        return programStep(at);
    }
  }

  /** Nobody may come any more: whoever waits gives up. */
  finish(at: DoubleBarrierState): Step {
    if (at.phase === 'laying') return this.#end(at);
    if (at.phase !== 'waiting') return programStep(at);
    return this.#remove(at, 'abandoning');
  }

  doubtful(): undefined {
    return undefined;
  }

  #lay(at: DoubleBarrierState): Step {
    return programStep(to(at, 'layingRound'), makeZnode(this.#room(at), ''));
  }

  #watch(at: DoubleBarrierState): Step {
    const path = `${this.#room(at)}/${READY}`;
    return programStep(to(at, 'watching'), { kind: 'exists', path, watch: true });
  }

  #join({ round, count }: DoubleBarrierState, { index }: ProgramView): Step {
    const at = makeState('joining', round, count + 1, guidOf(index, count));
    const path = `${this.#room(at)}/${at.name}`;
    return programStep(at, makeZnode(path, String(round), 'ephemeral'));
  }

  #list(at: DoubleBarrierState, phase: 'counting' | 'listing'): Step {
    const op = { kind: 'getChildren', path: this.#room(at), watch: false } as const;
    return programStep(to(at, phase), op);
  }

  #counted(at: DoubleBarrierState, names: readonly string[]): Step {
    const clients = new Set(names.filter((name) => name !== READY).map(clientOf));
    if (names.includes(READY)) return this.#enter(at);
    if (clients.size < this.#setting.size) return programStep(to(at, 'waiting'));
    return programStep(to(at, 'announcing'), makeZnode(`${this.#room(at)}/${READY}`, ''));
  }

  #enter(at: DoubleBarrierState): Step {
    const notes = [programNote('double-barrier/entered', ZERO_ZXID, at.round)];
    return programStep(to(at, 'inside'), undefined, this.#setting.holdMs * 1000, notes);
  }

  #remove(at: DoubleBarrierState, phase: 'going' | 'goingLast' | 'abandoning'): Step {
    const path = `${this.#room(at)}/${at.name}`;
    return programStep(to(at, phase), { kind: 'delete', path, version: -1 });
  }

  #follow(at: DoubleBarrierState, name: string): Step {
    const path = `${this.#room(at)}/${name}`;
    return programStep(to(at, 'following'), { kind: 'exists', path, watch: true });
  }

  #listed(at: DoubleBarrierState, names: readonly string[]): Step {
    const present = names.filter((name) => name !== READY);
    const [first] = present;
    const last = present[present.length - 1];
    if (first === undefined || last === undefined) return this.#left(at);
    if (!present.includes(at.name)) return this.#follow(at, first);
    if (present.length === 1) return this.#remove(at, 'goingLast');
    return first === at.name ? this.#follow(at, last) : this.#remove(at, 'going');
  }

  #left(at: DoubleBarrierState): Step {
    return this.#next(at, [programNote('double-barrier/left', ZERO_ZXID, at.round)]);
  }

  #next({ round, count }: DoubleBarrierState, notes: readonly ProgramNote[]): Step {
    const next = makeState('laying', round + 1, count, '');
    if (round + 1 >= this.#setting.rounds) return this.#end(next, notes);
    return programStep(next, undefined, PAUSE_US, notes);
  }

  #end(at: DoubleBarrierState, notes?: readonly ProgramNote[]): Step {
    return programStep(to(at, 'done'), undefined, 'clear', notes, true);
  }
}

export function doubleBarrierProgram(setting: RecipeSetting): Program {
  return steadyProgram(new DoubleBarrier(setting));
}
