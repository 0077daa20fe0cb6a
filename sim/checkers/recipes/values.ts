// Recipes around one value: a counter whose value is the sum of what was added, and a configuration
// that everybody watches.
import { zxidText } from '../words.js';
import { recipeChecker } from './scene.js';

/** `c1=3 c2=5` is 8. */
function sumOf(data: string): number {
  return data.split(' ').reduce((sum, share) => sum + Number(share.split('=')[1] ?? 0), 0);
}

export const counterSum = recipeChecker(
  {
    id: 'counter-sum',
    kind: 'client',
    claim:
      'A counter is never less than the number of increments that were reported, and at the end ' +
      'it is that number.',
    recipes: ['counter'],
  },
  ({ found, znodes }) => {
    let added = 0;
    const value = (): number => sumOf(znodes.get('')?.data ?? '');
    return {
      point: (_what, record) => {
        added += 1;
        found.saw();
        const now = value();
        if (now < added) found.broken(record, 'lost-update', { value: now, added });
      },
      atEnd: (end) => {
        const now = value();
        if (now !== added) found.broken(end, 'not-the-sum', { value: now, added }, [], []);
      },
    };
  },
);

export const configForward = recipeChecker(
  {
    id: 'config-forward',
    kind: 'client',
    claim:
      'A watched configuration shows each session values that were written, never an older one ' +
      'after a newer; at the end everybody has the last.',
    recipes: ['config'],
  },
  ({ found, znodes }) => {
    interface Seen {
      readonly session: number;
      readonly mzxid: number;
      readonly value: number;
    }
    const written = new Map<number, number>();
    const seen = new Map<number, Seen>();
    return {
      deed: ({ kind, name, data, zxid }) => {
        if (kind !== 'deleted' && name === '') written.set(zxid, Number.parseInt(data, 10));
      },
      point: (what, record) => {
        const value = record.digest;
        const mzxid = record.zxid;
        const at = zxidText(mzxid);
        found.saw();
        const wrote = written.get(mzxid);
        if (wrote !== value) {
          found.broken(record, 'never-written', { value, at, wrote: wrote ?? 'nothing' });
        }
        if (what !== 'seen') return;
        const last = seen.get(record.actor);
        if (last?.session === record.value && mzxid < last.mzxid) {
          found.broken(record, 'went-back', { value, at, before: last.value });
        }
        seen.set(record.actor, { session: record.value, mzxid, value });
      },
      atEnd: (end) => {
        const last = Number.parseInt(znodes.get('')?.data ?? '', 10);
        for (const [client, { value }] of seen) {
          if (value === last) continue;
          found.broken(end, 'not-the-last', { value, last }, [], [client]);
        }
      },
    };
  },
);
