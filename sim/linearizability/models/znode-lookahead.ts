// What completed operations on one path demand of it, for a search that wants to know whether a
// move is a dead end (lookahead.ts). A version never comes back unless the znode is removed in
// between, so a version must not be left, nor be reached with another text, while it is demanded.
import type { History } from '../history.js';
import { isPending } from '../history.js';
import type { Token } from '../lookahead.js';
import { lookaheadByToken, someLeft } from '../lookahead.js';
import type { Lookahead } from '../model.js';
import { DOOMED } from '../model.js';
import type { Family, ZnodeOp, ZnodeResult } from './znode-op.js';

type Ops = History<ZnodeOp, ZnodeResult>;

/** Texts begin with '=', so this is none. */
const ABSENT = 'absent';

export function lookaheadForPath(ops: Ops, path: string): Lookahead<Family> {
  const byVersion = lookaheadByVersion(ops, path);
  const byText = lookaheadByText(ops, path);
  return (from, to, done) => {
    if (from[path] === to[path]) return to;
    return byVersion(from, to, done) === DOOMED ? DOOMED : byText(from, to, done);
  };
}

function lookaheadByText(ops: Ops, path: string): Lookahead<Family> {
  return lookaheadByToken<Family, ZnodeOp, ZnodeResult>(ops, {
    tokenOf: (state) => textToken(state[path]?.value),
    demands: (op, result) => {
      if (op.path !== path || result === undefined) return undefined;
      if (result.error !== undefined) {
        return result.error === 'NONODE' && op.f !== 'create' ? ABSENT : undefined;
      }
      if (op.f === 'create') return ABSENT;
      return op.f === 'get' && result.value !== undefined ? textToken(result.value) : undefined;
    },
    produces: (op, result) => {
      if (op.path !== path || result?.error !== undefined) return undefined;
      if (op.f === 'create' || op.f === 'set') return textToken(op.value);
      return op.f === 'delete' || op.f === 'expire' ? ABSENT : undefined;
    },
  });
}

function textToken(text: string | undefined): Token {
  return text === undefined ? ABSENT : `=${text}`;
}

function lookaheadByVersion(ops: Ops, path: string): Lookahead<Family> {
  const demanding = new Map<number, { index: number; text: string | undefined }[]>();
  const removing: number[] = [];
  ops.forEach((one, index) => {
    const { op, result } = one;
    if (op.path !== path || result?.error !== undefined) return;
    if (op.f === 'delete' || op.f === 'expire') removing.push(index);
    const version = isPending(one) ? undefined : versionDemanded(op, result);
    if (version === undefined) return;
    const demand = { index, text: op.f === 'get' ? result?.value : undefined };
    const demands = demanding.get(version);
    if (demands === undefined) demanding.set(version, [demand]);
    else demands.push(demand);
  });
  return (from, to, done) => {
    const before = from[path];
    const after = to[path];
    // A removal makes room for other versions to come.
    if (after === undefined || someLeft(removing, done)) return to;
    const left = before === undefined ? undefined : demanding.get(before.version);
    if (left?.some(({ index }) => done[index] === 0) === true) return DOOMED;
    const clash = demanding
      .get(after.version)
      ?.some(({ index, text }) => done[index] === 0 && text !== undefined && text !== after.value);
    return clash === true ? DOOMED : to;
  };
}

function versionDemanded(op: ZnodeOp, result: ZnodeResult | undefined): number | undefined {
  if (result === undefined) return undefined;
  switch (op.f) {
    case 'get':
    case 'exists':
      return result.version;
    case 'set':
      if (result.version !== undefined) return result.version - 1;
      return op.version === -1 ? undefined : op.version;
    case 'delete':
      return op.version === -1 ? undefined : op.version;
    case 'create':
    case 'sync':
    case 'expire':
      return undefined;
  }
}
