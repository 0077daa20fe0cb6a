// Between NEWLEADER and its ACK: a crash before and after every step, in every mode, of the process
// and of the power, alone and together with the leader. Whatever is left, the ensemble comes to
// agree again, and nothing chosen is lost. [ZK-Java Learner.syncWithLeader, case NEWLEADER]
import { describe, expect, it } from 'vitest';
import { SAFE_RULES } from '../../protocol/rules.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, leader } from './cluster.js';

const STEPS = SAFE_RULES.onNewLeader;

/** Server 1 is about to come back and be synchronized by 3, with transactions of epoch 2. */
const MODES = {
  diff: () => {
    const c = cluster(3).elect().write('a').crash(1).write('b', 'c').crash(leader);
    return c.restart(3).elect().write('d');
  },
  snap: () => {
    const limits = { commitLogCount: 1, snapshotSizeFactor: -1 };
    const c = cluster(3, { limits }).elect().write('a').crash(1).write('b', 'c').crash(leader);
    return c.restart(3).elect().write('d');
  },
};

function chosenAreSafe(c: Cluster): void {
  const before = c.chosen();
  c.settle().noViolations();
  expect(c.chosen().slice(0, before.length)).toEqual(before);
  expect(c.treeOf(1)).toEqual(c.treeOf(3));
  expect(c.treeOf(1)).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd']));
}

describe('the steps', () => {
  it('[ZOOKEEPER-4643] [ZOOKEEPER-4646] go: history, fsync, epoch, ACK', () => {
    const at = (step: (typeof STEPS)[number]): number => STEPS.indexOf(step);
    expect(at('append')).toBeLessThan(at('flush'));
    expect(at('flush')).toBeLessThan(at('writeCurrentEpoch'));
    expect(at('snapshot')).toBeLessThan(at('writeCurrentEpoch'));
    expect(STEPS.at(-1)).toBe('ack');
  });

  it('are each an event of their own, begun and done', () => {
    const c = MODES.diff().restart(1).waitFor('ackSent', { actor: 1 });
    const since = c.last('syncing', { actor: 1 }).index;
    for (const kind of ['stepBegun', 'stepDone'] as const) {
      const steps = c
        .texts(kind, { actor: 1 }, since)
        .filter((text) => text.startsWith('newLeader'));
      expect(steps).toEqual(STEPS.map((step) => `newLeader/${step}`));
    }
  });
});

for (const mode of ['diff', 'snap'] as const) {
  describe(`a crash in a ${mode.toUpperCase()}`, () => {
    for (const how of ['process', 'power'] as const) {
      it(`[Zab11 IV.B] of the learner's ${how}, before or after any step, is made good`, () => {
        for (const step of STEPS) {
          for (const side of ['stepBegun', 'stepDone'] as const) {
            const c = MODES[mode]();
            c.when(side, { actor: 1, text: `newLeader/${step}` }, () => c.crash(1, how));
            c.restart(1).waitFor('crash', { actor: 1, text: how });
            expect(c.texts('syncing', { actor: 1 }).at(-1)).toBe(mode);
            chosenAreSafe(c);
          }
        }
      });
    }

    it('[ZOOKEEPER-4643] of both, then the third is back: the winner has all chosen', () => {
      for (const step of STEPS) {
        const c = MODES[mode]().crash(2);
        c.when('stepDone', { actor: 1, text: `newLeader/${step}` }, () => c.powerLoss(everybody));
        c.until(() => c.roleOf(3) !== 'leading/broadcast', 'end of the leader without followers');
        c.restart(1).waitFor('crash', { actor: 1, text: 'power' });
        c.restart(1).restart(2).elect();
        // Servers 1 and 2 are a quorum: what was chosen is with one of them, and that one leads.
        expect(c.treeOf(c.leader())).toEqual(['a', 'b', 'c', 'd']);
        chosenAreSafe(c);
      }
    });
  });
}

describe('a crash in a TRUNC', () => {
  it('[ZK-Java FileTxnLog.truncate] of the learner, before or after any step, is made good', () => {
    for (const how of ['process', 'power'] as const) {
      for (const step of STEPS) {
        const c = cluster(3).elect().write('a', 'b', 'c', 'd').isolate(3, 'silent').propose('x');
        c.runFor('50ms').crash(3).elect().heal();
        c.when('stepDone', { actor: 3, text: `newLeader/${step}` }, () => c.crash(3, how));
        c.restart(3).waitFor('crash', { actor: 3, text: how });
        expect(c.texts('syncing', { actor: 3 }).at(-1)).toBe('trunc');
        chosenAreSafe(c);
        expect(c.treeOf(3)).not.toContain('x');
      }
    }
  });
});

describe('an initial history that no quorum had', () => {
  it('[ZOOKEEPER-4646] is chosen only when a quorum has it on disk: then it survives', () => {
    for (const step of STEPS) {
      for (const side of ['stepBegun', 'stepDone'] as const) {
        // Only server 3 has `e`; it is elected with it, and 1 learns it in this synchronization.
        const c = cluster(3).elect().write('a', 'b', 'c', 'd').isolate(3, 'silent').propose('e');
        c.runFor('50ms').crash(everybody).heal();
        c.when(side, { actor: 1, text: `newLeader/${step}` }, () => c.powerLoss(everybody));
        c.restart(3).restart(1).waitFor('crash', { actor: 1, text: 'power' });
        const was = c.chosen();
        c.restart(1).restart(2).elect();
        expect(c.chosen().slice(0, was.length)).toEqual(was);
        if (c.logOf(1).includes('e')) expect(c.treeOf(2)).toContain('e');
        chosenAreSafe(c);
      }
    }
  });

  it('[ZOOKEEPER-4643] may be lost before that, and then it is gone everywhere', () => {
    const c = cluster(3).elect().write('a', 'b', 'c', 'd').isolate(3, 'silent').propose('e');
    c.runFor('50ms').crash(everybody).heal();
    c.when('stepBegun', { actor: 1, text: 'newLeader/append' }, () => c.powerLoss(everybody));
    c.restart(3).restart(1).waitFor('crash', { actor: 1, text: 'power' });
    c.restart(1).restart(2).elect().write('f').settle();
    expect(c.treeOf(3)).toEqual(['a', 'b', 'c', 'd', 'f']);
  });
});
