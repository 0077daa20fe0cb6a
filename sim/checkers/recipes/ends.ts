// The one promise of progress for all recipes: nobody waits for ever. A ghost at the head of a
// queue, a watch that never fires, a barrier that stays closed, all end here.
import { FIRST_CLIENT } from '../../trace/record.js';
import { recipeChecker } from './scene.js';

export const recipeEnds = recipeChecker(
  {
    id: 'recipe-ends',
    kind: 'liveness',
    claim:
      'Once all faults are healed and programs are told to come to an end, each is done ' +
      'within the bound.',
    recipes: 'all',
  },
  ({ oracle, found }) => {
    const last = new Map<number, string>();
    const done = new Set<number>();
    return {
      point: (what, record) => void last.set(record.actor, what),
      done: (record) => void done.add(record.actor),
      atEnd: (end) => {
        for (let index = 0; index < oracle.setup.clients; index++) {
          const client = FIRST_CLIENT + index;
          found.saw();
          if (done.has(client)) continue;
          const facts = { lastReached: last.get(client) ?? 'nothing' };
          found.broken(end, 'never-done', facts, [], [client]);
        }
      },
    };
  },
);
