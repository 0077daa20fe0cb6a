// DIFF, TRUNC or SNAP: every row of the leader's decision, as a table to be checked by eye; then,
// over random histories, that it is what a naive twin decides, and that it makes the learner's
// history the leader's.
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
  readonly snapshot: number | undefined;
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
  /** The log on disk; empty: what the window holds. */
  readonly log: string;
  /** `lp 2:0`, if not the last of the window; `off`, no DIFF from the log; and the like. */
  readonly but: string;
  readonly peer: string;
  readonly plan: string;
}

// 1:1-3 is 1:1 1:2 1:3. With `limit` the newest snapshot is of the last of the log.
const TABLE = `
nothing is missing               | 1:1-2       |       |           | 1:2 | diff 1:2
both are empty                   |             |       |           | 0:0 | diff 0:0
both have only begun the epoch   | 1:1         |       | lp 2:0    | 2:0 | diff 2:0

the last ones are missing        | 1:1-3       |       |           | 1:1 | diff 1:3 + 1:2-3
the oldest in memory is known    | 1:4-5       |       |           | 1:4 | diff 1:5 + 1:5
epochs are passed                | 1:1 2:1 4:1 |       |           | 1:1 | diff 4:1 + 2:1 4:1
the leader has activated since   | 1:1-2       |       | lp 2:0    | 1:2 | diff 1:2
and the learner is behind        | 1:1-2       |       | lp 2:0    | 1:1 | diff 1:2 + 1:2

ahead within the epoch           | 1:1-2       |       |           | 1:4 | trunc 1:2
ahead in a later epoch           | 1:1-2       |       |           | 2:3 | trunc 1:2
ahead of an active leader        | 1:1-2       |       | lp 2:0    | 1:3 | trunc 1:2
ahead, with nothing in memory    |             |       | lp 1:2    | 1:3 | trunc 1:2
fresh and ahead                  | 1:1-2       |       | lp 3:0    | 2:0 | snap 3:0

a gap within the epoch           | 1:1-2 1:4   |       |           | 1:3 | trunc 1:2 + 1:4
another end of an epoch          | 1:1-2 2:1   |       |           | 1:3 | snap 2:1
an epoch nobody knows            | 1:1-2 3:1   |       |           | 2:1 | snap 3:1
fresh among them                 | 1:1-2 2:1   |       |           | 2:0 | diff 2:1 + 2:1
fresh, of an epoch without any   | 1:1 4:1     |       |           | 3:0 | diff 4:1 + 4:1

older than memory, in the log    | 1:3-4       | 1:1-4 |           | 1:1 | disk: diff 1:4 + 1:2-4
empty, and all is in the log     | 1:3         | 1:1-3 |           | 0:0 | disk: diff 1:3 + 1:1-3
fresh, in the log                | 2:2         | 2:1-2 |           | 2:0 | disk: diff 2:2 + 2:1-2
a gap, in the log                | 1:4     | 1:1 1:3-4 |           | 1:2 | disk: trunc 1:1 + 1:3-4
another end, in the log          | 2:2     | 1:1 2:1-2 |           | 1:2 | snap 2:2
the log is not for others        | 1:3         | 1:1-3 | off       | 1:1 | snap 1:3
older than the log               | 1:4         | 1:3-4 |           | 1:1 | snap 1:4
the log begins right behind it   | 1:4         | 1:3-4 |           | 1:2 | snap 1:4
the log ends before memory       | 1:4-5       | 1:1-2 |           | 1:1 | snap 1:5
the log just reaches memory      | 1:4-5       | 1:1-4 |           | 1:1 | disk: diff 1:5 + 1:2-5
no log                           | 1:4-5       | none  |           | 1:1 | snap 1:5
too much for the limit           | 1:4         | 1:1-4 | limit 0.7 | 1:1 | snap 1:4
within the limit                 | 1:4         | 1:1-4 | limit 0.7 | 1:3 | disk: diff 1:4 + 1:4

a snapshot is what it wants      | 1:1-2       |       | wants     | 1:2 | snap 1:2
`;

/** `1:1-3` as `1:1 1:2 1:3`. */
function expand(ranges: string): string {
  return ranges.replace(/(\d+):(\d+)-(\d+)/g, (_all, epoch: string, from: string, to: string) => {
    const count = Number(to) - Number(from) + 1;
    return Array.from({ length: count }, (_, at) => `${epoch}:${Number(from) + at}`).join(' ');
  });
}

const ROWS = TABLE.split('\n')
  .filter((line) => line !== '')
  .map((line): Row => {
    const [claim = '', window = '', log = '', but = '', peer = '', plan = ''] = line.split('|');
    const cells = [claim, window, log, but, peer, plan].map((cell) => expand(cell.trim()));
    const at = (index: number): string => cells[index] ?? '';
    return { claim: at(0), window: at(1), log: at(2), but: at(3), peer: at(4), plan: at(5) };
  });

function leaderOf({ window, log, but }: Row): Leader {
  const inWindow = zxids(window);
  const onDisk = log === '' ? inWindow : zxids(log.replace('none', ''));
  const union = [...new Set([...onDisk, ...inWindow])].sort((a, b) => a - b);
  // A log that does not begin with 1:1 begins on a snapshot, one before its first.
  const first = onDisk[0] ?? union[0];
  const before = first !== undefined && counterOf(first) > 1 ? [(first - 1) as Zxid] : [];
  const history = [...before, ...union];
  const [what = '', value = ''] = but.split(' ');
  const from = before.length;
  return {
    history,
    window: inWindow.length,
    log: [from, from + onDisk.length],
    lastProcessed: (what === 'lp' ? zxids(value)[0] : history.at(-1)) ?? (0 as Zxid),
    snapshot: what === 'limit' ? from + onDisk.length - 1 : undefined,
    factor: what === 'limit' ? Number(value) : what === 'off' ? -1 : 0,
  };
}

describe('[ZK-Java LearnerHandler.syncFollower] a learner is told', () => {
  it('what each row of the table says', () => expect(ROWS).toHaveLength(32));

  for (const row of ROWS) {
    it(`${row.plan} at ${row.peer}: ${row.claim}`, () => {
      const [peer = 0 as Zxid] = zxids(row.peer);
      expect(text(plan(leaderOf(row), peer, row.but === 'wants'))).toBe(row.plan);
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
      snapshot: undefined,
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
  // A leader went on after `end` alone: in this epoch if the real one did not, else in its own.
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
        // What only the learner has goes, by a TRUNC to something that both have; a learner
        // without such a transaction cannot cut there, and asks for a snapshot instead.
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
