// Faults planted in recipes, each in a story of its own recipe; and for each recipe a story in which
// all is well.
import type { SessionId } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import type { RecipeKind, RecipeSetting } from '../../protocol/recipes/setting.js';
import type { TxnOp, WriteTxn } from '../../protocol/txn.js';
import { recipeBoundUs } from '../../sim/checkers/recipes/bound.js';
import type { CheckerSetup } from '../../sim/checkers/setup.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import type { Planted } from './checkers-stories.js';
import { opening } from './checkers-stories.js';
import type { Story } from './trace-story.js';
import { createOperation } from '../../protocol/operation.js';
import { create, SETUP, sessionOf, txn, zxid } from './trace-story.js';

const NOBODY = 0 as SessionId;

/** Two participants, below /r. */
function setting(kind: RecipeKind): RecipeSetting {
  return { kind, path: '/r', rounds: 3, holdMs: 10, size: 2, mistake: undefined };
}

/** What a checker must know of a run with this recipe. */
export function setupWith(kind: RecipeKind | undefined): CheckerSetup {
  return kind === undefined ? SETUP : { ...SETUP, recipe: setting(kind) };
}

/** A story whose next write is 1:`counter`. */
class Play {
  readonly story: Story = opening();
  counter = 3;
  #cxid = 0;

  /** Chosen, and nobody of ours asked for it. */
  writes(...ops: readonly WriteTxn[]): this {
    for (const op of ops) this.#chosen(op);
    return this;
  }

  /** `client` makes an ephemeral znode; nobody of ours asked for that either. */
  joins(client: number, path: string, data = ''): this {
    this.#chosen(create(path, data, sessionOf(client)), [client, 0]);
    return this;
  }

  removes(path: string): this {
    return this.writes({ kind: 'delete', path });
  }

  /** `client` asks for it, it is chosen and answered. */
  asks(client: number, op: Operation, as: TxnOp): this {
    this.#cxid += 1;
    this.story.invoke(client, this.#cxid, op);
    this.#chosen(as, [client, this.#cxid]);
    this.story.complete(client, this.#cxid, zxid(1, this.counter - 1), { kind: 'done' });
    return this;
  }

  #chosen(op: TxnOp, by: [number, number] = [0, 0]): void {
    this.story.broadcast(3, txn(1, this.counter, op, by), [1, 2]);
    this.counter += 1;
  }

  /** `client` says that it has reached a point. */
  says(client: number, text: string, number = 0, token = 0): this {
    const slots = { value: sessionOf(client), digest: number, zxid: token, text };
    this.story.tell(FIRST_CLIENT + client, 'recipe', slots);
    return this;
  }

  /** `client` has seen so much. */
  sees(client: number, counter: number): this {
    const slots = { value: sessionOf(client), zxid: zxid(1, counter), text: 'ok' };
    this.story.tell(FIRST_CLIENT + client, 'completed', slots);
    return this;
  }

  hears(client: number, text: string, counter: number): this {
    const slots = { value: sessionOf(client), zxid: zxid(1, counter), text };
    this.story.tell(FIRST_CLIENT + client, 'watched', slots);
    return this;
  }

  /** All is healed; these are done, the others have had their time. */
  ends(kind: RecipeKind, ...done: readonly number[]): Story {
    this.story.tell(0, 'quiet');
    for (const client of done) this.says(client, `${kind}/done`);
    return this.story.wait((2 * recipeBoundUs(setupWith(kind))) / 1000).end();
  }
}

interface PlantedInRecipe extends Planted {
  readonly recipe: RecipeKind;
}

function planted(
  recipe: RecipeKind,
  fault: string,
  found: readonly string[],
  story: () => Story,
): PlantedInRecipe {
  return { recipe, fault, found, story };
}

const root = create('/r');
const FIRST_IN_LINE = '/r/c1.0-lock-0000000000';
const SECOND_IN_LINE = '/r/c2.0-lock-0000000001';

/** Two in the line for a lock: tokens 1:4 and 1:5. */
function line(): Play {
  return new Play().writes(root).joins(0, FIRST_IN_LINE).joins(1, SECOND_IN_LINE);
}

const CONTESTS: readonly PlantedInRecipe[] = [
  planted('lock', 'a lock is acquired out of turn', ['contest-order'], () => {
    return line().says(1, 'lock/acquired', 0, zxid(1, 5)).story;
  }),
  planted(
    'lock',
    'a lock is acquired after a later one',
    ['contest-order', 'contest-fencing'],
    () => {
      const play = line().says(1, 'lock/acquired', 0, zxid(1, 5));
      return play.says(0, 'lock/acquired', 0, zxid(1, 4)).story;
    },
  ),
  planted('leader', 'a deposed leader goes on without a token', ['contest-fencing'], () => {
    const play = line().says(0, 'leader/acquired', 0, zxid(1, 4)).removes(FIRST_IN_LINE);
    play.says(1, 'leader/acquired', 0, zxid(1, 5));
    return play.says(0, 'leader/used-unfenced', 0, zxid(1, 4)).story;
  }),
  planted('rwlock', 'a reader overtakes a writer', ['contest-order'], () => {
    const play = new Play().writes(root).joins(0, '/r/c1.0-write-0000000000');
    play.joins(1, '/r/c2.0-read-0000000001');
    return play.says(1, 'rwlock/acquired read', 0, zxid(1, 5)).story;
  }),
  planted('lock', 'two are woken by one deletion', ['contest-wakes'], () => {
    const play = line().removes(FIRST_IN_LINE);
    for (const client of [0, 1]) play.hears(client, 'nodeChildrenChanged /r', 6);
    return play.story;
  }),
];

const READY = '/r/round-0/ready';

/** Both have joined the first round, and it begins. */
function round(): Play {
  const play = new Play().writes(root, create('/r/round-0'));
  play.joins(0, '/r/round-0/c1.0', '0').joins(1, '/r/round-0/c2.0', '0').writes(create(READY));
  return play.says(0, 'double-barrier/entered').says(1, 'double-barrier/entered');
}

const BARRIERS: readonly PlantedInRecipe[] = [
  planted('barrier', 'a closed gate is passed', ['barrier-holds'], () => {
    return new Play().writes(root, create('/r/gate-0')).says(1, 'barrier/passed').story;
  }),
  planted('double-barrier', 'a round begins with one', ['double-barrier-holds'], () => {
    const play = new Play().writes(root, create('/r/round-0'));
    return play.joins(0, '/r/round-0/c1.0', '0').says(0, 'double-barrier/entered').story;
  }),
  planted('double-barrier', 'one leaves while another is inside', ['double-barrier-holds'], () => {
    return round().removes('/r/round-0/c1.0').says(0, 'double-barrier/left').story;
  }),
];

const ITEM = '/r/items/p0-0000000000';

/** Two elements, 1:5 and 1:6. */
function elements(): Play {
  const play = new Play().writes(root, create('/r/items'));
  play.asks(0, createOperation(ITEM, 'c1.0'), create(ITEM, 'c1.0'));
  const second = '/r/items/p0-0000000001';
  play.asks(0, createOperation(second, 'c1.1'), create(second, 'c1.1', NOBODY, 2));
  return play.says(0, 'queue/put', 0).says(0, 'queue/put', 1);
}

function taking(path: string): [Operation, TxnOp] {
  return [
    { kind: 'delete', path, version: -1 },
    { kind: 'delete', path },
  ];
}

const QUEUES: readonly PlantedInRecipe[] = [
  planted('queue', 'an element is taken twice', ['queue-exactly-once'], () => {
    const play = elements().removes(ITEM).says(1, 'queue/taken', 0);
    return play.says(0, 'queue/taken', 0).story;
  }),
  planted('queue', 'an element is taken and stays', ['queue-exactly-once'], () => {
    return elements().says(1, 'queue/taken', 0).story;
  }),
  planted('queue', 'an element is put twice', ['queue-exactly-once'], () => {
    return elements().writes(create('/r/items/p0-0000000002', 'c1.1', NOBODY, 3)).story;
  }),
  planted('queue', 'an element is put and never there', ['queue-exactly-once'], () => {
    return elements().says(0, 'queue/put', 2).story;
  }),
  planted('queue', 'an element is lost', ['queue-exactly-once'], () => {
    return elements().removes(ITEM).ends('queue', 0, 1);
  }),
  planted('priority-queue', 'a worse element is taken first', ['queue-order'], () => {
    const play = elements().sees(1, 6).says(1, 'priority-queue/turn');
    return play.asks(1, ...taking('/r/items/p0-0000000001')).story;
  }),
];

/** The members 0 and 1 at 1:5. */
function group(): Play {
  return new Play().writes(root).joins(0, '/r/m0').joins(1, '/r/m1');
}

const VALUES: readonly PlantedInRecipe[] = [
  planted('counter', 'an increment is lost', ['counter-sum'], () => {
    const play = new Play().writes(create('/r', 'c1=1')).says(0, 'counter/added', 1);
    return play.says(1, 'counter/added', 1).story;
  }),
  planted('counter', 'an increment is there twice', ['counter-sum'], () => {
    const play = new Play().writes(create('/r', 'c1=2')).says(0, 'counter/added', 1);
    return play.ends('counter', 0, 1);
  }),
  planted('config', 'a value that nobody wrote', ['config-forward'], () => {
    return new Play().writes(create('/r', '1')).says(1, 'config/seen', 2, zxid(1, 3)).story;
  }),
  planted('config', 'a value goes back', ['config-forward'], () => {
    const play = new Play().writes(create('/r', '1'));
    play.writes({ kind: 'setData', path: '/r', data: '2', version: 1 });
    return play.says(1, 'config/seen', 2, zxid(1, 4)).says(1, 'config/seen', 1, zxid(1, 3)).story;
  }),
  planted('config', 'a reader keeps an old value', ['config-forward'], () => {
    const play = new Play().writes(create('/r', '1')).says(1, 'config/seen', 1, zxid(1, 3));
    play.writes({ kind: 'setData', path: '/r', data: '2', version: 1 });
    return play.ends('config', 0, 1);
  }),
  planted('membership', 'a list of others', ['group-views'], () => {
    return group().says(0, 'membership/listed', 1, zxid(1, 5)).story;
  }),
  planted('membership', 'a list goes back', ['group-views'], () => {
    const play = group().says(0, 'membership/listed', 3, zxid(1, 5));
    return play.says(0, 'membership/listed', 1, zxid(1, 4)).story;
  }),
  planted('membership', 'a member does not see itself', ['group-views'], () => {
    return group().says(1, 'membership/listed as member', 1, zxid(1, 4)).story;
  }),
  planted('membership', 'lists differ at the end', ['group-views'], () => {
    const play = group().says(0, 'membership/listed', 1, zxid(1, 4));
    return play.ends('membership', 0, 1);
  }),
  planted('registry', 'a call without a list', ['registry-calls'], () => {
    return group().says(1, 'registry/called', 0).story;
  }),
  planted('registry', 'a call of somebody else', ['registry-calls'], () => {
    const play = group().says(1, 'registry/listed', 3, zxid(1, 5));
    return play.says(1, 'registry/called', 2).story;
  }),
  planted('registry', 'calls of one instance only', ['registry-calls'], () => {
    const play = group().says(1, 'registry/listed', 3, zxid(1, 5));
    return play.says(1, 'registry/called', 0).says(1, 'registry/called', 0).story;
  }),
];

/** A transaction in which the first participant has voted. */
function transaction(): Play {
  const play = new Play().writes(root, create('/r/t0'), create('/r/t0/p0'));
  play.writes(create('/r/t0/p1', '', NOBODY, 2));
  return play.writes({ kind: 'setData', path: '/r/t0/p0', data: 'yes', version: 1 });
}

const COMMITS: readonly PlantedInRecipe[] = [
  planted('two-phase-commit', 'a commit without a vote', ['atomic-commitment'], () => {
    return transaction().writes(create('/r/t0/decision', 'commit', NOBODY, 3)).story;
  }),
  planted('two-phase-commit', 'a decision is not obeyed', ['atomic-commitment'], () => {
    const play = transaction().writes(create('/r/t0/decision', 'abort', NOBODY, 3));
    return play.says(1, 'two-phase-commit/committed').story;
  }),
  planted('lock', 'a program never ends', ['recipe-ends'], () => line().ends('lock', 0)),
];

export const PLANTED_IN_RECIPES: readonly PlantedInRecipe[] = [
  ...[...CONTESTS, ...BARRIERS, ...QUEUES],
  ...[...VALUES, ...COMMITS],
];

interface HealthyRecipe {
  readonly recipe: RecipeKind;
  /** Checkers that have something to look at. */
  readonly look: readonly string[];
  readonly story: () => Story;
}

function healthy(recipe: RecipeKind, look: readonly string[], play: () => Play): HealthyRecipe {
  return { recipe, look: [...look, 'recipe-ends'], story: () => play().ends(recipe, 0, 1) };
}

export const HEALTHY_RECIPES: readonly HealthyRecipe[] = [
  healthy('lock', ['contest-order', 'contest-fencing', 'contest-wakes'], () => {
    const play = line().says(0, 'lock/acquired', 0, zxid(1, 4)).says(0, 'lock/used', 0, zxid(1, 4));
    play.removes(FIRST_IN_LINE).hears(1, `nodeDeleted ${FIRST_IN_LINE}`, 6);
    play.says(1, 'lock/acquired', 0, zxid(1, 5));
    // Late, and refused for its token.
    return play.says(0, 'lock/used', 0, zxid(1, 4));
  }),
  healthy('barrier', ['barrier-holds'], () => {
    const play = new Play().writes(root, create('/r/gate-0')).removes('/r/gate-0');
    return play.says(0, 'barrier/opened').says(1, 'barrier/passed');
  }),
  healthy('double-barrier', ['double-barrier-holds'], () => {
    const play = round().removes('/r/round-0/c1.0').removes('/r/round-0/c2.0');
    return play.says(0, 'double-barrier/left').says(1, 'double-barrier/left');
  }),
  healthy('queue', ['queue-exactly-once', 'queue-order'], () => {
    const play = elements()
      .sees(1, 6)
      .says(1, 'queue/turn')
      .asks(1, ...taking(ITEM));
    return play.says(1, 'queue/taken', 0);
  }),
  healthy('counter', ['counter-sum'], () => {
    return new Play().writes(create('/r', 'c1=1')).says(0, 'counter/added', 1);
  }),
  healthy('config', ['config-forward'], () => {
    return new Play().writes(create('/r', '1!')).says(1, 'config/seen', 1, zxid(1, 3));
  }),
  healthy('registry', ['group-views', 'registry-calls'], () => {
    const play = group().says(1, 'registry/listed', 3, zxid(1, 5));
    for (const instance of [0, 1, 0]) play.says(1, 'registry/called', instance);
    play.removes('/r/m0').removes('/r/m1');
    return play.says(1, 'registry/listed', 0, zxid(1, 7));
  }),
  healthy('two-phase-commit', ['atomic-commitment'], () => {
    const play = transaction();
    play.writes({ kind: 'setData', path: '/r/t0/p1', data: 'yes', version: 1 });
    play.writes(create('/r/t0/decision', 'commit', NOBODY, 3));
    return play.says(1, 'two-phase-commit/committed');
  }),
];
