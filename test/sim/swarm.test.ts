// The swarm: draws what can exist, the same for the same seed, and finds nothing wrong with safe
// rules.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultKind } from '../../sim/faults/registry.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import { scenarioToYaml } from '../../sim/scenario/writing.js';
import { drawScenario } from '../../sim/swarm.js';

describe('what is drawn', () => {
  it('is the same for the same seed and another for another', () => {
    expect(drawScenario('17')).toEqual(drawScenario('17'));
    expect(drawScenario('18')).not.toEqual({ ...drawScenario('17'), seed: '18', name: 'swarm-18' });
  });

  it('can exist: a scenario file would be accepted', () => {
    fc.assert(
      fc.property(fc.nat().map(String), (seed) => {
        expect(parseScenario(scenarioToYaml(drawScenario(seed)), seed).problems).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('is small, short, and inside of the failure model', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const { cluster, faults, durationUs, clients } = drawScenario(String(seed));
      expect([3, 4, 5]).toContain(cluster.voters.length);
      expect([0, 1, 2]).toContain(cluster.observers.length);
      expect(clients.length).toBeGreaterThan(0);
      expect(durationUs).toBeLessThanOrEqual(40_000_000);
      expect(faults.every(({ fault }) => faultKind(fault).model === 'inside')).toBe(true);
    }
  });

  it('keeps to the options', () => {
    const options = {
      faultKinds: ['wipe', 'crash'],
      voters: [5, 7],
      observers: [2, 2],
      variants: ['ack-before-fsync'],
    } as const;
    for (let seed = 0; seed < 50; seed += 1) {
      const drawn = drawScenario(String(seed), options);
      expect([5, 6, 7]).toContain(drawn.cluster.voters.length);
      expect(drawn.cluster.observers).toHaveLength(2);
      expect(drawn.faults.every(({ fault }) => fault === 'wipe' || fault === 'crash')).toBe(true);
      expect(drawn.variants).toEqual(['ack-before-fsync']);
    }
  });
});

describe('runs of the swarm', () => {
  it('find nothing wrong with safe rules, and mostly show something', () => {
    const outcomes = Array.from({ length: 40 }, (_, seed) => {
      const outcome = runScenario(drawScenario(String(seed)), { level: 'hash' });
      return { number: seed, ...outcome };
    });
    const failed = outcomes.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ number, violations }) => ({ number, violations }))).toEqual([]);
    expect(outcomes.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(30);
  });

  it('catch a planted bug', () => {
    const caught = (seed: string): boolean => {
      const drawn = drawScenario(seed, { variants: ['ack-before-fsync'] });
      return runScenario(drawn, { level: 'hash' }).violations.length > 0;
    };
    expect(['0', '1', '2', '3'].some(caught)).toBe(true);
  });
});
