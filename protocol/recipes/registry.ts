// Every recipe there is: from its setting to the program that each client runs, the mistakes that
// belong to it, and what is worth drawing for it.
import { unreachable } from '../../base/assert.js';
import type { Program } from '../client/program.js';
import { barrierProgram } from './barrier.js';
import { configProgram } from './config.js';
import { counterProgram } from './counter.js';
import { doubleBarrierProgram } from './double-barrier.js';
import { membershipProgram, registryProgram } from './group.js';
import { leaderProgram, lockProgram, readWriteLockProgram } from './locks.js';
import { priorityQueueProgram, queueProgram } from './queue.js';
import type { Mistake, RecipeKind, RecipeSetting } from './setting.js';
import { twoPhaseCommitProgram } from './two-phase-commit.js';

export function programOf(setting: RecipeSetting): Program {
  switch (setting.kind) {
    case 'lock':
      return lockProgram(setting);
    case 'rwlock':
      return readWriteLockProgram(setting);
    case 'leader':
      return leaderProgram(setting);
    case 'barrier':
      return barrierProgram(setting);
    case 'double-barrier':
      return doubleBarrierProgram(setting);
    case 'queue':
      return queueProgram(setting);
    case 'priority-queue':
      return priorityQueueProgram(setting);
    case 'counter':
      return counterProgram(setting);
    case 'config':
      return configProgram(setting);
    case 'membership':
      return membershipProgram(setting);
    case 'registry':
      return registryProgram(setting);
    case 'two-phase-commit':
      return twoPhaseCommitProgram(setting);
    default:
      return unreachable(setting.kind);
  }
}

/** Common wrong versions of each recipe. */
export const MISTAKES_OF: Readonly<Record<RecipeKind, readonly Mistake[]>> = {
  lock: ['no-guid', 'trusts-the-past', 'herd', 'sorts-by-name'],
  rwlock: ['no-guid', 'trusts-the-past', 'sorts-by-name', 'overtakes'],
  leader: ['no-guid', 'trusts-the-past', 'herd', 'sorts-by-name'],
  barrier: ['trusts-the-event'],
  'double-barrier': ['leftover-ready'],
  queue: ['trusts-in-doubt'],
  'priority-queue': ['trusts-in-doubt', 'stale-list'],
  counter: ['no-version'],
  config: ['watches-late'],
  membership: ['trusts-the-past', 'watches-once'],
  registry: ['trusts-the-past', 'watches-once', 'no-balance'],
  'two-phase-commit': ['no-check'],
};

type Range = readonly [number, number];

/** Ranges from which a recipe is worth drawing, ends included. */
export interface RecipeRanges {
  readonly clients: Range;
  readonly rounds: Range;
  readonly holdMs: Range;
}

function ranges(clients: Range, rounds: Range, holdMs: Range): RecipeRanges {
  return { clients, rounds, holdMs };
}

/** For whoever draws scenarios. */
export const DRAWN_RECIPES: Readonly<Record<RecipeKind, RecipeRanges>> = {
  lock: ranges([2, 5], [2, 12], [1, 6000]),
  rwlock: ranges([2, 5], [2, 12], [1, 6000]),
  leader: ranges([2, 5], [2, 12], [1, 6000]),
  barrier: ranges([2, 4], [3, 12], [50, 2000]),
  'double-barrier': ranges([2, 4], [3, 12], [1, 1000]),
  queue: ranges([2, 5], [5, 30], [1, 500]),
  'priority-queue': ranges([2, 5], [5, 30], [1, 500]),
  counter: ranges([2, 5], [5, 30], [1, 500]),
  config: ranges([2, 4], [5, 30], [1, 1000]),
  membership: ranges([2, 4], [3, 12], [100, 2000]),
  registry: ranges([2, 5], [3, 12], [50, 1500]),
  'two-phase-commit': ranges([2, 4], [3, 12], [20, 1000]),
};
