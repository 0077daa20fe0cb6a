// Queues: what is put is there once, is taken once, and by somebody who knows it; and whoever takes
// takes the best of what was there when its turn began.
import type { RecipeKind } from '../../../protocol/recipes/setting.js';
import { FIRST_CLIENT } from '../../trace/record.js';
import { zxidText } from '../words.js';
import { recipeChecker } from './scene.js';

const QUEUES: readonly RecipeKind[] = ['queue', 'priority-queue'];
const ITEMS = 'items/';

/** `items/p3-0000000007` is the seventh, of priority 3. */
function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('-') + 1));
}

function isBetter(name: string, than: string): boolean {
  const [priority = '', other = ''] = [name, than].map((path) => path.slice(0, path.indexOf('-')));
  return priority === other ? numberOf(name) < numberOf(than) : priority < other;
}

export const queueExactlyOnce = recipeChecker(
  {
    id: 'queue-exactly-once',
    kind: 'client',
    claim:
      'Each element that a producer has put is there once; each that is gone from the queue was ' +
      'taken by one consumer, which knows it at the end.',
    recipes: QUEUES,
  },
  ({ found }) => {
    const put = new Map<string, number>();
    const gone = new Map<number, number>();
    const taken = new Map<number, number>();
    return {
      deed: ({ kind, name, data }, record) => {
        if (!name.startsWith(ITEMS)) return;
        if (kind === 'deleted') gone.set(numberOf(name), record.index);
        if (kind !== 'created') return;
        found.saw();
        const first = put.get(data);
        if (first !== undefined) found.broken(record, 'put-twice', { element: data }, [first]);
        put.set(data, record.index);
      },
      point: (what, record) => {
        const element = record.digest;
        if (what === 'put') {
          found.saw();
          const guid = `c${record.actor - FIRST_CLIENT + 1}.${element}`;
          if (!put.has(guid)) found.broken(record, 'put-and-not-there', { element: guid });
        } else if (what === 'taken') {
          found.saw();
          const first = taken.get(element);
          if (first !== undefined) found.broken(record, 'taken-twice', { element }, [first]);
          if (!gone.has(element)) found.broken(record, 'taken-and-there', { element });
          taken.set(element, record.index);
        }
      },
      atEnd: (end) => {
        for (const [element, by] of gone) {
          found.saw();
          if (!taken.has(element)) found.broken(end, 'lost', { element }, [by], []);
        }
      },
    };
  },
);

export const queueOrder = recipeChecker(
  {
    id: 'queue-order',
    kind: 'client',
    claim:
      'Nobody takes an element while there is a better one that it must have seen when its ' +
      'turn began.',
    recipes: QUEUES,
    more: ['completed'],
  },
  ({ found, znodes }) => {
    interface Seen {
      readonly session: number;
      readonly zxid: number;
    }
    /** Of each client: what its session has seen; and had seen when its turn began. */
    const seen = new Map<number, Seen>();
    const turns = new Map<number, Seen>();
    return {
      other: (record) => {
        if (record.kind !== 'completed' || record.zxid <= 0) return;
        seen.set(record.actor, { session: record.value, zxid: record.zxid });
      },
      point: (what, record) => {
        if (what !== 'turn') return;
        const last = seen.get(record.actor);
        const zxid = last?.session === record.value ? last.zxid : 0;
        turns.set(record.actor, { session: record.value, zxid });
      },
      deed: ({ kind, name, session, client }, record) => {
        const turn = turns.get(client);
        if (kind !== 'deleted' || !name.startsWith(ITEMS) || turn?.session !== session) return;
        found.saw();
        for (const [other, { czxid }] of znodes) {
          if (!other.startsWith(ITEMS) || czxid > turn.zxid || !isBetter(other, name)) continue;
          const facts = { element: name, better: other, since: zxidText(czxid) };
          found.broken(record, 'out-of-order', facts, [], [client]);
          return;
        }
      },
    };
  },
);
