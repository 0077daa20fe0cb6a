// What the service does, judged with inside knowledge: the chosen history gives the order of all
// writes, so nothing has to be searched. A write is linearizable if it stands in that order once,
// after everything that was acknowledged before it began, and does there what a sequential tree
// would do. An operation whose outcome stayed unknown may be in the history or not; nothing else
// about it is free.
import { unreachable } from '../../base/assert.js';
import type { Result } from '../../protocol/operation.js';
import type { TxnOp } from '../../protocol/txn.js';
import type { TraceRecord } from '../trace/record.js';
import { checker } from './checker.js';
import type { OperationFacts } from './oracle/clients.js';
import { isWrite, resultOf } from './oracle/clients.js';
import type { Chosen, Oracle } from './oracle/oracle.js';
import type { ZnodeState } from './oracle/service-model.js';
import { nameHash } from './oracle/service-model.js';
import type { Fact, Findings } from './verdict.js';
import { zxidText } from './words.js';

/** The leader may refuse a request for its session's sake; such a refusal changes nothing. */
const OF_THE_SESSION = new Set<string>(['SessionExpired', 'SessionMoved']);

function outcomeOf(op: TxnOp | undefined): string {
  if (op === undefined) return 'not chosen';
  return op.kind === 'error' ? op.code : 'done';
}

export const linearizableWrites = checker(
  {
    id: 'linearizable-writes',
    kind: 'client',
    claim:
      'Each acknowledged write is chosen once, after all writes acknowledged before it ' +
      'began, and its result is what a sequential model gives at that place.',
    cites: ['Wing93', 'Medeiros12', 'Jepsen'],
    kinds: ['committed', 'newLeaderAcked', 'completed'],
  },
  (oracle, found) => (record) => {
    if (record.kind !== 'completed') {
      for (const chosen of oracle.justChosen) judgeChosen(oracle, found, record, chosen);
      return;
    }
    const operation = oracle.clients.completing;
    if (operation === undefined || !isWrite(operation.op) || record.text === 'unknown') return;
    judgeAnswer(found, record, operation);
  },
);

function judgeChosen(oracle: Oracle, found: Findings, record: TraceRecord, chosen: Chosen): void {
  const { txn, operation, expected } = chosen;
  const { kind } = txn.op;
  if (txn.cxid === 0 || kind === 'closeSession') return;
  const broken = (rule: string, more: Record<string, Fact>): void => {
    const facts = { zxid: zxidText(txn.zxid), session: txn.session, cxid: txn.cxid, ...more };
    found.broken(record, rule, facts, [operation?.invokedBy ?? -1]);
  };
  if (operation === undefined) {
    if (!oracle.clients.knows(txn.session) || kind === 'error') return;
    found.saw();
    broken('chosen-without-a-pending-operation', {});
    return;
  }
  found.saw();
  const got = outcomeOf(txn.op);
  if (chosen.earlierZxid !== 0) {
    broken('chosen-twice', { first: zxidText(chosen.earlierZxid) });
  } else if (txn.zxid <= operation.floorZxid) {
    broken('real-time-order', { ackedBeforeItBegan: zxidText(operation.floorZxid) });
  } else if (expected !== 'unclaimed' && !OF_THE_SESSION.has(got)) {
    const { path } = operation.op;
    if (got !== expected) broken('decided-otherwise', { path, got, expected });
    else if (!chosen.carriesOut) broken('does-something-else', { path, got: kind });
  }
}

function judgeAnswer(found: Findings, record: TraceRecord, operation: OperationFacts): void {
  const result = resultOf(record);
  if (result === undefined) return;
  const told = result.kind === 'error' ? result.code : 'done';
  found.saw();
  const { outcome, zxid } = operation;
  const broken = (rule: string, more: Record<string, Fact>): void => {
    const { cxid } = operation;
    const answer = { cxid, told, outcome: outcomeOf(outcome), zxid: zxidText(record.zxid) };
    const facts = { ...answer, ...more };
    found.broken(record, rule, facts, [operation.invokedBy]);
  };
  if (zxid === 0) {
    if (told === 'done') broken('acknowledged-but-not-chosen', {});
  } else if (told !== outcomeOf(outcome)) {
    broken('told-otherwise', {});
  } else if (record.zxid !== zxid) {
    broken('told-another-zxid', { chosenAs: zxidText(zxid) });
  } else if (result.kind === 'done' && result.stat !== undefined && outcome?.kind === 'setData') {
    const { version, mzxid } = result.stat;
    if (version === outcome.version && mzxid === zxid) return;
    const expectedVersion = outcome.version;
    broken('told-another-version', { version, expectedVersion, mzxid: zxidText(mzxid) });
  }
}

export const readsSeeAPrefix = checker(
  {
    id: 'reads-see-a-prefix',
    kind: 'client',
    claim:
      'A read returns what the chosen history up to the zxid of its answer has made of the znode.',
    cites: ['Medeiros12', 'ZOOKEEPER-1549', 'ZK-Java DataTree'],
    kinds: ['completed'],
  },
  (oracle, found) => (record) => {
    const operation = oracle.clients.completing;
    const result = resultOf(record);
    if (operation === undefined || record.text === 'unknown' || result === undefined) return;
    const { op } = operation;
    if (isWrite(op) || op.kind === 'sync') return;
    const state = oracle.model.stateAt(op.path, record.zxid);
    if (state === undefined) return;
    const difference = compareRead(result, state);
    if (difference === 'unclaimed') return;
    found.saw();
    if (difference === '') return;
    const facts = { path: op.path, zxid: zxidText(record.zxid), difference };
    found.broken(record, 'reads-see-a-prefix', facts, [operation.invokedBy]);
  },
);

/** What is wrong with the answer; '' for nothing. */
function compareRead(result: Result, state: ZnodeState): string {
  switch (result.kind) {
    case 'error':
      if (result.code !== 'NoNode') return 'unclaimed';
      return state.exists ? 'NoNode, but the znode exists' : '';
    case 'done':
      if (!state.exists) return 'a znode that does not exist';
      return result.stat === undefined ? '' : compareStat(result.stat, state);
    case 'data':
      if (!state.exists) return 'data of a znode that does not exist';
      if (result.data !== state.data) return 'other data';
      return compareStat(result.stat, state);
    case 'children': {
      if (!state.exists) return 'children of a znode that does not exist';
      let names = 0;
      for (const name of result.names) names ^= nameHash(name);
      return result.names.length === state.children && names === state.names
        ? ''
        : 'other children';
    }
    default:
      return unreachable(result);
  }
}

function compareStat(
  stat: { readonly version: number; readonly czxid: number; readonly ephemeralOwner: number },
  state: ZnodeState,
): string {
  if (state.czxid === 0) return '';
  if (stat.version !== state.version) return 'another version';
  if (stat.czxid !== state.czxid) return 'another znode of that name';
  return stat.ephemeralOwner === state.owner ? '' : 'another owner';
}

export const ephemeralExactness = checker(
  {
    id: 'ephemeral-exactness',
    kind: 'client',
    claim:
      'Closing a session removes exactly the ephemeral znodes it owns there, and no closed ' +
      'session gets another.',
    cites: ['ZOOKEEPER-1208', 'ZK-Java PrepRequestProcessor.pRequest2Txn'],
    kinds: ['committed', 'newLeaderAcked'],
  },
  (oracle, found) => (record) => {
    for (const { txn, ephemerals, sessionOpen } of oracle.justChosen) {
      const { op } = txn;
      if (op.kind === 'create' && op.ephemeralOwner !== 0) {
        found.saw();
        if (sessionOpen) continue;
        const facts = { zxid: zxidText(txn.zxid), session: txn.session, path: op.path };
        found.broken(record, 'owner-is-closed', facts);
      } else if (op.kind === 'closeSession' && (ephemerals.length > 0 || op.paths.length > 0)) {
        found.saw();
        const [owned, removed] = [new Set(ephemerals), new Set(op.paths)];
        const left = ephemerals.filter((path) => !removed.has(path));
        const foreign = op.paths.filter((path) => !owned.has(path));
        if (left.length === 0 && foreign.length === 0) continue;
        const facts = { zxid: zxidText(txn.zxid), session: txn.session };
        const paths = { leftBehind: left.join(' '), notItsOwn: foreign.join(' ') };
        found.broken(record, 'close-removes-others', { ...facts, ...paths });
      }
    }
  },
);
