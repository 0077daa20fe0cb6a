// What a leader proposes: each transaction under a zxid of its own, in sequence, and only on top of
// everything that earlier epochs have had chosen.
import type { Zxid } from '../../protocol/ids.js';
import { counterOf, epochOf } from '../../protocol/ids.js';
import { checker } from './checker.js';
import { historyText, zxidText } from './words.js';

export const uniqueZxid = checker(
  {
    id: 'unique-zxid',
    kind: 'safety',
    claim: 'A zxid is proposed once, for one transaction, for ever.',
    cites: ['Zab11 transaction identifiers', 'ZOOKEEPER-1277', 'ZOOKEEPER-1343'],
    kinds: ['proposed'],
  },
  (oracle, found) => {
    const proposedBy = new Map<number, number>();
    return (record) => {
      found.saw();
      const { tree, epochs } = oracle;
      const before = proposedBy.get(record.zxid);
      if (before === undefined) {
        proposedBy.set(record.zxid, record.index);
        return;
      }
      const first = epochs.proposal(record.zxid);
      const facts = {
        zxid: zxidText(record.zxid),
        digest: record.digest,
        firstDigest: tree.digestOf(first),
      };
      found.broken(record, 'unique-zxid', facts, [before]);
    };
  },
);

export const counterDiscipline = checker(
  {
    id: 'counter-discipline',
    kind: 'safety',
    claim:
      'An established leader proposes e:1, e:2, e:3 and so on without a gap, up to the ' +
      'largest counter.',
    cites: ['ZK-Java PrepRequestProcessor', 'ZOOKEEPER-1277', 'ZOOKEEPER-335'],
    kinds: ['proposed'],
  },
  (oracle, found) => (record) => {
    found.saw();
    const { epochs, setup } = oracle;
    const zxid = record.zxid as Zxid;
    const previous = epochs.previousProposal;
    const known = epochs.find(record.epoch);
    const counter = previous === 0 ? 1 : counterOf(previous as Zxid) + 1;
    const rule =
      known?.leader !== record.actor || epochOf(zxid) !== record.epoch
        ? 'epoch-of-an-established-leader'
        : counterOf(zxid) !== counter
          ? 'next-counter'
          : counter > setup.limits.counterMax
            ? 'largest-counter'
            : '';
    if (rule === '') return;
    const facts = {
      zxid: zxidText(zxid),
      epoch: record.epoch,
      previous: zxidText(previous),
      establishedLeader: known?.leader ?? 0,
    };
    found.broken(record, rule, facts, [known?.establishedBy ?? -1]);
  },
);

/*
 * A deposed leader may go on proposing: its proposals get no quorum any more. So the claim is
 * about what was chosen in epochs before its own, which is complete when it begins: a later
 * transaction of an older epoch would need a quorum that has not promised this epoch.
 */
export const primaryIntegrity = checker(
  {
    id: 'primary-integrity',
    kind: 'safety',
    claim:
      'Before a leader first proposes it has applied all that was chosen in earlier epochs, ' +
      'and nothing of an earlier epoch is chosen afterwards.',
    cites: ['Zab11 primary integrity', 'TLA-3.7 PrimaryIntegrity'],
    kinds: ['proposed', 'committed', 'newLeaderAcked'],
  },
  (oracle, found) => {
    const { tree, chosen, epochs, servers } = oracle;
    let newest = 0;
    let newestBy = -1;
    return (record) => {
      if (record.kind === 'proposed') {
        if (epochs.previousProposal !== 0) return;
        found.saw();
        const { applied } = servers.of(record.actor);
        const older = chosen.below(record.epoch);
        if (!tree.isPrefix(older, applied)) {
          const facts = {
            epoch: record.epoch,
            applied: historyText(tree, applied),
            chosenInEarlierEpochs: historyText(tree, older),
          };
          found.broken(record, 'applied-before-first-proposal', facts);
        }
        if (record.epoch <= newest) return;
        newest = record.epoch;
        newestBy = record.index;
        return;
      }
      for (const node of chosen.added) {
        found.saw();
        const zxid = tree.zxidOf(node);
        if (epochOf(zxid as Zxid) >= newest) continue;
        const facts = { zxid: zxidText(zxid), newestEpoch: newest };
        found.broken(record, 'chosen-behind-a-newer-leader', facts, [newestBy]);
        break;
      }
    };
  },
);
