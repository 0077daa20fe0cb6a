// A mutual exclusion lock, or one per key. A plain lock does not ask who releases it, as clients
// that crash come back under another name; an owned one does.
import type { Model } from '../model.js';
import { refuse } from '../model.js';

export interface LockOp {
  readonly f: 'acquire' | 'release';
  readonly key: string | undefined;
  /** Whose lock it becomes, or was; empty for plain locks. */
  readonly by: string;
}

/** The result is whether it succeeded. */
export type LockModel = Model<string | null, LockOp, boolean>;

export const lockModel: LockModel = {
  name: 'lock',
  initial: null,
  step: (state, op, result) => {
    const possible = op.f === 'acquire' ? state === null : state === op.by;
    if (result === true && !possible) return refuse(whyNot(state, op));
    if (result === false && possible) {
      return refuse(`it was refused, but the lock is ${op.f === 'acquire' ? 'free' : 'held'}`);
    }
    if (!possible) return state;
    return op.f === 'acquire' ? op.by : null;
  },
  key: (op) => op.key ?? '',
  isPure: (_op, result) => result === false,
  describeOp: (op, result) => {
    const who = op.by === '' ? '' : ` by ${op.by}`;
    return `${op.f}${who}${result === false ? ', refused' : ''}`;
  },
  describeState: (state) => (state === null ? 'free' : `held${state === '' ? '' : ` by ${state}`}`),
};

function whyNot(state: string | null, op: LockOp): string {
  if (state === null) return 'nobody holds the lock';
  return `the lock is already held${op.by === '' ? '' : ` by ${state}`}`;
}
