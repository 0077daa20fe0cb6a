// What acknowledgements mean: it is on my disk, and so is everything before it; and to a client:
// it is chosen.
import type { Zxid } from '../../protocol/ids.js';
import { counterOf, epochOf } from '../../protocol/ids.js';
import { hasSid } from '../../protocol/sid-set.js';
import type { ServerId } from '../../protocol/ids.js';
import { checker } from './checker.js';
import { isDecided } from './oracle/clients.js';
import { historyText, zxidText } from './words.js';

/*
 * The acknowledgement of NEWLEADER speaks for the whole initial history of the epoch and for the
 * epoch file. An observer's is not counted, and it logs only after UPTODATE: nothing is claimed
 * of it.
 */
export const ackTruthfulness = checker(
  {
    id: 'ack-truthfulness',
    kind: 'safety',
    claim:
      'What a follower acknowledges is on its disk: the proposal and all before it, or the ' +
      "leader's initial history together with the epoch.",
    cites: [
      'ZK-Java SendAckRequestProcessor',
      'ZOOKEEPER-3911',
      'ZOOKEEPER-4646',
      'ZOOKEEPER-4643',
    ],
    kinds: ['ackSent'],
  },
  (oracle, found) => (record) => {
    const { tree, epochs, servers, setup } = oracle;
    if (!hasSid(setup.ensemble.voters, record.actor as number as ServerId)) return;
    found.saw();
    const server = servers.of(record.actor);
    const zxid = record.zxid as Zxid;
    const newLeader = counterOf(zxid) === 0;
    const epoch = epochs.find(record.epoch);
    const claimed = newLeader ? (epoch?.initial ?? -1) : epochs.proposal(zxid);
    const rule =
      claimed < 0 || !servers.holds(server, claimed)
        ? newLeader
          ? 'initial-history-not-on-disk'
          : 'proposal-not-on-disk'
        : newLeader && server.currentEpoch < record.epoch
          ? 'epoch-not-on-disk'
          : '';
    if (rule === '') return;
    const facts = {
      acked: zxidText(zxid),
      claims: historyText(tree, claimed),
      onDisk: historyText(tree, server.durable),
      currentEpoch: server.currentEpoch,
    };
    found.broken(record, rule, facts, [epoch?.establishedBy ?? -1]);
  },
);

/*
 * A follower acknowledges every proposal of its leader, and a connection keeps their order. Two
 * connections of one follower keep none between them: what was under way on the old one may come
 * last. NEWLEADER's acknowledgement begins a connection anew.
 */
export const ackOrder = checker(
  {
    id: 'ack-order',
    kind: 'safety',
    claim:
      'A follower acknowledges NEWLEADER, then proposals one after the other without a gap, ' +
      'and its leader receives them in that order.',
    cites: ['TLA-3.7 ShouldNotBeTriggered', 'ZOOKEEPER-4685'],
    kinds: ['ackSent', 'ackReceived'],
  },
  (_oracle, found) => {
    const sent = new Map<number, Zxid>();
    const received = new Map<number, Zxid>();
    return (record) => {
      const zxid = record.zxid as Zxid;
      const outgoing = record.kind === 'ackSent';
      const last = outgoing ? sent : received;
      // Connections are numbered from 1; the leader's own acknowledgements come on none.
      const own = outgoing || record.value === 0;
      const key = own ? 0 - record.actor : record.value;
      const previous = last.get(key);
      last.set(key, zxid);
      if (counterOf(zxid) === 0) return;
      if (previous === undefined) {
        if (own) return;
        found.saw();
        found.broken(record, 'before-newleader', { acked: zxidText(zxid) });
        return;
      }
      if (counterOf(previous) === 0 || epochOf(previous) !== epochOf(zxid)) return;
      found.saw();
      if (zxid === previous + 1) return;
      const facts = { acked: zxidText(zxid), after: zxidText(previous) };
      found.broken(record, outgoing ? 'sent' : 'received', facts);
    };
  },
);

export const ackedWriteIsChosen = checker(
  {
    id: 'acked-write-is-chosen',
    kind: 'client',
    claim: 'When a server answers a write, the transaction that carries it out is chosen.',
    cites: ['Zab11 agreement', 'ZK-Java FinalRequestProcessor'],
    kinds: ['replied'],
  },
  (oracle, found) => (record) => {
    const operation = oracle.clients.find(record.value, record.digest);
    if (operation === undefined || !isDecided(operation.op)) return;
    found.saw();
    if (operation.zxid === record.zxid && operation.zxid !== 0) return;
    const facts = {
      answer: record.text,
      zxid: zxidText(record.zxid),
      chosenAs: operation.zxid === 0 ? 'not chosen' : zxidText(operation.zxid),
      chosen: historyText(oracle.tree, oracle.chosen.tip),
    };
    found.broken(record, 'acked-write-is-chosen', facts, [operation.invokedBy]);
  },
);
