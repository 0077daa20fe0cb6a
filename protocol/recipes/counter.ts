// A counter: read, and write back with the version that was read. Whoever is refused reads again.
// The value alone cannot tell whether a lost write was done, so everybody's share stands in the
// data: `c1=3 c2=5` is 8. [ZK-Recipes]
import type { Program, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import { ZERO_ZXID } from '../ids.js';
import type { Data } from '../operation.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { codeOf, makeZnode, steadyProgram } from './steady.js';

interface CounterState {
  readonly phase: 'laying' | 'reading' | 'writing' | 'resting' | 'done';
  /** Of ours, that are there for certain. */
  readonly count: number;
}

function makeState(phase: CounterState['phase'], count: number): CounterState {
  return { phase, count };
}

type Step = ProgramStep<CounterState>;

/** Shares by client, from the data. */
function sharesIn(data: Data): ReadonlyMap<string, number> {
  const words = (data ?? '').split(' ').filter((word) => word !== '');
  return new Map(
    words.map((word) => {
      const [who = '', count = '0'] = word.split('=');
      return [who, Number(count)];
    }),
  );
}

class Counter implements Steady<CounterState> {
  readonly name = 'counter';
  readonly initial = makeState('laying', 0);
  readonly #setting: RecipeSetting;

  constructor(setting: RecipeSetting) {
    this.#setting = setting;
  }

  begin(at: CounterState): Step {
    return programStep(at, makeZnode(this.#setting.path, ''));
  }

  answered(at: CounterState, reply: Reply, { index }: ProgramView): Step {
    switch (at.phase) {
      case 'laying':
        return this.#read(at);
      case 'reading':
        return this.#found(at, reply, index);
      case 'writing':
        return codeOf(reply) === 'ok' ? this.#added(at) : this.#read(at);
      case 'resting':
      case 'done':
        return programStep(at);
    }
  }

  due(at: CounterState): Step {
    if (at.phase !== 'resting') return programStep(at);
    return at.count >= this.#setting.rounds ? this.#end(at) : this.#read(at);
  }

  woken(at: CounterState): Step {
    return programStep(at);
  }

  /** Nothing here belongs to a session. */
  expired(): undefined {
    return undefined;
  }

  finish(at: CounterState): Step {
    return at.phase === 'resting' ? this.#end(at) : programStep(at);
  }

  doubtful(): undefined {
    return undefined;
  }

  #read({ count }: CounterState): Step {
    const { path } = this.#setting;
    return programStep(makeState('reading', count), { kind: 'getData', path, watch: false });
  }

  #found(at: CounterState, { result }: Reply, index: number): Step {
    if (result.kind !== 'data') return this.#read(at);
    const { data, stat } = result;
    const { path, mistake } = this.#setting;
    const shares = sharesIn(data);
    const me = `c${index + 1}`;
    const careless = mistake === 'no-version';
    if (!careless && (shares.get(me) ?? 0) > at.count) return this.#added(at);
    const share = (shares.get(me) ?? 0) + 1;
    const after = [...new Map([...shares, [me, share]])].map(([who, count]) => `${who}=${count}`);
    const version = careless ? -1 : stat.version;
    const op = { kind: 'setData', path, data: after.join(' '), version } as const;
    return programStep(makeState('writing', at.count), op);
  }

  #added({ count }: CounterState): Step {
    const notes = [programNote('counter/added', ZERO_ZXID, count + 1)];
    const rested = makeState('resting', count + 1);
    return programStep(rested, undefined, this.#setting.holdMs * 1000, notes);
  }

  #end({ count }: CounterState): Step {
    return programStep(makeState('done', count), undefined, 'clear', undefined, true);
  }
}

export function counterProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Counter(setting));
}
