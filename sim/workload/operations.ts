// What a client does next: operations drawn by weight over a few keys. Mostly on znodes that should
// be there, as far as the workload can tell, because an operation that fails tests less; sometimes
// not, because a failed write is a transaction, too. Every write carries a value that occurs
// nowhere else in the run, so that a checker knows which write a read has seen.
import { unreachable } from '../../base/assert.js';
import type { RandomStream } from '../../base/random.js';
import type { MultiPart, Operation } from '../../protocol/operation.js';
import { containerOperation, createOperation } from '../../protocol/operation.js';
import { valueOf } from '../scenario/operations.js';
import type { Mix, Workload } from '../scenario/scenario.js';
import { guard, shortLived, showIdentity, underQuota } from './guarded.js';
import type { Turn } from './turn.js';

type Choice = keyof Mix;

/** New ones come last: with weight 0 they change no draw. */
const CHOICES: readonly Choice[] = [
  ...(['create', 'ephemeral', 'set', 'delete'] as const),
  ...(['get', 'exists', 'children', 'sync'] as const),
  ...(['sequential', 'container', 'multi', 'watch'] as const),
  ...(['ttl', 'auth', 'acl', 'quota'] as const),
];
/** How often an operation is on any key, there or not. */
const CARELESS = 0.15;

export class Operations {
  readonly #mix: Mix;
  readonly #total: number;
  readonly #keys: number;
  /** Paths that were created and not deleted, if all went well. */
  readonly #present: string[] = [];
  /** How far each subtree has come on its way to a quota. */
  readonly #quotas = new Map<string, number>();

  constructor({ mix, keys }: Workload) {
    this.#mix = mix;
    this.#keys = keys;
    this.#total = CHOICES.reduce((sum, choice) => sum + mix[choice], 0);
  }

  /** The first of each client is a create, so that there is something to work on. */
  next(turn: Turn): Operation {
    const choice = this.#choose(turn.stream);
    return this.#operation(turn.nth === 0 ? 'create' : choice, turn);
  }

  /** A write: what a client does to see whether the service works. */
  write(turn: Turn): Operation {
    return this.#operation(turn.stream.chance(0.5) ? 'create' : 'set', turn);
  }

  #operation(choice: Choice, turn: Turn): Operation {
    switch (choice) {
      case 'create':
        return this.#create(turn, `/k${turn.stream.int(this.#keys)}`, false);
      case 'ephemeral':
        return this.#create(turn, `/e${turn.client + 1}-${turn.stream.int(this.#keys)}`, true);
      case 'set': {
        const version = turn.stream.chance(0.1) ? 1 : -1;
        return {
          kind: 'setData',
          path: this.#path(turn),
          data: valueOf(turn.client, turn.nth),
          version,
        };
      }
      case 'delete':
        return this.#delete(this.#path(turn));
      case 'get':
        return { kind: 'getData', path: this.#path(turn), watch: false };
      case 'exists':
        return { kind: 'exists', path: this.#path(turn), watch: false };
      case 'children':
        return { kind: 'getChildren2', path: '/', watch: false };
      case 'sync':
        return { kind: 'sync', path: this.#path(turn) };
      case 'sequential':
        return this.#sequential(turn);
      case 'container':
        return this.#container(turn);
      case 'multi':
        return this.#multi(turn);
      case 'watch':
        return this.#watch(turn);
      case 'ttl':
        return shortLived(turn, this.#noted(`/t${turn.stream.int(this.#keys)}`));
      case 'auth':
        return showIdentity(turn);
      case 'acl': {
        const present = this.#path(turn);
        return guard(turn, this.#noted(`/g${turn.stream.int(this.#keys)}`), present);
      }
      case 'quota':
        return this.#quota(turn);
      default:
        return unreachable(choice);
    }
  }

  /** Of a znode that is there already, mostly a new value instead. */
  #create(turn: Turn, path: string, ephemeral: boolean): Operation {
    const data = valueOf(turn.client, turn.nth);
    const careless = turn.stream.chance(CARELESS);
    if (!this.#note(path) && !careless) return { kind: 'setData', path, data, version: -1 };
    return createOperation(path, data, ephemeral ? 'ephemeral' : 'persistent');
  }

  /** The znode will be there. False: it is already. */
  #note(path: string): boolean {
    if (this.#present.includes(path)) return false;
    this.#present.push(path);
    return true;
  }

  #noted(path: string): string {
    this.#note(path);
    return path;
  }

  #quota(turn: Turn): Operation {
    const subtree = `/q${turn.stream.int(2)}`;
    const done = this.#quotas.get(subtree) ?? 0;
    this.#quotas.set(subtree, done + 1);
    const op = underQuota(turn, subtree, done);
    if (op.kind === 'create' && op.path.startsWith(subtree)) this.#note(op.path);
    return op;
  }

  #forget(path: string): void {
    const index = this.#present.indexOf(path);
    if (index >= 0) this.#present.splice(index, 1);
  }

  #delete(path: string): Operation {
    this.#forget(path);
    return { kind: 'delete', path, version: -1 };
  }

  /** Nobody learns the name here, so nobody deletes it; the ephemerals go with their session. */
  #sequential(turn: Turn): Operation {
    const mode = turn.nth % 2 === 0 ? 'persistentSequential' : 'ephemeralSequential';
    return createOperation(
      `/s${turn.stream.int(this.#keys)}-`,
      valueOf(turn.client, turn.nth),
      mode,
    );
  }

  /** A container is made, gets a child, and loses it; then the leader may take it away. */
  #container(turn: Turn): Operation {
    const path = `/c${turn.stream.int(this.#keys)}`;
    const data = valueOf(turn.client, turn.nth);
    if (this.#note(path)) return containerOperation(path, data);
    const child = `${path}/x`;
    if (this.#note(child)) return createOperation(child, data);
    this.#forget(path);
    return this.#delete(child);
  }

  #multi(turn: Turn): Operation {
    const count = turn.stream.between(1, 4);
    const parts = Array.from({ length: count }, (_, index) => this.#part(turn, index));
    return { kind: 'multi', parts };
  }

  #part(turn: Turn, index: number): MultiPart {
    const { stream } = turn;
    const data = `${valueOf(turn.client, turn.nth)}.${index}`;
    const path = this.#path(turn);
    if (stream.chance(CARELESS)) return { kind: 'check', path, version: stream.int(3) };
    if (stream.chance(0.3)) {
      return createOperation(`/s${stream.int(this.#keys)}-`, data, 'persistentSequential');
    }
    if (stream.chance(0.2)) {
      this.#forget(path);
      return { kind: 'delete', path, version: -1 };
    }
    if (this.#note(path)) return createOperation(path, data);
    return { kind: 'setData', path, data, version: -1 };
  }

  #watch(turn: Turn): Operation {
    const path = this.#path(turn);
    const kind = turn.stream.pick(['getData', 'exists', 'getChildren2'] as const);
    return { kind, path: kind === 'getChildren2' ? '/' : path, watch: true };
  }

  #path({ stream }: Turn): string {
    if (this.#present.length === 0 || stream.chance(CARELESS)) {
      return `/k${stream.int(this.#keys)}`;
    }
    return stream.pick(this.#present);
  }

  #choose(stream: RandomStream): Choice {
    let rest = stream.int(this.#total);
    for (const choice of CHOICES) {
      rest -= this.#mix[choice];
      if (rest < 0) return choice;
    }
    return 'set';
  }
}
