// How the chosen history grows: never around it, always with a quorum that has it on disk, in the
// order of zxids. See oracle/chosen-history.ts for the two ways in which it may grow, and why.
import type { Zxid } from '../../protocol/ids.js';
import { counterOf, epochOf } from '../../protocol/ids.js';
import { isQuorum } from '../../protocol/quorum.js';
import { NO_SIDS, sidsOf, withSid } from '../../protocol/sid-set.js';
import type { SidSet } from '../../protocol/sid-set.js';
import { checker } from './checker.js';
import type { Oracle } from './oracle/oracle.js';
import { historyText, zxidText } from './words.js';

export const leaderLogCompleteness = checker(
  {
    id: 'leader-log-completeness',
    kind: 'safety',
    claim:
      'A server that gets an ACKEPOCH quorum or starts to serve as leader has all that is chosen.',
    cites: ['Remix25 I-8', 'Zab11 synchronization'],
    kinds: ['established', 'activated'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, chosen } = oracle;
    const own = tree.at(record.value, record.zxid);
    // A deposed leader that activates late need not have what its successor has chosen since.
    const needed = chosen.below(record.epoch);
    if (tree.isPrefix(needed, own)) return;
    const common = tree.commonPrefix(own, needed);
    const facts = {
      epoch: record.epoch,
      own: historyText(tree, own),
      chosen: historyText(tree, needed),
      missing: tree.depthOf(needed) - tree.depthOf(common),
    };
    found.broken(record, record.kind, facts);
  },
);

export const chosenByRecovery = checker(
  {
    id: 'chosen-by-recovery',
    kind: 'safety',
    claim:
      'A NEWLEADER quorum adds to the chosen history the initial history of the established ' +
      'leader: nothing else, and only proposed transactions.',
    cites: ['Zab11 synchronization', 'TLA-3.7 LeaderProcessACKLD'],
    kinds: ['newLeaderAcked'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, chosen, epochs } = oracle;
    const own = tree.at(record.value, record.zxid);
    const epoch = epochs.find(record.epoch);
    const evidence = [epoch?.establishedBy ?? -1];
    const facts = {
      epoch: record.epoch,
      initial: historyText(tree, own),
      established: historyText(tree, epoch?.initial ?? -1),
      chosen: historyText(tree, chosen.tip),
    };
    if (chosen.conflict) found.broken(record, 'contradicts-the-chosen-history', facts, evidence);
    else if (epoch?.leader !== record.actor)
      found.broken(record, 'not-established', facts, evidence);
    else if (epoch.initial !== own) found.broken(record, 'another-history', facts, evidence);
    else if (chosen.added.some((node) => epochs.proposal(tree.zxidOf(node)) !== node)) {
      found.broken(record, 'never-proposed', facts, evidence);
    }
  },
);

export const chosenByBroadcast = checker(
  {
    id: 'chosen-by-broadcast',
    kind: 'safety',
    claim:
      'A commit adds the next proposal of its own leader to the chosen history, or repeats ' +
      'what is chosen.',
    cites: ['ZK-Java Leader.tryToCommit', 'Zab11 broadcast'],
    kinds: ['committed'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, chosen, epochs } = oracle;
    const node = epochs.proposal(record.zxid);
    const rule =
      node < 0 || tree.digestOf(node) !== record.digest
        ? 'never-proposed'
        : epochOf(record.zxid as Zxid) !== record.epoch
          ? 'of-another-epoch'
          : chosen.conflict
            ? 'contradicts-the-chosen-history'
            : chosen.added.length > 1
              ? 'out-of-order'
              : '';
    if (rule === '') return;
    const facts = {
      zxid: zxidText(record.zxid),
      epoch: record.epoch,
      chosen: historyText(tree, chosen.tip),
      added: chosen.added.length,
    };
    found.broken(record, rule, facts);
  },
);

/** Voters whose disk holds `node`, and currentEpoch `epoch` if that is asked for. */
function holders(oracle: Oracle, node: number, epoch: number): SidSet {
  let set = NO_SIDS;
  for (const sid of oracle.setup.ensemble.voterList) {
    const server = oracle.servers.of(sid);
    if (server.currentEpoch < epoch) continue;
    if (oracle.servers.holds(server, node)) set = withSid(set, sid);
  }
  return set;
}

/*
 * "Now" is no stronger than "when they acknowledged": a server drops nothing it has acknowledged
 * unless a leader of a later epoch tells it to, and such a leader has a promise from one of the
 * quorum, given after its acknowledgement, so it holds the same. That the leader itself has the
 * transaction on disk is not claimed: followers alone may form the quorum. [ZK-Java
 * Leader.processAck]
 */
export const chosenByQuorum = checker(
  {
    id: 'chosen-by-quorum',
    kind: 'safety',
    claim:
      'At the instant of a commit or NEWLEADER quorum, a quorum of voters has the history ' +
      'on disk, and the epoch as well when it is a NEWLEADER quorum.',
    cites: ['Zab11 broadcast', 'ZOOKEEPER-3911', 'ZOOKEEPER-4646', 'ZOOKEEPER-4643'],
    kinds: ['committed', 'newLeaderAcked'],
  },
  (oracle, found) => (record) => {
    const { tree, epochs, setup } = oracle;
    const recovery = record.kind === 'newLeaderAcked';
    const node = recovery ? tree.at(record.value, record.zxid) : epochs.proposal(record.zxid);
    if (node < 0) return;
    found.saw();
    const set = holders(oracle, node, recovery ? record.epoch : 0);
    if (isQuorum(setup.ensemble.verifier, set)) return;
    const facts = {
      history: historyText(tree, node),
      epoch: record.epoch,
      onDiskOf: sidsOf(set).join(' '),
      voters: setup.ensemble.voterList.length,
    };
    found.broken(record, recovery ? 'recovered-history' : 'committed-transaction', facts);
  },
);

export const globalPrimaryOrder = checker(
  {
    id: 'global-primary-order',
    kind: 'safety',
    claim: 'Zxids strictly ascend along the chosen history, so epochs never descend.',
    cites: ['Zab11 global primary order', 'TLA-3.7 GlobalPrimaryOrder'],
    kinds: ['committed', 'newLeaderAcked'],
  },
  (oracle, found) => (record) => {
    const { tree, chosen } = oracle;
    for (const node of chosen.added) {
      found.saw();
      const zxid = tree.zxidOf(node);
      const before = tree.zxidOf(tree.parentOf(node));
      if (zxid > before) continue;
      const facts = { zxid: zxidText(zxid), after: zxidText(before) };
      found.broken(record, 'global-primary-order', facts);
    }
  },
);

export const localPrimaryOrder = checker(
  {
    id: 'local-primary-order',
    kind: 'safety',
    claim:
      'Transaction e:c follows e:(c-1) in the chosen history, and e:1 follows an older ' +
      'epoch: no proposal of a leader is left out.',
    cites: ['Zab11 local primary order', 'TLA-3.7 LocalPrimaryOrder'],
    kinds: ['committed', 'newLeaderAcked'],
  },
  (oracle, found) => (record) => {
    const { tree, chosen } = oracle;
    for (const node of chosen.added) {
      found.saw();
      const zxid = tree.zxidOf(node) as Zxid;
      const before = tree.zxidOf(tree.parentOf(node)) as Zxid;
      const first = counterOf(zxid) === 1;
      if (first ? epochOf(before) < epochOf(zxid) : before === zxid - 1) continue;
      const facts = { zxid: zxidText(zxid), after: zxidText(before) };
      found.broken(record, 'local-primary-order', facts);
    }
  },
);
