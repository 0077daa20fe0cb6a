// Several registers that are read and written together: an operation is a list of reads and
// writes that takes effect at one moment. There is no key, since any two operations may touch the
// same register.
import type { Json } from '../history.js';
import { sameValue, valueKey } from '../history.js';
import type { Model } from '../model.js';
import { refuse } from '../model.js';

export interface Access {
  readonly f: 'read' | 'write';
  readonly register: string;
  /** What was written, or read; undefined where the value read is not known. */
  readonly value: Json | undefined;
}

export interface TransactionOp {
  readonly accesses: readonly Access[];
}

type Registers = Readonly<Record<string, Json>>;

export function multiRegisterModel(initial: Json): Model<Registers, TransactionOp, true> {
  return {
    name: 'multi-register',
    initial: {},
    step: (state, op, result) => {
      let after = state;
      for (const { f, register, value } of op.accesses) {
        if (f === 'write') {
          after = { ...after, [register]: value ?? null };
        } else if (result !== undefined && value !== undefined) {
          const holds = after[register] ?? initial;
          if (!sameValue(holds, value)) {
            return refuse(
              () => `it read ${register} as ${valueKey(value)}, not ${valueKey(holds)}`,
            );
          }
        }
      }
      return after;
    },
    isPure: (op) => op.accesses.every(({ f }) => f === 'read'),
    stateKey: (state) => valueKey(state),
    describeOp: (op) =>
      op.accesses
        .map(
          ({ f, register, value }) =>
            `${f} ${register} ${value === undefined ? '?' : valueKey(value)}`,
        )
        .join(', '),
    describeState: (state) =>
      Object.entries(state)
        .map(([register, value]) => `${register}=${valueKey(value)}`)
        .join(' '),
  };
}
