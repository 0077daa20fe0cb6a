// M8 and M9: a learner whose log has a tail that is not its leader's must lose that tail, all of it
// and nothing else.
import type { Zxid } from '../../ids.js';
import type { TxnLog } from '../../txn-log.js';
import type { Variant } from '../variant.js';

function entryBefore(log: TxnLog, zxid: Zxid): Zxid {
  const index = log.indexFrom(zxid);
  if (index >= log.length) return zxid;
  return index === 0 ? log.baseZxid : log.at(index - 1).zxid;
}

function entryAfter(log: TxnLog, zxid: Zxid): Zxid {
  const index = log.indexFrom((zxid + 1) as Zxid);
  return index < log.length ? log.at(index).zxid : zxid;
}

export const truncateOmitted: Variant = {
  id: 'truncate-omitted',
  kind: 'mutation',
  title: 'DIFF in place of TRUNC: the stale tail stays',
  jira: [],
  cites: ['ZK-Java LearnerHandler.syncFollower', 'ZOOKEEPER-1154'],
  claim: 'A learner keeps transactions that nobody else has and appends to them.',
  breaks: ['prefix-consistency', 'history-consistency'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({
    ...rules,
    chooseSync: (input, limits) => {
      const plan = rules.chooseSync(input, limits);
      return plan.mode === 'trunc' ? { ...plan, mode: 'diff' } : plan;
    },
  }),
};

export const truncateOneTooMany: Variant = {
  id: 'truncate-one-too-many',
  kind: 'mutation',
  title: 'TRUNC cuts the transaction that it names as well',
  jira: [],
  cites: ['ZK-Java FileTxnLog.truncate', 'ZOOKEEPER-1156'],
  claim: 'A learner loses a transaction that it has acknowledged and that is chosen.',
  breaks: ['committed-log-durability', 'history-consistency', 'ack-truthfulness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, cutAt: entryBefore }),
};

export const truncateOneTooFew: Variant = {
  id: 'truncate-one-too-few',
  kind: 'mutation',
  title: 'TRUNC leaves one transaction more than it names',
  jira: [],
  cites: ['ZK-Java FileTxnLog.truncate'],
  claim: 'A learner keeps one transaction that its leader has not.',
  breaks: ['prefix-consistency', 'history-consistency'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, cutAt: entryAfter }),
};
