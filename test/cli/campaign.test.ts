// A campaign: the same sum however it is cut up, and an account of whatever goes wrong with it.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CampaignOptions } from '../../cli/fuzz-campaign.js';
import { runCampaign } from '../../cli/fuzz-campaign.js';
import type { PlanArguments } from '../../cli/fuzz-plan.js';
import { jobCount, jobsOf, planOf } from '../../cli/fuzz-plan.js';
import { FRESH } from '../../cli/fuzz-state.js';
import { exitCodeOf } from '../../cli/fuzz-view.js';
import { runScenario } from '../../sim/run.js';

const NO_FLAGS: PlanArguments = {
  ...{ profile: undefined, variant: undefined, seed: undefined, seeds: undefined },
  ...{ budget: undefined, shard: undefined, 'only-faults': undefined, corpus: undefined },
  ...{ swarm: false, uniform: false, recipe: undefined, 'check-every': '0' },
};

function optionsFor(flags: Partial<PlanArguments>): CampaignOptions {
  return {
    plan: planOf({ ...NO_FLAGS, ...flags }),
    ...{ from: FRESH, threads: 1, failFast: false, budgetUs: undefined },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
}

const seedsOf = (flags: Partial<PlanArguments>): string[] =>
  [...jobsOf(planOf({ ...NO_FLAGS, ...flags }), 0)].map(({ seed }) => seed);

describe('the plan', () => {
  it('is cut into shards that are all of it together', () => {
    const parts = ['1/3', '2/3', '3/3'].map((shard) => seedsOf({ seeds: '1..8', shard }));
    expect(parts).toEqual([
      ['1', '4', '7'],
      ['2', '5', '8'],
      ['3', '6'],
    ]);
    const count = (shard: string) => jobCount(planOf({ ...NO_FLAGS, seeds: '1..8', shard }));
    expect(['1/3', '2/3', '3/3'].map(count)).toEqual([3, 3, 2]);
  });

  it('counts from a commit, and another commit has other seeds', () => {
    const of = (seed: string): string[] => seedsOf({ seed, seeds: '1..2' });
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect(of(commit)).toEqual(
      [0x0123456789n * 2n ** 20n + 1n, 0x0123456789n * 2n ** 20n + 2n].map(String),
    );
    expect(of(commit.replace('9', 'a'))).not.toEqual(of(commit));
    expect(of('1000')).toEqual(['1001', '1002']);
  });

  it('has no end when there is a budget and no range', () => {
    expect(jobCount(planOf({ ...NO_FLAGS, budget: '1m' }))).toBeUndefined();
    expect(jobCount(planOf({ ...NO_FLAGS, budget: '1m', seeds: '1..5' }))).toBe(5);
  });
});

describe('a campaign', () => {
  it('that was interrupted and taken up has the same sum as one that was not', async () => {
    const options = optionsFor({ seeds: '1..24', 'check-every': '10' });
    const whole = await runCampaign(options);
    const interrupt = new AbortController();
    const part = await runCampaign({
      ...{ ...options, signal: interrupt.signal },
      onProgress: ({ totals }) => totals.runs >= 9 && interrupt.abort(),
    });
    expect(part.interrupted).toBe(true);
    expect(part.totals.runs).toBeLessThan(24);
    const saved = JSON.parse(JSON.stringify(part)) as typeof part;
    const rest = await runCampaign({ ...options, from: saved });
    expect(rest.interrupted).toBe(false);
    expect(JSON.stringify(rest.totals)).toBe(JSON.stringify(whole.totals));
    expect(whole.totals).toMatchObject({ runs: 24, twice: 2, diverged: [] });
  });

  it('ends when the time is up, with all that it has done', async () => {
    const { totals, interrupted } = await runCampaign({
      ...optionsFor({ budget: '1ms' }),
      budgetUs: 1000,
    });
    expect(interrupted).toBe(false);
    expect(totals.runs).toBeGreaterThan(0);
  });

  it('notices a run that is another one the second time, and where they part', async () => {
    let runs = 0;
    const campaign = await runCampaign({
      ...optionsFor({ seeds: '1..3', 'check-every': '2' }),
      run: (scenario, options) => {
        runs += 1;
        // Every other run has another seed: what chance that is not ours would do.
        return runScenario(scenario, { ...options, seed: `${options.seed}${runs % 2}` });
      },
    });
    const [parted] = campaign.totals.diverged;
    expect(campaign.totals.diverged).toHaveLength(1);
    expect(parted?.seed).toBe('2');
    expect(parted?.lines[0]).toMatch(/^DIVERGED at record #\d+/);
    expect(exitCodeOf(campaign, [])).toBe(5);
  });

  it('survives a bug of ours, which costs one seed and is told', async () => {
    const campaign = await runCampaign({
      ...optionsFor({ seeds: '1..3' }),
      run: (scenario, options) => {
        if (options.seed === '2') throw new Error('impossible');
        return runScenario(scenario, options);
      },
    });
    const { runs, crashed, verdicts } = campaign.totals;
    expect([runs, verdicts.pass]).toEqual([3, 2]);
    expect(crashed).toEqual([{ seed: '2', message: 'impossible' }]);
    expect(exitCodeOf(campaign, [])).toBe(70);
  });

  it('survives the death of a worker thread, which costs one seed and is told', async () => {
    const workerFile = fileURLToPath(new URL('./deadly-worker.mjs', import.meta.url));
    const campaign = await runCampaign({
      ...optionsFor({ seeds: '1..12' }),
      ...{ threads: 2, workerFile },
    });
    const { runs, crashed, verdicts } = campaign.totals;
    expect([runs, verdicts.pass + verdicts.inconclusive]).toEqual([12, 12]);
    expect(crashed).toEqual([
      { seed: '5', message: expect.stringMatching(/worker thread died: .*code: 3/) as string },
    ]);
    const healthy = await runCampaign(optionsFor({ seeds: '1..12' }));
    expect(campaign.totals.events).toBeLessThan(healthy.totals.events);
  });
});
