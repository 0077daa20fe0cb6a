// A configuration that everybody watches: one read sets the watch and gets the value, so that no
// change falls between them. Client 0 writes the values 1, 2, ... and marks the last one; the
// others read until they have seen that. Values may be skipped; they never go back. [ZK-Recipes]
import type { Program, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import type { Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import type { Data } from '../operation.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { codeOf, makeZnode, steadyProgram } from './steady.js';

interface ConfigState {
  readonly phase:
    /** Of the writer. */
    | 'laying'
    | 'resting'
    | 'checking'
    | 'writing'
    /** Of the readers. */
    | 'reading'
    | 'watching'
    | 'waiting'
    | 'done';
  /** Written, or about to be. */
  readonly value: number;
  readonly last: boolean;
}

function makeState(phase: ConfigState['phase'], value: number, last: boolean): ConfigState {
  return { phase, value, last };
}

type Step = ProgramStep<ConfigState>;

const LAST = '!';

function valueIn(data: Data): number {
  return Number((data ?? '').replace(LAST, ''));
}

class Config implements Steady<ConfigState> {
  readonly name = 'config';
  readonly initial = makeState('laying', 0, false);
  readonly #setting: RecipeSetting;

  constructor(setting: RecipeSetting) {
    this.#setting = setting;
  }

  begin(at: ConfigState, { index }: ProgramView): Step {
    return index === 0 ? programStep(at, makeZnode(this.#setting.path, '0')) : this.#read();
  }

  answered(at: ConfigState, reply: Reply): Step {
    switch (at.phase) {
      case 'laying':
        return this.#rest(at);
      case 'checking':
        return this.#checked(at, reply);
      case 'writing':
        return codeOf(reply) === 'ok' ? this.#written(at, reply) : this.#check(at);
      case 'reading':
        return this.#seen(reply);
      case 'watching':
        // Late, if there is something now.
        return reply.result.kind === 'stat' && !this.#watchesLate() ? this.#read() : this.#wait();
      case 'resting':
      case 'waiting':
      case 'done':
        return programStep(at);
    }
  }

  due(at: ConfigState): Step {
    if (at.phase !== 'resting') return programStep(at);
    const value = at.value + 1;
    return this.#check(makeState('checking', value, value >= this.#setting.rounds));
  }

  woken(at: ConfigState): Step {
    return at.phase === 'waiting' ? this.#read() : programStep(at);
  }

  /** Watches are gone, and are set again when the connection is back. */
  expired(): undefined {
    return undefined;
  }

  finish(at: ConfigState): Step {
    if (at.phase !== 'resting') return programStep(at);
    return this.#check(makeState('checking', at.value + 1, true));
  }

  doubtful(): undefined {
    return undefined;
  }

  #watchesLate(): boolean {
    return this.#setting.mistake === 'watches-late';
  }

  #rest({ value }: ConfigState, notes?: Step['notes']): Step {
    const rested = makeState('resting', value, false);
    return programStep(rested, undefined, this.#setting.holdMs * 1000, notes);
  }

  #check({ value, last }: ConfigState): Step {
    const op = { kind: 'getData', path: this.#setting.path, watch: false } as const;
    return programStep(makeState('checking', value, last), op);
  }

  #checked(at: ConfigState, { result }: Reply): Step {
    if (result.kind !== 'data') return this.#check(at);
    const { path } = this.#setting;
    const { value, last } = at;
    if (valueIn(result.data) === value) return this.#set(at, result.stat.mzxid);
    const data = `${value}${last ? LAST : ''}`;
    const op = { kind: 'setData', path, data, version: result.stat.version } as const;
    return programStep(makeState('writing', value, last), op);
  }

  #written(at: ConfigState, { result }: Reply): Step {
    return this.#set(at, result.kind === 'stat' ? result.stat.mzxid : ZERO_ZXID);
  }

  #set(at: ConfigState, mzxid: Zxid): Step {
    const notes = [programNote('config/set', mzxid, at.value)];
    return at.last ? this.#end(at, notes) : this.#rest(at, notes);
  }

  #read(): Step {
    const watch = !this.#watchesLate();
    const op = { kind: 'getData', path: this.#setting.path, watch } as const;
    return programStep(makeState('reading', 0, false), op);
  }

  #seen({ result }: Reply): Step {
    if (result.kind !== 'data') return this.#watch();
    const { data, stat } = result;
    const notes = [programNote('config/seen', stat.mzxid, valueIn(data))];
    if (data?.endsWith(LAST) === true) return this.#end(makeState('done', 0, true), notes);
    return this.#watchesLate() ? this.#watch(notes) : this.#wait(notes);
  }

  /** For one that is not there a read leaves no watch. */
  #watch(notes?: Step['notes']): Step {
    const op = { kind: 'exists', path: this.#setting.path, watch: true } as const;
    return programStep(makeState('watching', 0, false), op, undefined, notes);
  }

  #wait(notes?: Step['notes']): Step {
    return programStep(makeState('waiting', 0, false), undefined, undefined, notes);
  }

  #end({ value }: ConfigState, notes: Step['notes']): Step {
    return programStep(makeState('done', value, true), undefined, 'clear', notes, true);
  }
}

export function configProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Config(setting));
}
