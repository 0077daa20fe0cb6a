// What servers apply and serve: proposed transactions, in the chosen order, none left out. During
// synchronization the leader streams its history before a quorum has it, so what a learner
// applies then is provisional: it binds when the learner starts to serve.
import { checker } from './checker.js';
import { historyText, zxidText } from './words.js';

export const integrity = checker(
  {
    id: 'integrity',
    kind: 'safety',
    claim: 'Every transaction that a server applies was proposed, with that content.',
    cites: ['Zab11 integrity', 'TLA-3.7 Integrity'],
    kinds: ['applied'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, epochs } = oracle;
    const node = epochs.proposal(record.zxid);
    if (node >= 0 && tree.digestOf(node) === record.digest) return;
    const proposed = node < 0 ? 'never proposed' : tree.digestOf(node);
    found.broken(record, 'integrity', {
      zxid: zxidText(record.zxid),
      digest: record.digest,
      proposed,
    });
  },
);

/*
 * Only while serving: before that, a tree that was read from a fuzzy snapshot may run ahead of its
 * name. What it runs ahead by was committed, so UPTODATE comes after it.
 */
export const treeDigest = checker(
  {
    id: 'tree-digest',
    kind: 'safety',
    claim: 'Servers that have applied the same transactions serve the same tree.',
    cites: ['ZK-Java DataTree.getTreeDigest'],
    kinds: ['applied'],
  },
  (_oracle, found) => {
    const digests = new Map<number, { readonly tree: number; readonly record: number }>();
    return (record) => {
      if (record.text !== 'serving') return;
      const first = digests.get(record.zxid);
      if (first === undefined) {
        digests.set(record.zxid, { tree: record.epoch, record: record.index });
        return;
      }
      found.saw();
      if (first.tree === record.epoch) return;
      const facts = { zxid: zxidText(record.zxid), tree: record.epoch, elsewhere: first.tree };
      found.broken(record, 'tree-digest', facts, [first.record]);
    };
  },
);

/** Which sessions there are changes only with these two kinds of transactions. */
export const sessionTable = checker(
  {
    id: 'session-table',
    kind: 'safety',
    claim:
      'Servers that have applied the same transactions know the same sessions, with the same ' +
      'timeouts.',
    cites: ['ZK-Java SessionTrackerImpl'],
    kinds: ['sessionOpened', 'sessionClosed'],
  },
  (_oracle, found) => {
    const tables = new Map<number, { readonly table: number; readonly record: number }>();
    return (record) => {
      const first = tables.get(record.zxid);
      if (first === undefined) {
        tables.set(record.zxid, { table: record.digest, record: record.index });
        return;
      }
      found.saw();
      if (first.table === record.digest) return;
      const facts = { zxid: zxidText(record.zxid), table: record.digest, elsewhere: first.table };
      found.broken(record, 'session-table', facts, [first.record]);
    };
  },
);

/*
 * If what each server delivers is a prefix of one sequence, then any two of them agree, and
 * whoever delivers b has delivered everything before it: agreement and total order follow.
 */
export const prefixConsistency = checker(
  {
    id: 'prefix-consistency',
    kind: 'safety',
    claim:
      'What a serving server has applied is a prefix of the chosen history, and each step ' +
      'takes it to the next transaction: total order and agreement.',
    cites: [
      'Zab11 total order and agreement',
      'TLA-3.7 PrefixConsistency',
      'TLA-3.7 TotalOrder',
      'TLA-3.7 Agreement',
    ],
    kinds: ['applied', 'serving', 'activated'],
  },
  (oracle, found) => (record) => {
    if (record.kind === 'applied' && record.text !== 'serving') return;
    found.saw();
    const { tree, chosen, servers } = oracle;
    const { applied } = servers.of(record.actor);
    const before = record.kind === 'applied' ? servers.before.applied : tree.parentOf(applied);
    const prefix = chosen.has(applied);
    if (prefix && tree.parentOf(applied) === before) return;
    found.broken(record, prefix ? 'not-the-next' : 'not-a-prefix', {
      applied: historyText(tree, applied),
      before: historyText(tree, before),
      chosen: historyText(tree, chosen.tip),
      agreesUpTo: historyText(tree, tree.commonPrefix(applied, chosen.tip)),
    });
  },
);

export const provisionalApplies = checker(
  {
    id: 'provisional-applies',
    kind: 'safety',
    claim: "What a learner applies while it synchronizes is a prefix of its leader's history.",
    cites: ['ZK-Java Learner.syncWithLeader', 'Remix25 I-10'],
    kinds: ['applied'],
  },
  (oracle, found) => (record) => {
    if (record.text !== 'syncing') return;
    found.saw();
    const { tree, epochs, servers } = oracle;
    const { applied, epoch } = servers.of(record.actor);
    const tip = epochs.find(epoch)?.tip ?? -1;
    if (tip >= 0 && tree.isPrefix(applied, tip)) return;
    const facts = {
      epoch,
      applied: historyText(tree, applied),
      leaderHas: historyText(tree, tip),
    };
    found.broken(record, 'provisional-applies', facts, [epochs.find(epoch)?.establishedBy ?? -1]);
  },
);

/*
 * The tree of a SNAP may run ahead of what was streamed before; it is right again when all that it
 * ran ahead by has come as well. At NEWLEADER the learner writes it down under its zxid, for good.
 */
export const snapBeforeNewLeader = checker(
  {
    id: 'snap-before-newleader',
    kind: 'safety',
    claim:
      'What a learner is sent after NEWLEADER is newer than the SNAP that it was sent before: ' +
      'nothing of which the snapshot has the effect is still to come.',
    cites: ['ZOOKEEPER-3104', 'ZK-Java LearnerHandler.run'],
    kinds: ['installed', 'received', 'left', 'crash'],
  },
  (_oracle, found) => {
    /** By learner: the zxid of its SNAP, and whether NEWLEADER has come. */
    const snaps = new Map<number, { readonly zxid: number; newLeader: boolean }>();
    return (record) => {
      const { kind, actor, text, zxid } = record;
      if (kind === 'installed') snaps.set(actor, { zxid, newLeader: false });
      if (kind === 'left' || kind === 'crash') snaps.delete(actor);
      if (kind !== 'received' || snaps.size === 0) return;
      const snap = snaps.get(actor);
      if (snap === undefined) return;
      if (text === 'newLeader') snap.newLeader = true;
      if (!snap.newLeader || (text !== 'proposal' && text !== 'inform')) return;
      found.saw();
      snaps.delete(actor);
      if (zxid > snap.zxid) return;
      const facts = { zxid: zxidText(zxid), snap: zxidText(snap.zxid) };
      found.broken(record, 'snap-before-newleader', facts);
    };
  },
);

/*
 * A server answers reads from what it has applied: clients that come from elsewhere in the epoch
 * have seen its initial history at least.
 */
export const servesInitialHistory = checker(
  {
    id: 'serves-initial-history',
    kind: 'safety',
    claim: 'A server that starts to serve has applied all of the initial history of its epoch.',
    cites: ['Remix25 I-11', 'ZOOKEEPER-3023', 'ZK-Java Learner.syncWithLeader'],
    kinds: ['serving', 'activated'],
  },
  (oracle, found) => (record) => {
    const { tree, epochs, servers } = oracle;
    const epoch = epochs.find(record.epoch);
    if (epoch === undefined) return;
    found.saw();
    const { applied } = servers.of(record.actor);
    if (tree.isPrefix(epoch.initial, applied)) return;
    const facts = {
      epoch: record.epoch,
      applied: historyText(tree, applied),
      initial: historyText(tree, epoch.initial),
    };
    found.broken(record, 'serves-initial-history', facts, [epoch.establishedBy]);
  },
);

/** What a learner gives up its leader for and should never have met. */
const IMPOSSIBLE = new Set([
  'COMMIT without its proposal',
  'gap in the synchronization stream',
  'COMMIT is not for the oldest pending proposal',
]);

/*
 * A leader registers a learner for live traffic in one step with its plan, and a connection keeps
 * the order: the proposals of the plan and those that follow have no gap, and each COMMIT finds its
 * proposal at the head of what waits.
 */
export const expectedMessages = checker(
  {
    id: 'expected-messages',
    kind: 'safety',
    claim:
      'Proposals reach a learner without a gap, and each COMMIT reaches it when its proposal is ' +
      'the oldest that waits.',
    cites: ['Remix25 I-14', 'TLA-3.7 ShouldNotBeTriggered', 'ZOOKEEPER-4394'],
    kinds: ['learned', 'left', 'halted'],
  },
  (_oracle, found) => (record) => {
    if (record.kind === 'learned') found.saw();
    else if (IMPOSSIBLE.has(record.text)) {
      found.broken(record, 'expected-messages', { left: record.text });
    }
  },
);

/*
 * A COMMIT that reaches a learner was sent by its leader after the decision, except for the
 * initial history: that is streamed as committed before the quorum which commits it.
 */
export const commitConsistency = checker(
  {
    id: 'commit-consistency',
    kind: 'safety',
    claim: 'A learner is told to commit only what its leader has committed in that epoch.',
    cites: ['TLA-3.7 FollowerProcessCOMMIT', 'Remix25 I-11 to I-14'],
    kinds: ['learned'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, epochs, servers } = oracle;
    const { epoch } = servers.of(record.actor);
    const leader = epochs.find(epoch);
    const node = epochs.proposal(record.zxid);
    if (leader !== undefined && node >= 0 && tree.isPrefix(node, leader.committed)) return;
    found.broken(
      record,
      'commit-consistency',
      {
        zxid: zxidText(record.zxid),
        epoch,
        leaderCommitted: historyText(tree, leader?.committed ?? -1),
      },
      [leader?.establishedBy ?? -1],
    );
  },
);
