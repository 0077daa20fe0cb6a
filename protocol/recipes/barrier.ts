// A barrier: as long as its znode exists nobody passes. Client 0 keeps it, one gate a round, and
// makes the next gate in the transaction that opens the last, so that whoever has passed one finds
// the next. With the last gate it says that there are no more; a gate that was never made is not
// open. [ZK-Recipes]
import type { Program, ProgramNote, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import type { Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import { createOperation } from '../operation.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { codeOf, foundation, steadyProgram } from './steady.js';

interface BarrierState {
  readonly phase:
    /** Of the keeper. */
    | 'laying'
    | 'closed'
    | 'opening'
    | 'openingTheLast'
    /** Of everybody else: is there a barrier, a gate, an end? */
    | 'arriving'
    | 'looking'
    | 'waiting'
    | 'doubting'
    | 'done';
  readonly round: number;
  /** Zxid at which the gate was seen to be gone. */
  readonly seen: Zxid;
}

function makeState(phase: BarrierState['phase'], round: number, seen: Zxid): BarrierState {
  return { phase, round, seen };
}

type Step = ProgramStep<BarrierState>;

const RETRY_US = 50_000;

class Barrier implements Steady<BarrierState> {
  readonly name = 'barrier';
  readonly initial = makeState('laying', 0, ZERO_ZXID);
  readonly #setting: RecipeSetting;
  readonly #over: string;

  constructor(setting: RecipeSetting) {
    this.#setting = setting;
    this.#over = `${setting.path}/over`;
  }

  #gate(round: number): string {
    return `${this.#setting.path}/gate-${round}`;
  }

  begin(at: BarrierState, { index }: ProgramView): Step {
    if (index > 0) return this.#arrive();
    return programStep(at, foundation(this.#setting.path, this.#gate(0)));
  }

  answered(at: BarrierState, reply: Reply): Step {
    const { phase, round, seen } = at;
    const opened = [programNote('barrier/opened', ZERO_ZXID, round)];
    switch (phase) {
      case 'laying':
        return this.#close(0);
      // Opened now, or by an earlier attempt.
      case 'opening':
        return this.#close(round + 1, opened);
      case 'openingTheLast':
        return this.#end(round, opened);
      case 'arriving':
        if (reply.result.kind === 'children') return this.#look(0);
        return programStep(at, undefined, RETRY_US);
      case 'looking':
        if (codeOf(reply) === 'NoNode') return this.#doubt(round, reply.zxid);
        return programStep(makeState('waiting', round, seen));
      case 'doubting': {
        const last = reply.result.kind === 'data' ? Number(reply.result.data) : Infinity;
        return round > last ? this.#end(round) : this.#pass(round, seen);
      }
      case 'closed':
      case 'waiting':
      case 'done':
        return programStep(at);
    }
  }

  due(at: BarrierState): Step {
    if (at.phase === 'closed') return this.#open(at.round, at.round + 1 >= this.#setting.rounds);
    return at.phase === 'arriving' ? this.#arrive() : programStep(at);
  }

  woken(at: BarrierState): Step {
    if (at.phase !== 'waiting') return programStep(at);
    const { mistake } = this.#setting;
    return mistake === 'trusts-the-event' ? this.#pass(at.round, at.seen) : this.#look(at.round);
  }

  /** Gates do not belong to sessions. */
  expired(): undefined {
    return undefined;
  }

  finish(at: BarrierState): Step {
    return at.phase === 'closed' ? this.#open(at.round, true) : programStep(at);
  }

  doubtful(): undefined {
    return undefined;
  }

  #close(round: number, notes?: readonly ProgramNote[]): Step {
    const holdUs = this.#setting.holdMs * 1000;
    return programStep(makeState('closed', round, ZERO_ZXID), undefined, holdUs, notes);
  }

  #open(round: number, last: boolean): Step {
    const next = last
      ? createOperation(this.#over, String(round))
      : createOperation(this.#gate(round + 1), '');
    const open = { kind: 'delete', path: this.#gate(round), version: -1 } as const;
    const phase = last ? 'openingTheLast' : 'opening';
    return programStep(makeState(phase, round, ZERO_ZXID), { kind: 'multi', parts: [open, next] });
  }

  #arrive(): Step {
    const { path } = this.#setting;
    return programStep(makeState('arriving', 0, ZERO_ZXID), {
      kind: 'getChildren',
      path,
      watch: false,
    });
  }

  #look(round: number, notes?: readonly ProgramNote[]): Step {
    const op = { kind: 'exists', path: this.#gate(round), watch: true } as const;
    return programStep(makeState('looking', round, ZERO_ZXID), op, undefined, notes);
  }

  /** The gate is gone, or never was. */
  #doubt(round: number, seen: Zxid): Step {
    const op = { kind: 'getData', path: this.#over, watch: false } as const;
    return programStep(makeState('doubting', round, seen), op);
  }

  #pass(round: number, seen: Zxid): Step {
    const notes = [programNote('barrier/passed', seen, round)];
    if (round + 1 >= this.#setting.rounds) return this.#end(round, notes);
    return this.#look(round + 1, notes);
  }

  #end(round: number, notes?: readonly ProgramNote[]): Step {
    return programStep(makeState('done', round, ZERO_ZXID), undefined, 'clear', notes, true);
  }
}

export function barrierProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Barrier(setting));
}
