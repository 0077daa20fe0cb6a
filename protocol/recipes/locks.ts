// The exclusive lock, the read/write lock and the election of a leader: contests that differ in who
// blocks whom. A reader waits for the closest writer before it, so that readers share and no later
// reader overtakes a writer that waits. [ZK-Recipes]
import type { Program } from '../client/program.js';
import type { Contest } from './contender.js';
import { contenderProgram } from './contender.js';
import type { RecipeSetting } from './setting.js';

const before = (sorted: readonly string[], place: number): string | undefined => sorted[place - 1];
const only = (): string => '';

const LOCK: Contest = { name: 'lock', wantOf: () => 'lock', blockerOf: before, kindOf: only };
const LEADER: Contest = { name: 'leader', wantOf: () => 'n', blockerOf: before, kindOf: only };

function isWrite(name: string): boolean {
  return name.includes('-write-');
}

const RWLOCK: Contest = {
  name: 'rwlock',
  wantOf: (index, count) => ((index + count) % 3 === 0 ? 'write' : 'read'),
  blockerOf: (sorted, place) =>
    isWrite(sorted[place] ?? '') ? sorted[place - 1] : sorted.slice(0, place).findLast(isWrite),
  kindOf: (name) => (isWrite(name) ? 'write' : 'read'),
};

export function lockProgram(setting: RecipeSetting): Program {
  return contenderProgram(setting, LOCK);
}

export function leaderProgram(setting: RecipeSetting): Program {
  return contenderProgram(setting, LEADER);
}

/** Its readers overtake a writer that waits. */
const UNFAIR: Contest = {
  name: RWLOCK.name,
  wantOf: RWLOCK.wantOf,
  kindOf: RWLOCK.kindOf,
  blockerOf: (sorted, place) => {
    const [first = ''] = sorted;
    if (isWrite(sorted[place] ?? '')) return sorted[place - 1];
    return isWrite(first) ? first : undefined;
  },
};

export function readWriteLockProgram(setting: RecipeSetting): Program {
  return contenderProgram(setting, setting.mistake === 'overtakes' ? UNFAIR : RWLOCK);
}
