// Answers to reads, held against the model: data, names and every field of a Stat, as of the zxid
// that the answer itself gives. What the model keeps no history of (who owned which ephemerals, how
// many descendants there were) is not judged, nor what is refused for want of permission.
import type { Operation, ReadOperation } from '../../protocol/operation.js';
import type { Result, Stat } from '../../protocol/result.js';
import type { ServiceModel } from './oracle/service-model.js';
import type { ZnodeState } from './oracle/znode-state.js';
import { nameHash, statOf } from './oracle/znode-state.js';

interface Difference {
  readonly path: string;
  /** '' for none. */
  readonly what: string;
}

/** What is wrong with the answer; undefined where there is nothing to judge. */
export function differenceOf(
  model: ServiceModel,
  op: Operation,
  result: Result,
  zxid: number,
): Difference | undefined {
  if (op.kind === 'multiRead') {
    if (result.kind !== 'multi') return undefined;
    const parts = op.parts.map((part, index) => {
      const answer = result.results[index];
      return answer === undefined ? undefined : differenceOf(model, part, answer, zxid);
    });
    return parts.find((part) => part?.what !== '') ?? parts.find((part) => part !== undefined);
  }
  if (!isOfOneZnode(op)) return undefined;
  const { path } = op;
  const state = model.stateAt(path, zxid);
  const what = state === undefined ? undefined : compare(result, state);
  return what === undefined ? undefined : { path, what };
}

type OfOneZnode = Extract<
  ReadOperation,
  { readonly kind: 'getData' | 'getChildren' | 'getChildren2' | 'exists' | 'getACL' }
>;

const OF_ONE_ZNODE: ReadonlySet<string> = new Set<OfOneZnode['kind']>([
  ...(['getData', 'getChildren', 'getChildren2', 'exists', 'getACL'] as const),
]);

function isOfOneZnode(op: Operation): op is OfOneZnode {
  return OF_ONE_ZNODE.has(op.kind);
}

function compare(result: Result, state: ZnodeState): string | undefined {
  if (result.kind === 'error') {
    if (result.code === 'NoNode') return state.exists ? 'NoNode, but the znode exists' : '';
    if (result.code !== 'NoAuth' || !state.guard.open) return undefined;
    return state.exists ? 'NoAuth, but everybody may' : 'NoAuth, but there is none';
  }
  if (!state.exists) return 'a znode that does not exist';
  if (result.kind === 'data' && result.data !== state.content.data) return 'other data';
  if (result.kind === 'children') {
    let names = 0;
    for (const name of result.names) names ^= nameHash(name);
    const { family } = state;
    if (result.names.length !== family.children || names !== family.names) return 'other children';
  }
  if (!('stat' in result) || result.stat === undefined) return '';
  return compareStat(result.stat, statOf(state));
}

const WORDS: Readonly<Record<keyof Stat, string>> = {
  czxid: 'another znode of that name',
  mzxid: 'another mzxid',
  pzxid: 'another pzxid',
  ctimeMs: 'another ctime',
  mtimeMs: 'another mtime',
  version: 'another version',
  cversion: 'another cversion',
  aversion: 'another aversion',
  ephemeralOwner: 'another owner',
  dataLength: 'another length',
  numChildren: 'another number of children',
};

const FIELDS = Object.keys(WORDS) as readonly (keyof Stat)[];

function compareStat(got: Stat, expected: Stat): string {
  for (const field of FIELDS) {
    if (got[field] !== expected[field]) return WORDS[field];
  }
  return '';
}
