// The kinds of random histories: for each model how to draw an operation, what it answers, and what
// a wrong answer looks like. Some draw values that are used once, so that the monitors apply.
import type { RandomStream } from '../../base/random.js';
import type { Json } from '../../sim/linearizability/history.js';
import { kvModel } from '../../sim/linearizability/models/kv.js';
import type { KvOp } from '../../sim/linearizability/models/kv.js';
import { listAppendModel } from '../../sim/linearizability/models/list-append.js';
import type { ListOp } from '../../sim/linearizability/models/list-append.js';
import { lockModel } from '../../sim/linearizability/models/lock.js';
import type { LockOp } from '../../sim/linearizability/models/lock.js';
import { queueModel } from '../../sim/linearizability/models/queue.js';
import type { QueueOp } from '../../sim/linearizability/models/queue.js';
import { registerModel } from '../../sim/linearizability/models/register.js';
import type { RegisterOp } from '../../sim/linearizability/models/register.js';
import { setModel } from '../../sim/linearizability/models/set.js';
import type { SetOp, SetResult } from '../../sim/linearizability/models/set.js';
import { znodeModel } from '../../sim/linearizability/models/znode.js';
import type { Family, ZnodeOp, ZnodeResult } from '../../sim/linearizability/models/znode-op.js';
import { Refusal } from '../../sim/linearizability/model.js';
import type { Kind } from './random-history.js';

type RegisterKind = Kind<Json, RegisterOp, Json>;

const key = undefined;

function registerAnswer(state: Json, op: RegisterOp): Json | undefined {
  if (op.f === 'read') return state;
  return op.f === 'cas' ? op.from === state : undefined;
}

function registerDistortion(random: RandomStream, op: RegisterOp): Json | undefined {
  if (op.f === 'read') return random.int(4);
  return op.f === 'cas' ? random.chance(0.5) : undefined;
}

export const casRegister: RegisterKind = {
  name: 'register with compare-and-set',
  model: registerModel(0),
  draw: (random) => {
    const value = random.int(3);
    switch (random.int(3)) {
      case 0:
        return { f: 'read', key };
      case 1:
        return { f: 'write', key, value };
      default:
        return { f: 'cas', key, from: random.int(3), to: value };
    }
  },
  answer: registerAnswer,
  distort: registerDistortion,
};

export const uniqueRegister: RegisterKind = {
  name: 'register with unique values',
  model: registerModel(0),
  draw: (random, serial) =>
    random.chance(0.5) ? { f: 'read', key } : { f: 'write', key, value: serial + 1 },
  answer: registerAnswer,
  distort: (random, op) => (op.f === 'read' ? random.int(8) : undefined),
};

export const keyedRegisters: RegisterKind = {
  name: 'registers by key',
  model: registerModel(0),
  draw: (random) => {
    const name = random.pick(['a', 'b']);
    return random.chance(0.5)
      ? { f: 'read', key: name }
      : { f: 'write', key: name, value: random.int(3) };
  },
  answer: registerAnswer,
  distort: registerDistortion,
};

/** `resets` allows put and delete. */
function kvKind(resets: boolean): Kind<string, KvOp, string> {
  return {
    name: resets ? 'kv' : 'kv, append only',
    model: kvModel,
    draw: (random, serial) => {
      const value = random.chance(0.8) ? String(serial) : 'x';
      const f = random.pick(
        resets ? (['get', 'put', 'append', 'delete'] as const) : (['get', 'append'] as const),
      );
      return { f, key: 'k', value: f === 'get' || f === 'delete' ? '' : value };
    },
    answer: (state, op) => (op.f === 'get' ? state : undefined),
    distort: (random, op) =>
      op.f === 'get' ? random.pick(['', '0', '01', '10', '2', 'x']) : undefined,
  };
}

export const kvWithResets = kvKind(true);
export const kvAppendOnly = kvKind(false);

export const listAppend: Kind<string, ListOp, readonly Json[]> = {
  name: 'list',
  model: listAppendModel,
  draw: (random, serial) => {
    if (random.chance(0.5)) return { f: 'read', key, element: null };
    return { f: 'append', key, element: random.chance(0.9) ? serial : 0 };
  },
  answer: (state, op) =>
    op.f === 'read' ? state.split('\u0001').slice(0, -1).map(Number) : undefined,
  distort: (random, op) =>
    op.f === 'read' ? random.pick([[], [0], [1, 0], [0, 1], [2]]) : undefined,
};

export const queue: Kind<readonly Json[], QueueOp, Json> = {
  name: 'queue',
  model: queueModel,
  draw: (random, serial) => {
    if (random.chance(0.5)) return { f: 'dequeue', key, value: null };
    return { f: 'enqueue', key, value: random.chance(0.95) ? serial : 0 };
  },
  answer: (state, op) => (op.f === 'dequeue' ? (state[0] ?? null) : undefined),
  distort: (random, op) =>
    op.f === 'dequeue' ? random.pick([null, random.int(7), undefined]) : undefined,
};

export const lock: Kind<string | null, LockOp, boolean> = {
  name: 'lock',
  model: lockModel,
  draw: (random, _serial, client) => ({
    f: random.chance(0.5) ? 'acquire' : 'release',
    key,
    by: random.chance(0.5) ? client : '',
  }),
  answer: (state, op) => (op.f === 'acquire' ? state === null : state === op.by),
  distort: (random) => random.chance(0.5),
};

/** `whole` reads all elements, otherwise each element is an object. */
function setKind(whole: boolean, growing: boolean): Kind<readonly string[], SetOp, SetResult> {
  const names = growing ? (['add'] as const) : (['add', 'remove', 'contains'] as const);
  return {
    name: `set${whole ? ', read as a whole' : ''}${growing ? ', growing' : ''}`,
    model: setModel(whole),
    draw: (random, serial) => {
      if (whole && random.chance(0.5)) return { f: 'read', key, element: null };
      return { f: random.pick(names), key, element: growing ? serial : random.int(2) };
    },
    answer: (state, op) => {
      const present = state.includes(JSON.stringify(op.element));
      if (op.f === 'read') return state.map(Number);
      return op.f === 'add' ? !present : present;
    },
    distort: (random, op) => {
      if (op.f !== 'read') return random.chance(0.5);
      return random.pick([[], [0], [1], [1, 0], [0, 1, 2]]);
    },
  };
}

export const setByElement = setKind(false, false);
export const setAsWhole = setKind(true, false);
export const growingSet = setKind(true, true);

const PATHS = ['/a', '/a/b', '/c'];
const ERRORS = ['NONODE', 'NODEEXISTS', 'BADVERSION', 'NOTEMPTY'];
const zmodel = znodeModel(PATHS);

function reply(value?: string, version?: number, error?: string): ZnodeResult {
  return { error, value, version, zxid: undefined };
}

function znodeAnswer(state: Family, op: ZnodeOp): ZnodeResult {
  if (op.f === 'sync') return reply();
  const before = state[op.path];
  if (op.f === 'get' || op.f === 'exists') {
    if (before === undefined) return reply(undefined, undefined, 'NONODE');
    return reply(op.f === 'get' ? before.value : undefined, before.version);
  }
  const version = op.f === 'create' ? 0 : (before?.version ?? 0) + 1;
  const done = reply(undefined, op.f === 'delete' ? undefined : version);
  if (!(zmodel.step(state, op, done) instanceof Refusal)) return done;
  const error = ERRORS.find(
    (code) => !(zmodel.step(state, op, reply(undefined, undefined, code)) instanceof Refusal),
  );
  return reply(undefined, undefined, error);
}

export const znodes: Kind<Family, ZnodeOp, ZnodeResult> = {
  name: 'znodes',
  model: zmodel,
  draw: (random, serial) => {
    const f = random.pick([
      'create',
      'create',
      'set',
      'get',
      'get',
      'exists',
      'delete',
      'sync',
    ] as const);
    const value = f === 'create' || f === 'set' ? random.pick(['x', String(serial)]) : '';
    const version = f === 'set' || f === 'delete' ? random.pick([-1, -1, 0, 1]) : -1;
    return { f, path: random.pick(PATHS), value, version, owner: '' };
  },
  answer: znodeAnswer,
  distort: (random, op) =>
    op.f === 'sync'
      ? reply()
      : random.pick([
          reply(undefined, undefined, random.pick(ERRORS)),
          reply(op.f === 'get' ? random.pick(['x', '0', '1']) : undefined, random.int(2)),
        ]),
};
