// How long programs may take to come to their end once every fault is healed: until the ensemble
// serves; until sessions that their clients have given up expire, and those that a new leader takes
// over; and for each client a turn at whatever is handed from one to the next.
import { livenessBoundUs } from '../liveness-bound.js';
import type { CheckerSetup } from '../setup.js';

/** For a turn: its questions, and a pause between two attempts. */
const TURN_MS = 2000;

export function recipeBoundUs(setup: Pick<CheckerSetup, 'timing' | 'recipe' | 'clients'>): number {
  const { timing, recipe, clients } = setup;
  if (recipe === undefined) return livenessBoundUs(timing);
  const sessionsMs = 2 * (timing.maxSessionTimeoutMs + 2 * timing.tickMs);
  const turnsMs = clients * (recipe.holdMs * (clients + 1) + TURN_MS);
  return livenessBoundUs(timing) + (sessionsMs + turnsMs) * 1000;
}
