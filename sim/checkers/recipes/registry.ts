// The checkers of recipes, in the order of their recipes.
import type { Checker } from '../checker.js';
import { barrierHolds, doubleBarrierHolds } from './barriers.js';
import { atomicCommitment } from './commitment.js';
import { contestFencing, contestOrder, contestWakes } from './contests.js';
import { recipeEnds } from './ends.js';
import { groupViews, registryCalls } from './groups.js';
import { queueExactlyOnce, queueOrder } from './queues.js';
import { configForward, counterSum } from './values.js';

export const RECIPE_CHECKERS: readonly Checker[] = [
  contestOrder,
  contestFencing,
  contestWakes,
  barrierHolds,
  doubleBarrierHolds,
  queueExactlyOnce,
  queueOrder,
  counterSum,
  configForward,
  groupViews,
  registryCalls,
  atomicCommitment,
  recipeEnds,
];
