// What a checker that calls itself client-visible may know: the records of clients, and nothing
// else. It is given a trace from which everything else is gone, and must find the same.
import { describe, expect, it } from 'vitest';
import { judge } from '../../sim/checkers/judge.js';
import { CHECKERS } from '../../sim/checkers/registry.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { setupWith } from './checkers-planted-recipes.js';
import { PLANTED_IN_SERVICE } from './checkers-planted-service.js';
import { PLANTED_IN_WATCHES } from './checkers-planted-watches.js';
import { healthyStory } from './checkers-stories.js';

const VISIBLE = CHECKERS.filter(({ clientVisible }) => clientVisible === true);
const PLANTED = [...PLANTED_IN_SERVICE, ...PLANTED_IN_WATCHES];

const isOfClients = ({ actor, kind }: TraceRecord): boolean =>
  actor >= FIRST_CLIENT || kind === 'end';

describe.each(VISIBLE)('$id', (checker) => {
  const planted = PLANTED.filter(({ found }) => found.includes(checker.id));

  it.each(planted)('needs clients alone for this: $fault', ({ story, recipe }) => {
    const records = [...story().recorder.records()];
    const ofClients = records.filter(isOfClients);
    expect(ofClients.length).toBeLessThan(records.length);
    const setup = setupWith(recipe);
    const { violations } = judge(ofClients, setup, [checker]);
    expect(violations).toEqual(judge(records, setup, [checker]).violations);
    expect(violations.length).toBeGreaterThan(0);
  });

  it('has a planted fault', () => expect(planted.length).toBeGreaterThan(0));
});

describe('a healthy run without its servers', () => {
  it.each(VISIBLE)('gives $id something to look at, and nothing to reject', (checker) => {
    const { recorder } = healthyStory(true);
    const ofClients = [...recorder.records()].filter(isOfClients);
    const { violations, checkers } = judge(ofClients, setupWith(undefined), [checker]);
    expect(violations).toEqual([]);
    expect(checkers[0]?.seen).toBeGreaterThan(0);
  });
});
