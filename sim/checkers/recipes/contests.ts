// Locks, read/write locks and elections. Who acquires has the smallest znode of all that could
// block it: whatever is smaller and still there in the chosen history was there when it looked.
// So nobody else holds by right, and nobody is overtaken. Believing to hold is another matter: a
// session may be over before its client hears of it. Then the token, the czxid of the holder's
// znode, tells the resource whom to refuse; a use that does not show it must not be late.
import type { RecipeKind } from '../../../protocol/recipes/setting.js';
import { zxidText } from '../words.js';
import { recipeChecker } from './scene.js';

const CONTESTS: readonly RecipeKind[] = ['lock', 'rwlock', 'leader'];

function isRead(what: string): boolean {
  return what.endsWith(' read');
}

export const contestOrder = recipeChecker(
  {
    id: 'contest-order',
    kind: 'client',
    claim:
      'Whoever acquires a lock or is elected has no znode before its own that blocks it, so ' +
      'no writer holds together with anyone, and nobody overtakes.',
    recipes: CONTESTS,
  },
  ({ found, znodes }) => ({
    point: (what, record) => {
      if (!what.startsWith('acquired')) return;
      found.saw();
      for (const [name, { czxid }] of znodes) {
        if (name === '' || czxid >= record.zxid) continue;
        if (isRead(what) && !name.includes('-write-')) continue;
        const facts = { token: zxidText(record.zxid), before: name, itsToken: zxidText(czxid) };
        found.broken(record, 'not-its-turn', facts);
        return;
      }
    },
  }),
);

export const contestFencing = recipeChecker(
  {
    id: 'contest-fencing',
    kind: 'client',
    claim:
      'Tokens of successive holders with a live session increase, and nobody uses the resource ' +
      'without showing its token once there is a newer one.',
    recipes: CONTESTS,
  },
  ({ oracle, found }) => {
    let newest = 0;
    let newestWrite = 0;
    let by = -1;
    return {
      point: (what, record) => {
        const token = record.zxid;
        const rival = isRead(what) ? newestWrite : newest;
        const facts = { token: zxidText(token), newer: zxidText(rival) };
        if (what.startsWith('acquired')) {
          found.saw();
          const alive = oracle.model.isOpen(record.value);
          if (alive && token < rival) found.broken(record, 'acquired-late', facts, [by]);
          if (token > newest) by = record.index;
          newest = Math.max(newest, token);
          if (!isRead(what)) newestWrite = Math.max(newestWrite, token);
        } else if (what.startsWith('used')) {
          found.saw();
          const fenced = !what.startsWith('used-unfenced');
          if (!fenced && token < rival) found.broken(record, 'used-late', facts, [by]);
        }
      },
    };
  },
);

export const contestWakes = recipeChecker(
  {
    id: 'contest-wakes',
    kind: 'client',
    claim: 'The end of one znode of a lock or an election wakes at most one of those who wait.',
    recipes: ['lock', 'leader'],
    more: ['watched'],
  },
  ({ found }) => {
    const woken = new Map<string, { readonly actor: number; readonly record: number }>();
    return {
      other: (record) => {
        // What was missed while there was no connection has no zxid.
        if (record.kind !== 'watched' || record.zxid <= 0) return;
        found.saw();
        const change = `${record.zxid} ${record.text}`;
        const first = woken.get(change);
        if (first === undefined) {
          woken.set(change, { actor: record.actor, record: record.index });
        } else if (first.actor !== record.actor) {
          const facts = { event: record.text, zxid: zxidText(record.zxid) };
          found.broken(record, 'herd', facts, [first.record], [record.actor, first.actor]);
        }
      },
    };
  },
);
