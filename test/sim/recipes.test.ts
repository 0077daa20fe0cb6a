// Every recipe under drawn faults, some of them made for recipes: sessions that end in the middle.
// Without a mistake nothing is violated. (Its mistakes are shown by scenarios/recipes.)
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { DRAWN_RECIPES, MISTAKES_OF } from '../../protocol/recipes/registry.js';
import type { Mistake, RecipeKind } from '../../protocol/recipes/setting.js';
import { MISTAKES, RECIPE_KINDS } from '../../protocol/recipes/setting.js';
import type { RunOutcome } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import { StreamDraw } from '../../sim/swarm/draw.js';
import { drawRecipe } from '../../sim/swarm/recipes.js';
import { drawScenario } from '../../sim/swarm.js';

const SEEDS = 8;

function drawn(kind: RecipeKind, seed: string): Scenario {
  const draw = new StreamDraw(new RandomStreams(seed).stream('swarm/recipe'));
  return drawRecipe(draw, drawScenario(seed), { kind, mistake: undefined });
}

function points(outcome: RunOutcome, text: RegExp): number {
  const records = [...outcome.recorder.records()];
  return records.filter((record) => record.kind === 'recipe' && text.test(record.text)).length;
}

describe('a recipe under drawn faults', () => {
  it.each(RECIPE_KINDS)('%s: nothing is violated, and everybody comes to an end', (kind) => {
    let ends = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const scenario = drawn(kind, String(seed));
      const outcome = runScenario(scenario, { level: 'full' });
      expect(outcome.violations, `seed ${seed}`).toEqual([]);
      expect(points(outcome, /\/done$/), `seed ${seed}`).toBe(scenario.clients.length);
      ends += points(outcome, /^(?!.*\/done$)/);
    }
    expect(ends).toBeGreaterThan(5 * SEEDS);
  });

  it('draws within the ranges that are worth it', () => {
    for (const kind of RECIPE_KINDS) {
      const { recipe, clients } = drawn(kind, '3');
      const { holdMs, rounds } = DRAWN_RECIPES[kind];
      expect(recipe?.size).toBeLessThanOrEqual(clients.length);
      expect(recipe?.holdMs).toBeGreaterThanOrEqual(holdMs[0]);
      expect(recipe?.holdMs).toBeLessThanOrEqual(holdMs[1]);
      expect(recipe?.rounds).toBeGreaterThanOrEqual(rounds[0]);
    }
  });
});

/** Client 2 has its first session when everybody else is told to come to an end. */
const LATE = `
name: late
clients: 3
faults: [{ fault: client-pause, clients: client-2, at: 1ms }]
duration: 4s
`;

describe('a client that comes when it is told to go', () => {
  it.each(RECIPE_KINDS)('begins and ends: %s', (kind) => {
    const { ok } = parseScenario(`${LATE}recipe: { kind: ${kind} }`, 'late.yaml');
    const outcome = runScenario(ok!, { level: 'full' });
    expect(outcome.violations).toEqual([]);
    expect(points(outcome, /\/done$/)).toBe(3);
  });
});

describe('a campaign of one recipe', () => {
  it('runs it in every scenario, with the mistake that is asked for', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const wrong = { kind: 'config', mistake: 'watches-late' } as const;
      const { recipe, faults } = drawScenario(String(seed), { recipe: wrong });
      expect([recipe?.kind, recipe?.mistake]).toEqual(['config', 'watches-late']);
      expect(faults.length).toBeGreaterThan(0);
    }
  });
});

describe('mistakes', () => {
  it('belong to some recipe each', () => {
    const known = new Set<Mistake>(RECIPE_KINDS.flatMap((kind) => MISTAKES_OF[kind]));
    expect(MISTAKES.filter((mistake) => !known.has(mistake))).toEqual([]);
  });
});
