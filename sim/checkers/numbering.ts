// Numbers at the end of names: each is given once in the life of a parent, and later ones are
// larger. The counter behind them has 32 bits; where it wraps a new count begins. [ZK-Java
// PrepRequestProcessor.pRequest2TxnCreate]
import type { CreateOperation, Operation } from '../../protocol/operation.js';
import { isCreate } from '../../protocol/operation.js';
import type { WriteTxn } from '../../protocol/txn.js';
import { checker } from './checker.js';
import { writesOf } from './oracle/service-model.js';
import { parentOf } from './oracle/service-rules.js';
import { zxidText } from './words.js';

type Create = Extract<WriteTxn, { kind: 'create' }>;

const LAST_NUMBER = 2 ** 31 - 1;

/** What the client asked for where the transaction creates; undefined: nobody of ours did. */
function askedFor(op: Operation | undefined, index: number): CreateOperation | undefined {
  const part = op?.kind === 'multi' ? op.parts[index] : op;
  return part !== undefined && isCreate(part) ? part : undefined;
}

/** The number that was added to the name; undefined for a name as it was asked for. */
function numberOf(asked: CreateOperation, { path }: Create): number | undefined {
  if (path === asked.path || !path.startsWith(asked.path)) return undefined;
  const suffix = path.slice(asked.path.length);
  return /^(\d{10,}|-\d{9,})$/.test(suffix) ? Number(suffix) : NaN;
}

export const sequentialNumbers = checker(
  {
    id: 'sequential-numbers',
    kind: 'client',
    claim: 'Under one parent, as long as it lives, each sequential name gets a larger number.',
    cites: ['ZK-Java PrepRequestProcessor.pRequest2TxnCreate'],
    kinds: ['committed', 'newLeaderAcked'],
  },
  (oracle, found) => {
    /** By parent. */
    const last = new Map<string, number>();
    return (record) => {
      for (const { txn, operation } of oracle.justChosen) {
        const writes = writesOf(txn.op);
        for (let index = 0; index < writes.length; index++) {
          const write = writes[index];
          if (write?.kind === 'delete') last.delete(write.path);
          if (write?.kind !== 'create') continue;
          const asked = askedFor(operation?.op, index);
          const number = asked === undefined ? undefined : numberOf(asked, write);
          if (number === undefined) continue;
          found.saw();
          const parent = parentOf(write.path);
          const before = last.get(parent);
          last.set(parent, number);
          if (before === undefined ? !Number.isNaN(number) : number > before) continue;
          if (before === LAST_NUMBER && number === -LAST_NUMBER - 1) continue;
          const facts = { zxid: zxidText(txn.zxid), path: write.path, after: before ?? 'none' };
          found.broken(record, 'sequential-numbers', facts);
        }
      }
    };
  },
);
