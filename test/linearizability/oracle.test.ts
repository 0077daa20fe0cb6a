// The checkers against brute force: 10^5 small random histories of every kind together, the same
// ones each time. ZABSIM_ORACLE=<count> asks for another number of them.

import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { checkLinearizable } from '../../sim/linearizability/check.js';
import type { History } from '../../sim/linearizability/history.js';
import { isPending } from '../../sim/linearizability/history.js';
import type { HistoryOp } from '../../sim/linearizability/history.js';
import { DEFAULT_LIMITS } from '../../sim/linearizability/limits.js';
import { contradiction } from '../../sim/linearizability/models/znode-versions.js';
import type { Need, SessionRules } from '../../sim/linearizability/session-rules.js';
import { checkSessions } from '../../sim/linearizability/sessions.js';
import { explainable } from './brute-force.js';
import * as kinds from './kinds.js';
import type { Kind } from './random-history.js';
import { randomHistory } from './random-history.js';

const COUNT = Number(process.env['ZABSIM_ORACLE'] ?? 100_000);
const LARGEST = 7;
const streams = new RandomStreams('oracle');

interface Tally {
  linearizable: number;
  monitored: number;
  readonly wrong: string[];
}

/** One line an operation, for a failure that can be read. */
function show(history: History<unknown, unknown>): string {
  return history
    .map(({ client, invokedAt, completedAt, op, result, outcome }) =>
      JSON.stringify([client, invokedAt, completedAt, outcome, op, result]),
    )
    .join('\n');
}

/** A memory so small that it forgets all the time must change no verdict. */
const FORGETFUL = { ...DEFAULT_LIMITS, maxConfigurations: 4 };

function compare<S, Op, Result>(kind: Kind<S, Op, Result>, count: number): Tally {
  const random = streams.stream(kind.name);
  const tally: Tally = { linearizable: 0, monitored: 0, wrong: [] };
  const searched = { ...kind.model, monitor: undefined };
  for (let n = 0; n < count && tally.wrong.length === 0; n += 1) {
    const history = randomHistory(random, kind, random.between(2, LARGEST));
    const expected = explainable(kind.model, history) ? 'linearizable' : 'not-linearizable';
    const found = checkLinearizable(kind.model, history);
    const verdicts = [
      found.verdict,
      checkLinearizable(searched, history).verdict,
      checkLinearizable(searched, history, FORGETFUL).verdict,
    ];
    if (verdicts.some((verdict) => verdict !== expected)) {
      tally.wrong.push(`${expected}, but ${verdicts.join(', ')}:\n${show(history)}`);
    }
    tally.linearizable += expected === 'linearizable' ? 1 : 0;
    tally.monitored += found.parts.some(({ method }) => method !== 'search') ? 1 : 0;
  }
  return tally;
}

const ALL = [
  () => compare(kinds.casRegister, share),
  () => compare(kinds.uniqueRegister, share),
  () => compare(kinds.keyedRegisters, share),
  () => compare(kinds.kvWithResets, share),
  () => compare(kinds.kvAppendOnly, share),
  () => compare(kinds.listAppend, share),
  () => compare(kinds.queue, share),
  () => compare(kinds.lock, share),
  () => compare(kinds.setByElement, share),
  () => compare(kinds.setAsWhole, share),
  () => compare(kinds.growingSet, share),
  () => compare(kinds.znodes, share),
];
const share = Math.ceil(COUNT / ALL.length);

describe('brute force agrees', () => {
  it(`on ${COUNT} random histories, with monitors, without, and with a tiny memory`, () => {
    const tallies = ALL.map((run) => run());
    expect(tallies.flatMap(({ wrong }) => wrong)).toEqual([]);
    // Neither verdict may be rare, or agreement would mean little.
    for (const { linearizable } of tallies) {
      expect(linearizable).toBeGreaterThan(share * 0.3);
      expect(linearizable).toBeLessThan(share * 0.95);
    }
    expect(tallies.filter(({ monitored }) => monitored > share * 0.4).length).toBeGreaterThan(4);
  });
});

type Reads = (op: { readonly f: string }) => boolean;
const isRead: Reads = ({ f }) => f === 'read' || f === 'get' || f === 'exists';

type Weaker = 'sequential' | 'session' | 'sync';

/** Histories with stale reads and sessions that go on after an unanswered operation. */
function compareSessions<S, Op extends { readonly f: string }, Result>(
  kind: Kind<S, Op, Result>,
  consistency: Weaker,
  count: number,
  seen: SessionRules<Op, Result>['contradiction'] = () => undefined,
): Tally {
  const random = streams.stream(`${kind.name}/${consistency}`);
  const tally: Tally = { linearizable: 0, monitored: 0, wrong: [] };
  const needOf = ({ op }: HistoryOp<Op, Result>): Need => {
    if (consistency === 'sequential' || isRead(op)) return 'session';
    if (op.f !== 'sync') return 'everything';
    return consistency === 'sync' ? 'writes' : 'session';
  };
  for (let n = 0; n < count && tally.wrong.length === 0; n += 1) {
    const drawn = randomHistory(random, { ...kind, stale: isRead }, random.between(2, LARGEST));
    const history = drawn
      .map((op) => ({ ...op, client: random.chance(0.3) ? (op.client[0] ?? '') : op.client }))
      .sort((a, b) => a.invokedAt - b.invokedAt);
    const place = new Map(history.map((op, index) => [op, index]));
    const before = (a: HistoryOp<Op, Result>, b: HistoryOp<Op, Result>): boolean => {
      if (isPending(a) || a.completedAt === undefined) return false;
      if (a.client === b.client && (place.get(a) ?? 0) < (place.get(b) ?? 0)) return true;
      const need = needOf(b);
      const matters = need === 'everything' || (need === 'writes' && needOf(a) === 'everything');
      return matters && a.completedAt < b.invokedAt;
    };
    const expected = explainable(kind.model, history, before) ? 'linearizable' : 'not-linearizable';
    // Hints may say anything: they must change no verdict.
    const hints = new Map(history.map((op) => [op, random.int(9)]));
    const hinted = random.chance(0.5);
    const rules = {
      needOf,
      hintOf: (op: HistoryOp<Op, Result>) => (hinted ? hints.get(op) : undefined),
      contradiction: seen,
    };
    if (seen(history) !== undefined) tally.monitored += 1;
    const { verdict } = checkSessions(kind.model, history, rules);
    if (verdict !== expected) {
      tally.wrong.push(`${expected}, but ${verdict}:\n${show(history)}`);
    }
    tally.linearizable += expected === 'linearizable' ? 1 : 0;
  }
  return tally;
}

describe('brute force agrees on sessions', () => {
  const each = Math.ceil(COUNT / 40);
  for (const consistency of ['sequential', 'session', 'sync'] as const) {
    it(`${consistency}: ${each * 4} random histories`, () => {
      const tallies = [
        compareSessions(kinds.casRegister, consistency, each),
        compareSessions(kinds.keyedRegisters, consistency, each),
        compareSessions(kinds.kvWithResets, consistency, each),
        compareSessions(kinds.znodes, consistency, each, (ops) =>
          contradiction(ops, consistency === 'sequential' ? 'nobody' : 'writes'),
        ),
      ];
      expect(tallies.at(-1)?.monitored).toBeGreaterThan(each / 100);
      expect(tallies.flatMap(({ wrong }) => wrong)).toEqual([]);
      for (const { linearizable } of tallies) expect(linearizable).toBeLessThan(each * 0.95);
    });
  }
});
