// DIFF, TRUNC or SNAP: every row of the leader's decision, as a table to be checked by eye; then, over random
// histories, that it is what a naive twin decides, and that it makes the learner's history the leader's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../protocol/config.js';
import type { Epoch, SessionId, Zxid } from '../../protocol/ids.js';
import { counterOf, epochOf, formatZxid, makeZxid } from '../../protocol/ids.js';
import { CommittedLog } from '../../protocol/storage/committed-log.js';
import { EMPTY_DATABASE, makeDatabase } from '../../protocol/storage/database.js';
import { makeSnapshot } from '../../protocol/storage/durable.js';
import { TxnLog } from '../../protocol/txn-log.js';
import type { Txn } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';
import type { SyncPlan } from '../../protocol/zab/sync-plan.js';
import { chooseSync } from '../../protocol/zab/sync-plan.js';

interface Leader {
  /** Everything applied, ascending. */
  readonly history: readonly Zxid[];
  /** How many of the newest are in memory. */
  readonly window: number;
  /** The log on disk holds the history from here to there (indices). */
  readonly log: readonly [number, number];
  readonly lastProcessed: Zxid;
  /** Index of the newest snapshot's zxid. */
  readonly snapshot?: number;
  /** On-disk DIFFs: a share of the snapshot, 0 for no limit, negative for never. */
  readonly factor: number;
}

function zxids(text: string): Zxid[] {
  const words = text === '' ? [] : text.split(' ');
  return words.map((word) => {
    const [epoch = 0, counter = 0] = word.split(':').map(Number);
    return makeZxid(epoch as Epoch, counter);
  });
}

function txn(zxid: Zxid): Txn {
  const header = { zxid, session: 0 as SessionId, cxid: 0, timeMs: 0 };
  return makeTxn(header, { kind: 'error', code: 'NoNode' });
}

function plan(leader: Leader, peerZxid: Zxid, wantsSnapshot = false): SyncPlan {
  const { history, lastProcessed, factor, snapshot } = leader;
  const limit = Math.max(1, leader.window);
  const inWindow = leader.window === 0 ? [] : history.slice(-leader.window);
  const window = inWindow.reduce((log, z) => log.append(txn(z), limit), CommittedLog.empty());
  const { tree } = EMPTY_DATABASE;
  const [from, to] = leader.log;
  const base = history[from - 1] ?? (0 as Zxid);
  let log = TxnLog.empty(base);
  for (const zxid of history.slice(from, to)) log = log.append(txn(zxid));
  const database = makeDatabase(tree, lastProcessed, 0, window);
  const newest = snapshot === undefined ? undefined : history[snapshot];
  const newestSnapshot = newest === undefined ? undefined : makeSnapshot(newest, 0, database);
  const limits = { ...DEFAULT_LIMITS, snapshotSizeFactor: factor };
  return chooseSync({ peerZxid, wantsSnapshot, database, log, newestSnapshot }, limits);
}

/** `diff 1:5 + 1:4 1:5`, with `disk:` before it if the log was read. */
function text({ mode, zxid, txns, fromDisk }: SyncPlan): string {
  const sent = txns.map((one) => formatZxid(one.zxid));
  return (
    (fromDisk ? 'disk: ' : '') +
    [mode, formatZxid(zxid), ...(sent.length > 0 ? ['+', ...sent] : [])].join(' ')
  );
}

interface Row {
  readonly claim: string;
  readonly window: string;
  /** The log on disk: all of it if not said. */
  readonly log?: string;
  /** If not the last of the window. */
  readonly lp?: string;
  readonly peer: string;
  readonly plan: string;
  readonly factor?: number;
  readonly wants?: boolean;
  /** Zxid of the newest snapshot. */
  readonly snapshot?: string;
}

const TABLE: readonly Row[] = [
  // peer = lp
  { claim: 'nothing is missing', window: '1:1 1:2', peer: '1:2', plan: 'diff 1:2' },
  { claim: 'both are empty', window: '', peer: '0:0', plan: 'diff 0:0' },
  { claim: 'both have only begun the epoch', window: '1:1', lp: '2:0', peer: '2:0', plan: 'diff 2:0' },
  // in the window
  { claim: 'the last ones are missing', window: '1:1 1:2 1:3', peer: '1:1', plan: 'diff 1:3 + 1:2 1:3' },
  { claim: 'the oldest in memory is known', window: '1:4 1:5', peer: '1:4', plan: 'diff 1:5 + 1:5' },
  { claim: 'epochs are passed', window: '1:1 2:1 4:1', peer: '1:1', plan: 'diff 4:1 + 2:1 4:1' },
  { claim: 'the leader has activated since', window: '1:1 1:2', lp: '2:0', peer: '1:2', plan: 'diff 1:2' },
  { claim: 'and the learner is behind', window: '1:1 1:2', lp: '2:0', peer: '1:1', plan: 'diff 1:2 + 1:2' },
  // beyond the window
  { claim: 'ahead within the epoch', window: '1:1 1:2', peer: '1:4', plan: 'trunc 1:2' },
  { claim: 'ahead in a later epoch', window: '1:1 1:2', peer: '2:3', plan: 'trunc 1:2' },
  { claim: 'ahead of an active leader', window: '1:1 1:2', lp: '2:0', peer: '1:3', plan: 'trunc 1:2' },
  { claim: 'ahead, nothing in memory', window: '', lp: '1:2', peer: '1:3', plan: 'trunc 1:2' },
  { claim: 'fresh and ahead', window: '1:1 1:2', lp: '3:0', peer: '2:0', plan: 'snap 3:0' },
  // not to be placed
  { claim: 'a gap within the epoch', window: '1:1 1:2 1:4', peer: '1:3', plan: 'trunc 1:2 + 1:4' },
  { claim: 'another end of an epoch', window: '1:1 1:2 2:1', peer: '1:3', plan: 'snap 2:1' },
  { claim: 'an epoch nobody knows', window: '1:1 1:2 3:1', peer: '2:1', plan: 'snap 3:1' },
  { claim: 'fresh among them', window: '1:1 1:2 2:1', peer: '2:0', plan: 'diff 2:1 + 2:1' },
  { claim: 'fresh, of an epoch without any', window: '1:1 4:1', peer: '3:0', plan: 'diff 4:1 + 4:1' },
  // older than the window
  { claim: 'in the log', log: '1:1 1:2 1:3 1:4', window: '1:3 1:4', peer: '1:1', plan: 'disk: diff 1:4 + 1:2 1:3 1:4' },
  { claim: 'empty, all in the log', log: '1:1 1:2 1:3', window: '1:3', peer: '0:0', plan: 'disk: diff 1:3 + 1:1 1:2 1:3' },
  { claim: 'fresh, in the log', log: '1:1 2:1 2:2', window: '2:2', peer: '2:0', plan: 'disk: diff 2:2 + 2:1 2:2' },
  { claim: 'a gap, in the log', log: '1:1 1:3 1:4', window: '1:4', peer: '1:2', plan: 'disk: trunc 1:1 + 1:3 1:4' },
  { claim: 'another end, in the log', log: '1:1 2:1 2:2', window: '2:2', peer: '1:2', plan: 'snap 2:2' },
  { claim: 'disk sync is off', log: '1:1 1:2 1:3', window: '1:3', peer: '1:1', factor: -1, plan: 'snap 1:3' },
  { claim: 'older than the log', log: '1:3 1:4', window: '1:4', peer: '1:1', plan: 'snap 1:4' },
  { claim: 'the log begins behind it', log: '1:3 1:4', window: '1:4', peer: '1:2', plan: 'snap 1:4' },
  { claim: 'the log ends too early', log: '1:1 1:2', window: '1:4 1:5', peer: '1:1', plan: 'snap 1:5' },
  { claim: 'the log just reaches', log: '1:1 1:2 1:3 1:4', window: '1:4 1:5', peer: '1:1', plan: 'disk: diff 1:5 + 1:2 1:3 1:4 1:5' },
  { claim: 'no log', log: '', window: '1:4 1:5', peer: '1:1', plan: 'snap 1:5' },
  { claim: 'too much for the limit', log: '1:1 1:2 1:3 1:4', window: '1:4', peer: '1:1', snapshot: '1:4', factor: 0.7, plan: 'snap 1:4' },
  { claim: 'within the limit', log: '1:1 1:2 1:3 1:4', window: '1:4', peer: '1:3', snapshot: '1:4', factor: 0.7, plan: 'disk: diff 1:4 + 1:4' },
  { claim: 'asked for', window: '1:1 1:2', peer: '1:2', wants: true, plan: 'snap 1:2' },
]; // prettier-ignore

function leaderOf({ window, log, lp, factor = 0, snapshot }: Row): Leader {
  const inWindow = zxids(window);
  const onDisk = log === undefined ? inWindow : zxids(log);
  const history = [...new Set([...onDisk, ...inWindow])].sort((a, b) => a - b);
  const lastProcessed = zxids(lp ?? '')[0] ?? history.at(-1) ?? (0 as Zxid);
  // A log that does not begin with 1:1 begins on a snapshot, one before its first.
  const first = onDisk[0] ?? history[0];
  const cut = first !== undefined && counterOf(first) > 1 ? [(first - 1) as Zxid] : [];
  const from = cut.length;
  const of = { window: inWindow.length, log: [from, from + onDisk.length] as const };
  const at = [...cut, ...history].findIndex((zxid) => formatZxid(zxid) === snapshot);
  return {
    history: [...cut, ...history],
    ...of,
    lastProcessed,
    factor,
    ...(at >= 0 ? { snapshot: at } : {}),
  };
}

describe('[ZK-Java LearnerHandler.syncFollower] a learner is told', () => {
  for (const row of TABLE) {
    const { claim, peer, window, log, lp, wants } = row;
    const of = `leader ${window || 'without memory'}${log === undefined ? '' : `, log ${log || 'empty'}`}`;
    it(`${row.plan} at ${peer}: ${claim} (${of}${lp === undefined ? '' : `, lp ${lp}`})`, () => {
      expect(text(plan(leaderOf(row), zxids(peer)[0]!, wants ?? false))).toBe(row.plan);
    });
  }
});

/** Counters 1, 2, 3 in each of a few epochs: what leaders that follow one another leave behind. */
const histories = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.nat(4)), { maxLength: 4 })
  .map((epochs) => {
    let epoch = 0;
    return epochs.flatMap(([skip, count]) => {
      epoch += skip;
      return Array.from({ length: count }, (_, i) => makeZxid(epoch as Epoch, i + 1));
    });
  });

const leaders = fc
  .record({
    history: histories,
    window: fc.nat(20),
    from: fc.nat(20),
    short: fc.nat(3),
    activated: fc.boolean(),
    factor: fc.constantFrom(0, 0, -1),
  })
  .map(({ history, window, from, short, activated, factor }): Leader => {
    const { length } = history;
    const start = from % (length + 1);
    const last = history.at(-1) ?? (0 as Zxid);
    return {
      history,
      // Memory may be empty, as after SNAP or a restart; the log may end before memory does.
      window: Math.min(window, length),
      log: [start, Math.max(start, length - short)],
      lastProcessed: activated ? makeZxid((epochOf(last) + 1) as Epoch, 0) : last,
      factor,
    };
  });

/** What a learner may have: a part of the leader's history, then some that nobody else has. */
const learners = fc.record({ shared: fc.nat(20), own: fc.nat(3), fresh: fc.nat(9) });

interface Learner {
  /** What it has in common with the leader. */
  readonly known: readonly Zxid[];
  readonly last: Zxid;
}

function learnerOf(
  { history, lastProcessed }: Leader,
  { shared, own, fresh }: { shared: number; own: number; fresh: number },
): Learner {
  const newEpoch = makeZxid(fresh as Epoch, 0);
  // It has led that epoch without a transaction, so it has all that came before.
  const hasLed = fresh > 0 && epochOf(newEpoch) <= epochOf(lastProcessed);
  if (hasLed && newEpoch !== lastProcessed) {
    return { known: history.filter((zxid) => zxid < newEpoch), last: newEpoch };
  }
  const known = history.slice(0, shared % (history.length + 1));
  const end = known.at(-1) ?? (0 as Zxid);
  const next = history[known.length];
  // A leader went on after `end` alone: in the same epoch if the real one did not, else in one of its own.
  const isTaken = next !== undefined && epochOf(next) === epochOf(end);
  let epoch: number = epochOf(end);
  while (isTaken && history.some((zxid) => (epochOf(zxid) as number) === epoch)) epoch += 1;
  if (epoch === 0) return { known, last: end };
  const from = isTaken ? 0 : counterOf(end);
  const mine = own === 0 ? end : makeZxid(epoch as Epoch, from + own);
  return { known, last: mine };
}

/** The same decision from sets instead of walks. */
function twin(leader: Leader, peer: Zxid): string {
  const { history, lastProcessed, factor } = leader;
  const memory = leader.window === 0 ? [] : history.slice(-leader.window);
  const min = memory[0] ?? lastProcessed;
  const max = memory.at(-1) ?? lastProcessed;
  const isFresh = counterOf(peer) === 0;
  if (peer === lastProcessed) return `diff ${formatZxid(peer)}`;
  if (peer > max) return isFresh ? snap(leader) : `trunc ${formatZxid(max)}`;
  if (peer >= min) return place(memory, { leader, peer, max }, '');
  const [from, to] = leader.log;
  const base = history[from - 1] ?? 0;
  const onDisk = history.slice(from, to);
  const reaches = (onDisk.at(-1) ?? -1) >= min;
  if (factor < 0 || base > peer || !reaches) return snap(leader);
  return place([...new Set([...onDisk, ...memory])], { leader, peer, max }, 'disk: ');
}

function snap({ lastProcessed }: Leader): string {
  return `snap ${formatZxid(lastProcessed)}`;
}

function place(
  source: readonly Zxid[],
  { leader, peer, max }: { leader: Leader; peer: Zxid; max: Zxid },
  prefix: string,
): string {
  const rest = source.filter((zxid) => zxid > peer);
  const sent = rest.length > 0 ? ` + ${rest.map(formatZxid).join(' ')}` : '';
  if (source.includes(peer) || counterOf(peer) === 0)
    return `${prefix}diff ${formatZxid(max)}${sent}`;
  const before = source.filter((zxid) => zxid < peer).at(-1);
  const after = rest[0];
  const parts = after !== undefined && epochOf(after) !== epochOf(peer);
  if (before === undefined || parts) return snap(leader);
  return `${prefix}trunc ${formatZxid(before)}${sent}`;
}

describe('[ZK-Java LearnerHandler.syncFollower] over random histories', () => {
  it('the plan is what a naive twin decides', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(leaders, learners, (leader, learner) => {
        const { last } = learnerOf(leader, learner);
        const found = text(plan(leader, last));
        expect(found).toBe(twin(leader, last));
        seen.add(found.replace(/ \d+:\d+/g, ''));
      }),
      { numRuns: 3000, seed: 1 },
    );
    for (const kind of ['diff', 'diff +', 'trunc', 'snap', 'disk: diff +']) {
      expect([...seen].some((one) => one.startsWith(kind))).toBe(true);
    }
  });

  it('[Zab11 IV.B] carried out, it makes the learner hold exactly what the leader has', () => {
    fc.assert(
      fc.property(leaders, learners, (leader, learner) => {
        const { known, last } = learnerOf(leader, learner);
        const { mode, zxid, txns, upTo } = plan(leader, last);
        if (mode === 'snap') return;
        const isAhead = counterOf(last) > 0 && last !== (known.at(-1) ?? 0);
        // What only the learner has goes, by a TRUNC to something that both have; a learner that has no
        // such transaction cannot cut there, and asks for a snapshot instead.
        if (mode === 'trunc' && !known.includes(zxid) && zxid !== 0) return;
        expect(isAhead).toBe(mode === 'trunc');
        const kept = mode === 'trunc' ? known.filter((one) => one <= zxid) : known;
        const after = [...kept, ...txns.map((one) => one.zxid)];
        const { history } = leader;
        expect(after).toEqual(history);
        expect(upTo).toBeGreaterThanOrEqual(history.at(-1) ?? 0);
      }),
      { numRuns: 3000, seed: 2 },
    );
  });
});
