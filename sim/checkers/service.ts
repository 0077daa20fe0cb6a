// What the service does, judged with inside knowledge: the chosen history gives the order of all
// writes, so nothing has to be searched. A write is linearizable if it stands in that order once,
// after everything that was acknowledged before it began, and does there what a sequential tree
// would do. An operation whose outcome stayed unknown may be in the history or not; nothing else
// about it is free.
import { isWrite } from '../../protocol/operation.js';
import type { Operation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { TxnOp, TxnPart } from '../../protocol/txn.js';
import type { TraceRecord } from '../trace/record.js';
import { checker } from './checker.js';
import type { OperationFacts } from './oracle/clients.js';
import { resultOf } from './oracle/clients.js';
import type { Chosen, Oracle } from './oracle/oracle.js';
import { codeOf, outcomeOf, writesOf } from './oracle/service-model.js';
import { differenceOf } from './read-answers.js';
import type { Fact, Findings } from './verdict.js';
import { zxidText } from './words.js';

/** The leader may refuse a request for its session's sake; such a refusal changes nothing. */
const OF_THE_SESSION = new Set<string>([
  ...['SessionExpired', 'SessionMoved', 'EphemeralOnLocalSession'],
]);

function chosenAs(op: TxnOp | undefined): string {
  return op === undefined ? 'not chosen' : outcomeOf(op);
}

/** The same of an answer. */
function toldBy(result: Result): string {
  if (result.kind === 'error') return result.code;
  if (result.kind !== 'multi') return 'done';
  for (const [index, part] of result.results.entries()) {
    if (part.kind === 'error') return `${part.code} in part ${index}`;
  }
  return 'done';
}

function placeOf(op: Operation): string {
  return 'path' in op && op.path !== null ? op.path : op.kind;
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
  } else if (expected !== 'unclaimed' && !OF_THE_SESSION.has(codeOf(got))) {
    const path = placeOf(operation.op);
    if (got !== expected) broken('decided-otherwise', { path, got, expected });
    else if (!chosen.carriesOut) broken('does-something-else', { path, got: kind });
  }
}

/** To the leader a session that only its server knows has expired; that server knows better. */
function isLocalRefusal(told: string, outcome: TxnOp | undefined): boolean {
  return told === 'EphemeralOnLocalSession' && chosenAs(outcome) === 'SessionExpired';
}

function judgeAnswer(found: Findings, record: TraceRecord, operation: OperationFacts): void {
  const result = resultOf(record);
  if (result === undefined) return;
  const told = toldBy(result);
  found.saw();
  const { outcome, zxid } = operation;
  const broken = (rule: string, more: Record<string, Fact>): void => {
    const { cxid } = operation;
    const answer = { cxid, told, outcome: chosenAs(outcome), zxid: zxidText(record.zxid) };
    const facts = { ...answer, ...more };
    found.broken(record, rule, facts, [operation.invokedBy]);
  };
  if (zxid === 0) {
    if (told === 'done') broken('acknowledged-but-not-chosen', {});
  } else if (told !== chosenAs(outcome) && !isLocalRefusal(told, outcome)) {
    broken('told-otherwise', {});
  } else if (record.zxid !== zxid) {
    broken('told-another-zxid', { chosenAs: zxidText(zxid) });
  } else if (outcome !== undefined && told === 'done') {
    const wrong = whatDiffers(result, outcome, zxid);
    if (wrong !== undefined) broken(wrong.rule, wrong.facts);
  }
}

interface Difference {
  readonly rule: string;
  readonly facts: Record<string, Fact>;
}

/** An answer that says done, and what was done. */
function whatDiffers(
  result: Result,
  outcome: TxnOp | TxnPart,
  zxid: number,
): Difference | undefined {
  if (result.kind === 'multi' && outcome.kind === 'multi') {
    for (const [index, part] of outcome.parts.entries()) {
      const answer = result.results[index];
      const wrong = answer === undefined ? undefined : whatDiffers(answer, part, zxid);
      if (wrong !== undefined) return wrong;
    }
  }
  if (result.kind === 'created' && outcome.kind === 'create') {
    if (result.path === outcome.path) return undefined;
    return { rule: 'told-another-path', facts: { path: result.path, made: outcome.path } };
  }
  if (result.kind !== 'stat' || outcome.kind !== 'setData') return undefined;
  const { version, mzxid } = result.stat;
  if (version === outcome.version && mzxid === zxid) return undefined;
  const facts = { version, expectedVersion: outcome.version, mzxid: zxidText(mzxid) };
  return { rule: 'told-another-version', facts };
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
    if (isWrite(op)) return;
    const difference = differenceOf(oracle.model, op, result, record.zxid);
    if (difference === undefined) return;
    found.saw();
    if (difference.what === '') return;
    const { path, what } = difference;
    const facts = { path, zxid: zxidText(record.zxid), difference: what };
    found.broken(record, 'reads-see-a-prefix', facts, [operation.invokedBy]);
  },
);

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
      for (const write of writesOf(op)) {
        if (write.kind !== 'create' || write.life.kind !== 'ephemeral') continue;
        found.saw();
        const facts = { zxid: zxidText(txn.zxid), session: txn.session, path: write.path };
        const { owner } = write.life;
        if (owner !== txn.session) found.broken(record, 'owner-is-another', { ...facts, owner });
        else if (!sessionOpen) found.broken(record, 'owner-is-closed', facts);
      }
      if (op.kind === 'closeSession' && (ephemerals.length > 0 || op.paths.length > 0)) {
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
