// What stands under a timeline: verdict, faults and their effects, checkers, servers; the failure
// block; and the same run as JSON and as a diagram.

import { describe, expect, it } from 'vitest';
import { Board } from '../../reports/board.js';
import { failureBlock } from '../../reports/failure.js';
import { runJson } from '../../reports/json.js';
import { PLAIN } from '../../reports/painter.js';
import type { RunReport } from '../../reports/run-report.js';
import { checkerBlock, faultBlock, serverBlock, verdictBlock } from '../../reports/summary.js';
import { ELECTION, story } from './story.js';

const FAILED: RunReport = {
  scenario: 'broadcast/leader-crash',
  seed: '42',
  verdict: 'fail',
  exitCode: 1,
  traceHash: '0123456789abcdef',
  events: 18_231,
  virtualSeconds: 31.5,
  violations: [
    {
      ...{ checker: 'leadership2', invariant: 'leadership2', atUs: 1_500_000, record: 40 },
      ...{ actors: [2], evidence: [22, 40], facts: { epoch: 1, leader: 2, otherLeader: 3 } },
    },
  ],
  checkers: [
    { id: 'leadership2', status: 'fail', seen: 2 },
    { id: 'ack-order', status: 'pass', seen: 1200 },
    { id: 'ephemeral-exactness', status: 'inconclusive', seen: 0 },
  ],
  faults: [
    {
      ...{ index: 0, kind: 'crash', text: 'crash s3', atUs: 1_500_000 },
      ...{ effects: 1, firstEffect: 'crashed' },
    },
    {
      ...{ index: 1, kind: 'slow-disk', text: 'disk of s1 3 times slower', atUs: 2_000_000 },
      ...{ effects: 0, firstEffect: '' },
    },
  ],
  vacuous: ['fault 2 had no effect'],
  deaths: [],
  operations: { ok: 310, error: 1, unknown: 2 },
  convergedAtUs: 30_500_000,
  asExpected: false,
};

describe('the summary', () => {
  it('says what was measured, and what proved nothing', () => {
    const lines = [
      ...verdictBlock(FAILED, PLAIN),
      ...faultBlock(FAILED, PLAIN),
      ...checkerBlock(FAILED, 100, PLAIN),
    ];
    expect(`\n${lines.join('\n')}\n`).toBe(`
FAIL  broadcast/leader-crash  seed 42
  virtual time  31.5 s in 18,231 events
  trace hash    0123456789abcdef
  operations    310 ok, 1 refused, 2 unknown
  converged     at 30.500s: all live servers hold the same history
  vacuous       fault 2 had no effect
faults: 1 of 2 took effect
  1  1.500s  crash s3                   the process ends
  2  2.000s  disk of s1 3 times slower  NO EFFECT
checkers: 1 of 3 pass, having judged 1,202 records
  violated: leadership2
  had nothing to judge: ephemeral-exactness
`);
  });

  it('shows what each server holds at the end', () => {
    const board = new Board([1, 2, 3]);
    for (const record of story(ELECTION)) board.observe(record);
    expect(serverBlock(board)).toEqual([
      'servers at the end',
      '  s1  looking  epoch 0  log to 0:0, all durable  applied 0:0',
      '  s2  looking  epoch 0  log to 0:0, all durable  applied 0:0',
      '  s3  down     epoch 1  log to 1:2, all durable               1 crash',
    ]);
  });
});

describe('the failure block', () => {
  it('is enough to understand and repeat the failure', () => {
    const records = story(ELECTION);
    const lines = failureBlock({
      report: FAILED,
      paste: {
        reproduce: 'npx zabsim run broadcast/leader-crash --seed 42',
        minimise: 'npx zabsim run broadcast/leader-crash --seed 42 --until 1.501s',
        look: 'npx zabsim report failure.ndjson --from 0.000s --to 1.750s',
      },
      recordAt: (index) => records[index],
      made: 'zabsim=0.1.0',
      ...{ paint: PLAIN, width: 100 },
    });
    expect(`\n${lines.join('\n')}\n`).toBe(`
FAIL  leadership2  seed=42  t=1.500s  record=#40  s2
  s2 gets the ACKEPOCH quorum of epoch 1, which s3 had got before
    #22  0.230s  s3 is established in epoch 1: a quorum promised it
    #40  1.500s  fault 2 begins: crash server 3 (power)
  faults that took effect: 1 of 2
    1  1.500s  crash s3  the process ends
  trace 0123456789abcdef  zabsim=0.1.0
to reproduce:   npx zabsim run broadcast/leader-crash --seed 42
to minimise:    npx zabsim run broadcast/leader-crash --seed 42 --until 1.501s
to look at it:  npx zabsim report failure.ndjson --from 0.000s --to 1.750s
`);
  });
});

describe('other formats', () => {
  it('JSON always has the keys that scripts rely on', () => {
    const json = runJson(FAILED);
    const keys = [
      'seed',
      'verdict',
      'traceHash',
      'events',
      'virtualSeconds',
      'violations',
      'faults',
    ];
    expect(Object.keys(json).slice(0, keys.length)).toEqual(keys);
    expect(json['faults']).toMatchObject({ injected: 2, effective: 1 });
  });
});
