// A group: an ephemeral znode for each member, named for it. Membership is a group whose members
// watch it themselves; a registry is one of instances, and clients that spread their calls over
// the instances of their last list, one after the other. A list is good for a session: the watch
// that was set with it ends with the session. A member whose znode belongs to another session has
// met what it was before, and removes it. Everybody watches until nobody is left. [ZK-Recipes]
import type { Program, ProgramNote, ProgramStep, ProgramView } from '../client/program.js';
import { programNote, programStep } from '../client/program.js';
import type { SessionId, Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import type { RecipeSetting } from './setting.js';
import type { Reply, Steady } from './steady.js';
import { codeOf, makeZnode, steadyProgram } from './steady.js';

interface GroupState {
  readonly phase:
    | 'laying'
    | 'joining'
    /** Somebody is there with our name. */
    | 'doubting'
    | 'removing'
    | 'listing'
    | 'idle'
    | 'leaving'
    | 'done';
  /** It believes that its znode is there. */
  readonly isMember: boolean;
  readonly roundsLeft: number;
  readonly list: List | undefined;
  /** Calls made by it. */
  readonly calls: number;
}

/** Who is there, and the session that is told of changes. */
interface List {
  readonly names: readonly string[];
  readonly session: SessionId;
}

type Change = Partial<Omit<GroupState, 'phase'>>;
type Step = ProgramStep<GroupState>;
type Phase = GroupState['phase'];

function makeState(
  phase: Phase,
  isMember: boolean,
  roundsLeft: number,
  list: List | undefined,
  calls: number,
): GroupState {
  return { phase, isMember, roundsLeft, list, calls };
}

function to(at: GroupState, phase: Phase, but: Change = {}): GroupState {
  const { isMember = at.isMember, roundsLeft = at.roundsLeft, calls = at.calls } = but;
  const list = 'list' in but ? but.list : at.list;
  return makeState(phase, isMember, roundsLeft, list, calls);
}

/** What tells membership from a registry. */
interface Roles {
  readonly name: 'membership' | 'registry';
  readonly joins: (index: number) => boolean;
  readonly watches: (index: number) => boolean;
}

const MEMBERSHIP: Roles = { name: 'membership', joins: () => true, watches: () => true };
const REGISTRY: Roles = {
  name: 'registry',
  joins: (index) => index % 2 === 0,
  watches: (index) => index % 2 === 1,
};

const FIRST = 'm';
const CALLS = 5;

/** Clients in a list, as a number with a bit for each; the first 32. */
function bitsOf(names: readonly string[]): number {
  return names.reduce((bits, name) => (bits | (1 << Number(name.slice(FIRST.length)))) >>> 0, 0);
}

class Group implements Steady<GroupState> {
  readonly name: Roles['name'];
  readonly initial: GroupState;
  readonly #setting: RecipeSetting;
  readonly #roles: Roles;

  constructor(setting: RecipeSetting, roles: Roles) {
    this.name = roles.name;
    this.#setting = setting;
    this.#roles = roles;
    this.initial = makeState('laying', false, setting.rounds, undefined, 0);
  }

  #own({ index }: ProgramView): string {
    return `${this.#setting.path}/${FIRST}${index}`;
  }

  #makes(mistake: RecipeSetting['mistake']): boolean {
    return this.#setting.mistake === mistake;
  }

  begin(at: GroupState): Step {
    return programStep(at, makeZnode(this.#setting.path, ''));
  }

  answered(at: GroupState, reply: Reply, view: ProgramView): Step {
    const { result } = reply;
    switch (at.phase) {
      case 'laying':
        return this.#roles.joins(view.index) ? this.#join(at, view) : this.#list(at);
      case 'joining':
        return codeOf(reply) === 'NodeExists' ? this.#doubt(at, view) : this.#joined(at, view);
      case 'doubting':
        if (result.kind !== 'stat') return this.#join(at, view);
        if (result.stat.ephemeralOwner === view.session) return this.#joined(at, view);
        return this.#remove(at, 'removing', view);
      case 'removing':
        return this.#join(at, view);
      case 'listing':
        return this.#listed(at, reply, view);
      case 'leaving':
        return this.#left(at, view);
      case 'idle':
      case 'done':
        return programStep(at);
    }
  }

  due(at: GroupState, view: ProgramView): Step {
    if (at.phase !== 'idle') return programStep(at);
    if (!this.#roles.joins(view.index)) return this.#call(at, view);
    if (at.isMember) return this.#remove(at, 'leaving', view);
    return at.roundsLeft > 0 ? this.#join(at, view) : programStep(at);
  }

  woken(at: GroupState, view: ProgramView): Step {
    if (at.phase !== 'idle' || !this.#roles.watches(view.index)) return programStep(at);
    if (this.#makes('watches-once') && at.list !== undefined) return programStep(at);
    const old = at.list !== undefined && at.list.session !== view.session;
    const trusts = this.#makes('trusts-the-past') && !this.#roles.joins(view.index);
    return old && trusts ? programStep(at) : this.#list(at);
  }

  expired(at: GroupState, view: ProgramView): Step | undefined {
    if (this.#makes('trusts-the-past')) {
      return at.phase === 'idle' ? programStep(at, undefined, this.#restUs(view)) : undefined;
    }
    if (at.phase === 'done' || at.phase === 'laying') return undefined;
    const gone = { isMember: false, list: undefined, calls: 0 };
    const notes = at.isMember ? this.#say('lost', view.index) : [];
    const out = at.phase === 'leaving' || !this.#roles.joins(view.index) || at.roundsLeft === 0;
    const idle = to(at, 'idle', gone);
    if (out) return this.#look(idle, view, notes);
    return programStep(to(at, 'joining', gone), this.#join(idle, view).op, undefined, notes);
  }

  /** Members leave; who watches is done when nobody is left. */
  finish(at: GroupState, view: ProgramView): Step {
    if (at.phase !== 'idle') return programStep(at);
    if (at.isMember) return this.#remove(at, 'leaving', view);
    const over = !this.#roles.watches(view.index) || at.list?.names.length === 0;
    return over ? this.#end(at) : programStep(at, undefined, 'clear');
  }

  doubtful(): undefined {
    return undefined;
  }

  #say(what: string, number: number, zxid: Zxid = ZERO_ZXID): readonly ProgramNote[] {
    return [programNote(`${this.name}/${what}`, zxid, number)];
  }

  #join(at: GroupState, view: ProgramView): Step {
    return programStep(to(at, 'joining'), makeZnode(this.#own(view), '', 'ephemeral'));
  }

  #doubt(at: GroupState, view: ProgramView): Step {
    const op = { kind: 'exists', path: this.#own(view), watch: false } as const;
    return programStep(to(at, 'doubting'), op);
  }

  #remove(at: GroupState, phase: 'removing' | 'leaving', view: ProgramView): Step {
    return programStep(to(at, phase), { kind: 'delete', path: this.#own(view), version: -1 });
  }

  #joined(at: GroupState, view: ProgramView): Step {
    const notes = this.#say('joined', view.index);
    return this.#look(to(at, 'idle', { isMember: true }), view, notes);
  }

  /** Whoever does not watch only waits. */
  #look(at: GroupState, view: ProgramView, notes: readonly ProgramNote[]): Step {
    if (!this.#roles.watches(view.index))
      return programStep(at, undefined, this.#restUs(view), notes);
    const { state, op } = this.#list(at);
    return programStep(state, op, undefined, notes);
  }

  #left(at: GroupState, view: ProgramView): Step {
    const roundsLeft = Math.max(0, at.roundsLeft - 1);
    const alone = to(at, 'idle', { isMember: false, roundsLeft });
    return this.#look(alone, view, this.#say('left', view.index));
  }

  /** Until a member leaves or comes back; until the next of several calls meanwhile. */
  #restUs({ index }: ProgramView): number {
    const holdUs = this.#setting.holdMs * 1000;
    return this.#roles.joins(index) ? holdUs : Math.ceil(holdUs / CALLS);
  }

  #list(at: GroupState): Step {
    const { path } = this.#setting;
    const watch = !this.#makes('watches-once') || at.list === undefined;
    return programStep(to(at, 'listing'), { kind: 'getChildren', path, watch });
  }

  #listed(at: GroupState, { result, zxid }: Reply, view: ProgramView): Step {
    const { session } = view;
    const names = result.kind === 'children' ? result.names : [];
    const what = at.isMember ? 'listed as member' : 'listed';
    const notes = this.#say(what, bitsOf(names), zxid);
    const idle = to(at, 'idle', { list: { names, session }, calls: 0 });
    return programStep(idle, undefined, this.#restUs(view), notes);
  }

  /** The next instance of the list. */
  #call(at: GroupState, view: ProgramView): Step {
    const { calls } = at;
    const names = at.list?.names ?? [];
    const name = names[this.#makes('no-balance') ? 0 : calls % Math.max(1, names.length)];
    const notes = name === undefined ? [] : this.#say('called', Number(name.slice(FIRST.length)));
    return programStep(to(at, 'idle', { calls: calls + 1 }), undefined, this.#restUs(view), notes);
  }

  #end(at: GroupState): Step {
    return programStep(to(at, 'done'), undefined, 'clear', undefined, true);
  }
}

export function membershipProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Group(setting, MEMBERSHIP));
}

export function registryProgram(setting: RecipeSetting): Program {
  return steadyProgram(new Group(setting, REGISTRY));
}
