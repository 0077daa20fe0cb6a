// What is in the logs: one history per zxid, nothing chosen ever removed, never so little of it
// left that a quorum could form without it, and a memory that says the same as the disk.
import type { Zxid } from '../../protocol/ids.js';
import { counterOf } from '../../protocol/ids.js';
import { isQuorum } from '../../protocol/quorum.js';
import { NO_SIDS, sidsOf, withSid } from '../../protocol/sid-set.js';
import { checker } from './checker.js';
import { historyText, zxidText } from './words.js';

/*
 * The next transaction of an epoch is appended behind the one before it, and a learner that joins
 * an epoch has been brought to a prefix of its leader's log first. By induction two logs with an
 * entry of the same zxid are equal up to it. Observers log what INFORM brings, in the same order.
 */
export const historyConsistency = checker(
  {
    id: 'history-consistency',
    kind: 'safety',
    claim:
      'A transaction in a log has the same history before it as when its leader proposed ' +
      'it: logs of one epoch are prefixes of one another.',
    cites: ['Remix25 I-10', 'Disalg ProcessConsistency', 'ZOOKEEPER-1154'],
    kinds: ['appended'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, epochs, servers } = oracle;
    const { log } = servers.of(record.actor);
    const proposed = epochs.proposal(record.zxid);
    if (proposed === log) return;
    found.broken(record, 'history-consistency', {
      zxid: zxidText(record.zxid),
      log: historyText(tree, log),
      before: historyText(tree, servers.before.log),
      proposedAfter: historyText(tree, proposed < 0 ? -1 : tree.parentOf(proposed)),
    });
  },
);

/*
 * A crash may take transactions that were not flushed, chosen ones too: COMMIT does not imply local
 * durability. What a flush has covered it may not take. A cut is an order of the leader of some
 * epoch, which the server has promised: it may take nothing that was chosen in that epoch or an
 * earlier one, because all of that is in the leader's history. Of what a later epoch has chosen the
 * server is no part, since it would have had to promise that one; the leader that it still follows
 * may have been slow to learn that it is none, and owes it nothing that is not its own. What is
 * left must be enough all the same, and `quorum-durability` sees to that.
 * A wiped disk is outside of the model: no protocol can keep what was on it.
 */
export const committedLogDurability = checker(
  {
    id: 'committed-log-durability',
    kind: 'safety',
    claim:
      'A cut, or a snapshot in place of a log, removes nothing from a disk that was chosen in ' +
      'the epoch that the server has promised or before, and a crash nothing chosen at all.',
    cites: ['Disalg CommittedLogDurability', 'Remix25', 'Zab11 synchronization'],
    kinds: ['truncated', 'crash', 'boot'],
  },
  (oracle, found) => (record) => {
    if (record.text === 'wipe') return;
    const { tree, chosen, servers } = oracle;
    const { before } = servers;
    const server = servers.of(record.actor);
    const cut = record.kind === 'truncated' && record.text !== 'failed';
    const owed = cut ? chosen.below(server.acceptedEpoch + 1) : chosen.tip;
    const had = tree.commonPrefix(cut ? before.log : before.durable, owed);
    if (tree.depthOf(had) === 0) return;
    found.saw();
    if (servers.holds(server, had)) return;
    found.broken(record, cut ? 'removed-by-a-cut' : 'lost-by-the-disk', {
      had: historyText(tree, had),
      has: historyText(tree, tree.commonPrefix(server.log, chosen.tip)),
    });
  },
);

/*
 * Every quorum must contain a holder of the chosen history, or the next leader may be elected
 * without it: those who lack it must not be a quorum. Only a server that has just lost it can
 * change that for the worse: a newly chosen transaction is on a quorum by `chosen-by-quorum`.
 */
export const quorumDurability = checker(
  {
    id: 'quorum-durability',
    kind: 'safety',
    claim: 'No quorum could form of servers that all lack a part of the chosen history on disk.',
    cites: ['Zab11 synchronization', 'Medeiros12'],
    kinds: ['truncated', 'crash', 'boot'],
  },
  (oracle, found) => (record) => {
    const { tree, chosen, servers, setup } = oracle;
    const { before } = servers;
    const { tip } = chosen;
    if (tree.depthOf(tip) === 0 || record.text === 'wipe') return;
    found.saw();
    const held = tree.isPrefix(tip, before.durable) || tree.isPrefix(tip, before.snapshot);
    if (!held || servers.holds(servers.of(record.actor), tip)) return;
    let lacking = NO_SIDS;
    for (const sid of setup.ensemble.voterList) {
      if (!servers.holds(servers.of(sid), tip)) lacking = withSid(lacking, sid);
    }
    if (!isQuorum(setup.ensemble.verifier, lacking)) return;
    const facts = { chosen: historyText(tree, tip), lackedBy: sidsOf(lacking).join(' ') };
    found.broken(record, 'quorum-durability', facts);
  },
);

/*
 * A server votes with its memory and leads with its log, so the two must agree when it looks for
 * a leader, and when it has just read its files. A snapshot beyond the end of the log stands for
 * the log.
 */
export const memoryVsDisk = checker(
  {
    id: 'memory-vs-disk',
    kind: 'safety',
    claim:
      'When a server looks for a leader, its memory is exactly the history on its disk, and ' +
      'its last zxid is that of this history.',
    cites: [
      'ZOOKEEPER-2845',
      'ZOOKEEPER-4712',
      'ZOOKEEPER-5094',
      'ZOOKEEPER-4882',
      'ZOOKEEPER-2355',
    ],
    kinds: ['lookingAgain'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { tree, servers } = oracle;
    const { applied, log, snapshot } = servers.of(record.actor);
    // e:0 names what a leader of e began with.
    if (counterOf(record.zxid as Zxid) !== 0 && tree.zxidOf(applied) !== record.zxid) {
      found.broken(record, 'another-zxid', {
        memory: historyText(tree, applied),
        votesWith: zxidText(record.zxid),
      });
      return;
    }
    if (applied === log) return;
    // One whose completion the process did not live to see is known by nothing but its label.
    const fromSnapshot =
      applied === snapshot || (record.kind === 'loaded' && !tree.isForeign(applied));
    if (fromSnapshot && tree.zxidOf(applied) > tree.zxidOf(log)) return;
    found.broken(record, 'memory-vs-disk', {
      memory: historyText(tree, applied),
      log: historyText(tree, log),
      agreeUpTo: historyText(tree, tree.commonPrefix(applied, log)),
    });
  },
);
