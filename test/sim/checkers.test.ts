// Each checker meets a planted fault that it must find, and a healthy run in which it must find
// nothing although it looked. Faults that several checkers cannot but see are listed with all of
// them: the set is exact.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCheckers } from '../../sim/checkers/catalogue.js';
import type { Judgement } from '../../sim/checkers/judge.js';
import { checkersNamed, judge, Judge } from '../../sim/checkers/judge.js';
import { RECIPE_CHECKERS } from '../../sim/checkers/recipes/registry.js';
import { CHECKERS } from '../../sim/checkers/registry.js';
import { decodeTrace, encodeTrace } from '../../sim/trace/ndjson.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { PLANTED_IN_PROTOCOL } from './checkers-planted-protocol.js';
import { HEALTHY_RECIPES, PLANTED_IN_RECIPES, setupWith } from './checkers-planted-recipes.js';
import { LEGAL, PLANTED_IN_SERVICE } from './checkers-planted-service.js';
import { LEGAL_IN_TREE, PLANTED_IN_TREE } from './checkers-planted-tree.js';
import { LEGAL_IN_WATCHES, PLANTED_IN_WATCHES } from './checkers-planted-watches.js';
import type { Planted } from './checkers-stories.js';
import { healthyStory } from './checkers-stories.js';
import type { Story } from './trace-story.js';
import { SETUP } from './trace-story.js';

const PLANTED: readonly Planted[] = [
  ...[...PLANTED_IN_PROTOCOL, ...PLANTED_IN_SERVICE, ...PLANTED_IN_WATCHES],
  ...[...PLANTED_IN_TREE, ...PLANTED_IN_RECIPES],
];
const OF_RECIPES: ReadonlySet<string> = new Set(RECIPE_CHECKERS.map(({ id }) => id));

function failing({ checkers }: Judgement): string[] {
  return checkers.filter(({ status }) => status === 'fail').map(({ id }) => id);
}

function judged(story: Story): Judgement {
  return judge(story.recorder.records(), SETUP);
}

describe('a healthy run', () => {
  const judgement = judged(healthyStory(true));

  it('breaks no claim', () => {
    expect(judgement.violations).toEqual([]);
    expect(judgement.verdict).toBe('pass');
  });

  it.each(judgement.checkers.filter(({ id }) => !OF_RECIPES.has(id)))(
    'gives $id something to look at',
    ({ status, seen }) => {
      expect(seen).toBeGreaterThan(0);
      expect(status).toBe('pass');
    },
  );
});

describe('a healthy run of a recipe', () => {
  it.each(HEALTHY_RECIPES)('breaks no claim: $recipe', ({ recipe, look, story }) => {
    const { violations, checkers } = judge(story().recorder.records(), setupWith(recipe));
    expect(violations).toEqual([]);
    const passed = checkers.filter(({ id, status }) => OF_RECIPES.has(id) && status === 'pass');
    expect(passed.map(({ id }) => id)).toEqual(look);
  });

  it('gives every checker of recipes something to look at', () => {
    expect(new Set(HEALTHY_RECIPES.flatMap(({ look }) => look))).toEqual(OF_RECIPES);
  });
});

describe('a planted fault', () => {
  it.each(PLANTED)('$fault: found by $found', ({ found, story, recipe }) => {
    const { recorder } = story();
    const judgement = judge(recorder.records(), setupWith(recipe));
    expect(failing(judgement)).toEqual(found);
    for (const violation of judgement.violations) {
      expect(violation.evidence).toContain(violation.record);
      expect(violation.evidence.every((index) => index >= 0 && index < recorder.count)).toBe(true);
    }
  });

  it('is there for every checker', () => {
    const covered = new Set(PLANTED.flatMap(({ found }) => found));
    expect(CHECKERS.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it('is found by a checker that runs alone', () => {
    for (const { found, story, recipe } of PLANTED) {
      for (const id of found) {
        const setup = setupWith(recipe);
        const { checkers } = judge(story().recorder.records(), setup, checkersNamed([id]));
        expect(checkers).toEqual([expect.objectContaining({ id, status: 'fail' })]);
      }
    }
  });
});

describe('what looks wrong and is not', () => {
  it.each([...LEGAL, ...LEGAL_IN_TREE, ...LEGAL_IN_WATCHES])('$what', ({ story }) => {
    expect(judged(story()).violations).toEqual([]);
  });
});

describe('a run that shows nothing', () => {
  it('is inconclusive', () => {
    const { recorder } = PLANTED[0]!.story();
    const judgement = judge([recorder.at(0)], SETUP);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.checkers.every(({ status }) => status === 'inconclusive')).toBe(true);
  });
});

/** A trace made of pieces of stories, in any order: mostly nonsense, all of it to be judged. */
const nonsense = fc
  .array(fc.tuple(fc.nat(PLANTED.length - 1), fc.nat(200), fc.nat(60)), { maxLength: 12 })
  .map((pieces) => {
    const records: TraceRecord[] = [];
    for (const [which, from, length] of pieces) {
      const story = which === 0 ? healthyStory() : PLANTED[which]!.story();
      records.push(...[...story.recorder.records()].slice(from, from + length));
    }
    return records.filter(({ kind }) => kind !== 'end');
  });

describe('a trace that is judged while it is written', () => {
  it('is judged as when it is read back', () => {
    fc.assert(
      fc.property(nonsense, (records) => {
        const recorder = new Recorder({ level: 'full' });
        const court = new Judge(SETUP);
        court.attach(recorder);
        const cause = -1;
        for (const record of records) recorder.event(record.atUs, record.actor, cause, record);
        const end = recorder.event(1e9, 0 as never, cause, { ...BLANK, kind: 'end' });
        const live = court.finish(recorder.at(end));

        const header = { zabsim: 1, seed: 's', scenario: {} } as const;
        const decoded = decodeTrace([...encodeTrace(header, recorder)]);
        if (!decoded.ok) throw new Error(JSON.stringify(decoded.problem));
        expect(judge(decoded.trace.recorder.records(), SETUP)).toEqual(live);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

const BLANK = {
  peer: 0,
  zxid: 0,
  epoch: 0,
  value: 0,
  digest: 0,
  text: '',
  detail: undefined,
} as const;

describe('the registry', () => {
  it('names each checker once, in kebab case', () => {
    const ids = CHECKERS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('has one sentence to claim for each', () => {
    for (const { id, claim } of CHECKERS) {
      expect(claim, id).toMatch(/^[A-Za-z][^.]*\.$/);
    }
  });

  it('cites what is in docs/references.md', () => {
    const references = readFileSync(pathOf('references.md'), 'utf8');
    for (const { id, cites } of CHECKERS) {
      expect(cites.length, id).toBeGreaterThan(0);
      for (const cite of cites) {
        const key = cite.split(' ')[0]!.replace(/^ZOOKEEPER-\d+$/, 'ZOOKEEPER-n');
        expect(references, `${id} cites ${cite}`).toContain(`| [${key}]`);
      }
    }
  });

  it('finds checkers by name, or says that there is none', () => {
    expect(checkersNamed(['integrity'])?.map(({ id }) => id)).toEqual(['integrity']);
    expect(checkersNamed(['integrity', 'no-such-checker'])).toBeUndefined();
  });
});

function pathOf(page: string): string {
  return fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));
}

describe('docs/checkers.md', () => {
  it('is what the registry renders (UPDATE_DOCS=1 writes it)', () => {
    const path = pathOf('checkers.md');
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, renderCheckers());
    expect(readFileSync(path, 'utf8')).toBe(renderCheckers());
  });
});
