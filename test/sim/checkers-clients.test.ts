// What a checker that calls itself client-visible may know: the records of clients, and nothing
// else. It is given a trace from which everything else is gone, and must find the same.
import { describe, expect, it } from 'vitest';
import { judge } from '../../sim/checkers/judge.js';
import { CHECKERS } from '../../sim/checkers/registry.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { setupWith } from './checkers-planted-recipes.js';
import { PLANTED_IN_SERVICE } from './checkers-planted-service.js';
import { PLANTED_IN_WATCHES } from './checkers-planted-watches.js';

const VISIBLE = CHECKERS.filter(({ clientVisible }) => clientVisible === true);
const PLANTED = [...PLANTED_IN_SERVICE, ...PLANTED_IN_WATCHES];

describe.each(VISIBLE)('$id', (checker) => {
  const planted = PLANTED.filter(({ found }) => found.includes(checker.id));

  it.each(planted)('needs clients alone for this: $fault', ({ story, recipe }) => {
    const records = [...story().recorder.records()];
    const ofClients = records.filter(({ actor, kind }) => actor >= FIRST_CLIENT || kind === 'end');
    expect(ofClients.length).toBeLessThan(records.length);
    const setup = setupWith(recipe);
    const { violations } = judge(ofClients, setup, [checker]);
    expect(violations).toEqual(judge(records, setup, [checker]).violations);
    expect(violations.length).toBeGreaterThan(0);
  });

  it('has a planted fault', () => expect(planted.length).toBeGreaterThan(0));
});

describe('the other checkers', () => {
  it('need more: hardly one finds its planted fault without the servers', () => {
    const found = PLANTED.flatMap(({ story, recipe }) => {
      const records = [...story().recorder.records()];
      const ofClients = records.filter(
        ({ actor, kind }) => actor >= FIRST_CLIENT || kind === 'end',
      );
      const others = CHECKERS.filter(({ clientVisible }) => clientVisible !== true);
      return judge(ofClients, setupWith(recipe), others).violations;
    });
    const ids = [...new Set(found.map(({ checker }) => checker))];
    // Half of its claim is about answers, half about what is chosen.
    expect(ids.filter((id) => id !== 'fifo-client-order')).toEqual([]);
  });
});
