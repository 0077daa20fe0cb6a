// What the epoch files say: promises are kept, and an epoch is claimed only by who has its history.
import type { Zxid } from '../../protocol/ids.js';
import { epochOf } from '../../protocol/ids.js';
import { checker } from './checker.js';
import { SERVER_SLOTS } from './oracle/servers.js';
import { historyText, zxidText } from './words.js';

export const epochFiles = checker(
  {
    id: 'epoch-files',
    kind: 'safety',
    claim:
      'acceptedEpoch and currentEpoch never decrease on a disk, currentEpoch never exceeds ' +
      'acceptedEpoch, and a history sent with ACKEPOCH is of no later epoch than the ' +
      'currentEpoch sent with it.',
    cites: ['ZK-Java QuorumPeer.loadDataBase', 'ZOOKEEPER-1653', 'ZOOKEEPER-2307'],
    kinds: ['epochFile', 'boot', 'crash', 'promised'],
  },
  (oracle, found) => (record) => {
    if (record.text === 'wipe') return;
    found.saw();
    const { servers } = oracle;
    const { before } = servers;
    const { acceptedEpoch, currentEpoch } = servers.of(record.actor);
    if (record.kind === 'promised') {
      if (record.value < 0 || epochOf(record.zxid as Zxid) <= record.value) return;
      const facts = { last: zxidText(record.zxid), currentEpoch: record.value };
      found.broken(record, 'history-beyond-current-epoch', facts);
      return;
    }
    const facts = {
      acceptedEpoch,
      currentEpoch,
      acceptedEpochBefore: before.acceptedEpoch,
      currentEpochBefore: before.currentEpoch,
    };
    if (acceptedEpoch < before.acceptedEpoch) {
      found.broken(record, 'accepted-epoch-decreased', facts);
    } else if (currentEpoch < before.currentEpoch) {
      found.broken(record, 'current-epoch-decreased', facts);
    } else if (currentEpoch > acceptedEpoch) {
      found.broken(record, 'current-epoch-beyond-accepted', facts);
    }
  },
);

/*
 * The histories of an epoch all continue its initial one, and an election puts the epoch before
 * the zxid: so who names an epoch must have its beginning. It may lose it again, to a TRUNC of a
 * leader of a later epoch, whose own it then begins to promise; so only the change is judged.
 */
export const epochClaimsHistory = checker(
  {
    id: 'epoch-claims-history',
    kind: 'safety',
    claim:
      'When currentEpoch rises on a disk, the initial history of that epoch is on that disk ' +
      'already.',
    cites: ['Zab11 synchronization', 'ZOOKEEPER-4643', 'ZK-Java Learner.syncWithLeader'],
    kinds: ['epochFile', 'boot', 'crash'],
  },
  (oracle, found) => (record) => {
    const { tree, epochs, servers } = oracle;
    const server = servers.of(record.actor);
    const { currentEpoch } = server;
    if (record.text === 'wipe' || currentEpoch <= servers.before.currentEpoch) return;
    const epoch = epochs.find(currentEpoch);
    if (epoch === undefined) return;
    found.saw();
    if (servers.holds(server, epoch.initial)) return;
    const facts = {
      currentEpoch,
      onDisk: historyText(tree, server.durable),
      initial: historyText(tree, epoch.initial),
    };
    found.broken(record, 'epoch-claims-history', facts, [epoch.establishedBy]);
  },
);

/** Why a server turns down its own files, other than a disk that damaged or lost them. */
const CONTRADICTIONS = new Set([
  'currentEpoch is above acceptedEpoch',
  'the log is of an epoch never accepted',
  'the log is of a later epoch than currentEpoch',
]);

export const restartableFiles = checker(
  {
    id: 'restartable-files',
    kind: 'safety',
    claim:
      'Whatever a crash leaves of what a server has written, its files do not contradict one ' +
      'another, and it starts again.',
    cites: ['ZK-Java QuorumPeer.loadDataBase', 'ZOOKEEPER-1653', 'ZOOKEEPER-2354'],
    kinds: ['boot', 'halted'],
  },
  (oracle, found) => (record) => {
    if (record.kind === 'boot') {
      found.saw();
      return;
    }
    if (!CONTRADICTIONS.has(record.text)) return;
    const { currentEpoch, acceptedEpoch, log } = oracle.servers.of(record.actor);
    const facts = { currentEpoch, acceptedEpoch, log: historyText(oracle.tree, log) };
    found.broken(record, 'restartable-files', { ...facts, reason: record.text });
  },
);

/**
 * A leader promises its own epoch to itself, when it is on its disk; before that it may fail and
 * try again.
 */
const OWN_PROMISE = 'establish/writeAcceptedEpoch';

/** A wiped disk remembers no promise, and none is held against it. */
export const onePromisePerEpoch = checker(
  {
    id: 'one-promise-per-epoch',
    kind: 'safety',
    claim: 'A server promises an epoch once: to one leader, on one connection.',
    cites: ['Zab11 discovery', 'ZOOKEEPER-335', 'ZK-Java Learner.registerWithLeader'],
    kinds: ['promised', 'stepDone', 'crash'],
  },
  (_oracle, found) => {
    const promises = new Map<number, number>();
    const forgottenBelow = new Map<number, number>();
    return (record) => {
      if (record.kind === 'crash') {
        if (record.text === 'wipe') forgottenBelow.set(record.actor, record.index);
        return;
      }
      if (record.kind === 'promised' && record.value < 0) return;
      if (record.kind === 'stepDone' && record.text !== OWN_PROMISE) return;
      found.saw();
      const key = record.epoch * SERVER_SLOTS + record.actor;
      const earlier = promises.get(key);
      promises.set(key, record.index);
      if (earlier === undefined || earlier < (forgottenBelow.get(record.actor) ?? 0)) return;
      found.broken(record, 'one-promise-per-epoch', { epoch: record.epoch }, [earlier]);
    };
  },
);
