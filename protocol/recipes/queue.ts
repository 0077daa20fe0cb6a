// A queue, and a queue with priorities. Clients with an even number put, the others take. Both are
// one multi each, so that a lost answer can be asked for again: putting makes the element and a
// mark with the producer's guid, taking deletes the element and makes a mark with the consumer's
// name. Whoever is refused reads the mark: it may have taken the element itself. [ZK-Recipes]
import type { Program, ProgramNote, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import { compareCodeUnits } from '../../base/order.js';
import { ZERO_ZXID } from '../ids.js';
import type { Operation } from '../operation.js';
import { createOperation } from '../operation.js';
import { bySuffix, guidOf, suffixOf } from './names.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { codeOf, foundation, steadyProgram } from './steady.js';

interface QueueState {
  readonly phase:
    | 'laying'
    | 'putting'
    | 'resting'
    | 'listing'
    | 'waiting'
    | 'taking'
    /** By whom was it taken? */
    | 'asking'
    | 'working'
    | 'done';
  /** Elements put. */
  readonly count: number;
  /** Candidates of the last list, best first; the one that is being taken is the first. */
  readonly names: readonly string[];
}

function makeState(
  phase: QueueState['phase'],
  count: number,
  names: readonly string[],
): QueueState {
  return { phase, count, names };
}

type Step = ProgramStep<QueueState>;

const NOTHING: readonly string[] = Object.freeze([]);
/** Lists are long, and nobody needs more of it at a time. */
const CANDIDATES = 8;
const PRIORITIES = 4;

class Queue implements Steady<QueueState> {
  readonly name: 'queue' | 'priority-queue';
  readonly initial = makeState('laying', 0, NOTHING);
  readonly #setting: RecipeSetting;

  constructor(setting: RecipeSetting, name: Queue['name']) {
    this.name = name;
    this.#setting = setting;
  }

  begin(at: QueueState): Step {
    const { path } = this.#setting;
    return programStep(at, foundation(path, `${path}/items`, `${path}/put`, `${path}/taken`));
  }

  answered(at: QueueState, reply: Reply, view: ProgramView): Step {
    const { result } = reply;
    switch (at.phase) {
      case 'laying':
        return view.index % 2 === 0 ? this.#put(at, view) : this.#list(at);
      case 'putting':
        return this.#rest(at);
      case 'listing':
        return this.#listed(at, result.kind === 'children' ? result.names : NOTHING, view);
      case 'taking':
        return codeOf(reply) === 'ok' ? this.#taken(at) : this.#refused(at, view);
      case 'asking': {
        const mine = result.kind === 'data' && result.data === guidOf(view.index, 0);
        return mine ? this.#taken(at) : this.#skip(at, view);
      }
      case 'resting':
      case 'waiting':
      case 'working':
      case 'done':
        return programStep(at);
    }
  }

  due(at: QueueState, view: ProgramView): Step {
    if (at.phase === 'working') return this.#again(at, view);
    if (at.phase !== 'resting') return programStep(at);
    return at.count >= this.#setting.rounds ? this.#end(at) : this.#put(at, view);
  }

  woken(at: QueueState): Step {
    return at.phase === 'waiting' ? this.#list(at) : programStep(at);
  }

  /** Elements and marks do not belong to sessions. */
  expired(): undefined {
    return undefined;
  }

  finish(at: QueueState): Step {
    const idle = at.phase === 'resting' || at.phase === 'waiting' || at.phase === 'working';
    return idle ? this.#end(at) : programStep(at);
  }

  doubtful(at: QueueState): Step | undefined {
    if (this.#setting.mistake !== 'trusts-in-doubt' || at.phase !== 'taking') return undefined;
    return this.#taken(at);
  }

  #say(what: string, number: number): readonly ProgramNote[] {
    return [programNote(`${this.name}/${what}`, ZERO_ZXID, number)];
  }

  #put(at: QueueState, { index }: ProgramView): Step {
    const { path } = this.#setting;
    const guid = guidOf(index, at.count);
    const priority = this.name === 'queue' ? 0 : (index + 3 * at.count) % PRIORITIES;
    const item = `${path}/items/p${priority}-`;
    const parts = [
      createOperation(item, guid, 'persistentSequential'),
      createOperation(`${path}/put/${guid}`, ''),
    ];
    const { count, names } = at;
    return programStep(makeState('putting', count, names), { kind: 'multi', parts });
  }

  #rest({ count, names }: QueueState): Step {
    const next = makeState('resting', count + 1, names);
    const notes = this.#say('put', count);
    return programStep(next, undefined, this.#setting.holdMs * 1000, notes);
  }

  #list({ count }: QueueState): Step {
    const path = `${this.#setting.path}/items`;
    const op = { kind: 'getChildren', path, watch: true } as const;
    const notes = this.#say('turn', 0);
    return programStep(makeState('listing', count, NOTHING), op, undefined, notes);
  }

  #listed({ count }: QueueState, listed: readonly string[], view: ProgramView): Step {
    // `p3-0000000007`: the server's number, and before that its priority.
    const priorityOf = (name: string): string => name.slice(0, name.indexOf('-'));
    const sorted = bySuffix(listed).toSorted((a, b) =>
      compareCodeUnits(priorityOf(a), priorityOf(b)),
    );
    const most = this.#setting.mistake === 'stale-list' ? sorted.length : CANDIDATES;
    return this.#take(makeState('taking', count, sorted.slice(0, most)), view);
  }

  #take({ count, names }: QueueState, { index }: ProgramView): Step {
    const [name] = names;
    if (name === undefined) return programStep(makeState('waiting', count, names));
    return programStep(makeState('taking', count, names), this.#taking(name, index));
  }

  #taking(name: string, index: number): Operation {
    const { path, mistake } = this.#setting;
    const remove = { kind: 'delete', path: `${path}/items/${name}`, version: -1 } as const;
    if (mistake === 'trusts-in-doubt') return remove;
    const mark = createOperation(`${path}/taken/${name}`, guidOf(index, 0));
    return { kind: 'multi', parts: [remove, mark] };
  }

  /** Not there any more: did we take it, in an attempt whose answer was lost? */
  #refused({ count, names }: QueueState, view: ProgramView): Step {
    const at = makeState('asking', count, names);
    if (this.#setting.mistake === 'trusts-in-doubt') return this.#skip(at, view);
    const path = `${this.#setting.path}/taken/${names[0] ?? ''}`;
    return programStep(at, { kind: 'getData', path, watch: false });
  }

  #skip({ count, names }: QueueState, view: ProgramView): Step {
    const next = makeState('taking', count, names.slice(1));
    return next.names.length === 0 ? this.#list(next) : this.#take(next, view);
  }

  #taken({ count, names }: QueueState): Step {
    const notes = this.#say('taken', suffixOf(names[0] ?? ''));
    const working = makeState('working', count, names.slice(1));
    return programStep(working, undefined, this.#setting.holdMs * 1000, notes);
  }

  #again(at: QueueState, view: ProgramView): Step {
    const rest = this.#setting.mistake === 'stale-list' && at.names.length > 0;
    if (!rest) return this.#list(at);
    const { state, op, timerUs } = this.#take(at, view);
    return programStep(state, op, timerUs, this.#say('turn', 0));
  }

  #end({ count, names }: QueueState): Step {
    return programStep(makeState('done', count, names), undefined, 'clear', undefined, true);
  }
}

export function queueProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Queue(setting, 'queue'));
}

export function priorityQueueProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Queue(setting, 'priority-queue'));
}
