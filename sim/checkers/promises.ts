// What the epoch files say: promises are kept, and an epoch is claimed only by who has its history.
import type { Zxid } from '../../protocol/ids.js';
import { epochOf } from '../../protocol/ids.js';
import { checker } from './checker.js';
import { SERVER_SLOTS } from './oracle/servers.js';
import { zxidText } from './words.js';

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
