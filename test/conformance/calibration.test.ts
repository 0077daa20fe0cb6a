// How long things take in a simulated ensemble, beside a real one with the same settings.
import { describe, expect, it } from 'vitest';
import { distance, FIGURES, simulate } from './calibration/figures.js';

const SEEDS = [1, 2];

describe('takes as long as in a real ensemble', () => {
  it.each(FIGURES.map((figure) => ({ name: `${figure.what} (tick ${figure.tickMs})`, figure })))(
    '$name',
    async ({ figure }) => {
      for (const seed of SEEDS) {
        const measuredMs = await simulate(figure, seed);
        expect(distance(figure, measuredMs), `${measuredMs} ms`).toBeLessThanOrEqual(
          figure.why.slackMs,
        );
      }
    },
  );
});
