// Barriers: nobody passes one that has been closed since its call, nobody begins a round before
// enough have come, and nobody ends it while another is still in it.
import { recipeChecker } from './scene.js';

export const barrierHolds = recipeChecker(
  {
    id: 'barrier-holds',
    kind: 'client',
    claim: 'Nobody passes a gate of a barrier before its znode has been deleted.',
    recipes: ['barrier'],
  },
  ({ found }) => {
    const opened = new Set<string>();
    return {
      deed: ({ kind, name }) => {
        if (kind === 'deleted') opened.add(name);
      },
      point: (what, record) => {
        found.saw();
        if (opened.has(`gate-${record.digest}`)) return;
        found.broken(record, `${what}-while-closed`, { gate: record.digest });
      },
    };
  },
);

const READY = 'ready';

/** `c2` of `round-3/c2.7`. */
function clientOf(name: string): string {
  return name.slice(name.indexOf('/') + 1, name.indexOf('.'));
}

export const doubleBarrierHolds = recipeChecker(
  {
    id: 'double-barrier-holds',
    kind: 'client',
    claim:
      'Nobody begins a round of a double barrier before enough participants have joined it, ' +
      'and nobody leaves it while one that was counted is still there.',
    recipes: ['double-barrier'],
  },
  ({ found, setting, znodes }) => {
    const joined = new Map<number, Set<string>>();
    /** By round: who was there when it began. */
    const counted = new Map<number, readonly string[]>();
    return {
      deed: ({ kind, name, data }) => {
        const slash = name.indexOf('/');
        if (kind !== 'created' || slash < 0) return;
        if (name.slice(slash + 1) !== READY) {
          const clients = joined.get(Number(data)) ?? new Set();
          joined.set(Number(data), clients.add(clientOf(name)));
          return;
        }
        const room = name.slice(0, slash + 1);
        const there = [...znodes.keys()].filter((other) => other.startsWith(room));
        counted.set(Number(room.slice('round-'.length, -1)), there);
      },
      point: (what, record) => {
        const round = record.digest;
        found.saw();
        if (what === 'entered') {
          const come = joined.get(round)?.size ?? 0;
          if (come >= setting.size) return;
          found.broken(record, 'entered-too-early', { round, come, needed: setting.size });
        } else if (what === 'left') {
          const still = counted.get(round)?.find((name) => znodes.has(name));
          if (still === undefined) return;
          found.broken(record, 'left-too-early', { round, still });
        }
      },
    };
  },
);
