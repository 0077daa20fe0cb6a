// The znodes of ZooKeeper as clients see them: path, text, version; create, set, delete, get,
// exists, and sync. Refused operations are answers too: BADVERSION says that the version was
// another one.
//
// An object of its own is a family of paths that are each other's parents and children, as far as
// the history mentions them. Parents that it never mentions are taken to exist, and children that
// it never mentions may exist. The root exists from the beginning, empty. An ephemeral znode may
// vanish at any time after its creation: such a history holds one pending `expire` for each
// ephemeral create. [ZK-Java PrepRequestProcessor]
import type { History } from '../history.js';
import type { Lookahead, Model, Refusal } from '../model.js';
import { DOOMED, refuse } from '../model.js';
import { lookaheadForPath } from './znode-lookahead.js';
import { contradiction } from './znode-versions.js';
import type { Family, Znode, ZnodeOp, ZnodeResult } from './znode-op.js';
import { REAPER } from './znode-op.js';

export type ZnodeModel = Model<Family, ZnodeOp, ZnodeResult>;

/** Beyond this a family is too large for its lookahead to pay. */
const FAMILY_MAX = 8;

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

const ROOT: Znode = { value: '', version: 0, owner: '' };

/** The model for histories that mention no other paths than these. */
export function znodeModel(paths: Iterable<string>): ZnodeModel {
  const known = new Set(paths);
  const families = familiesOf(known);
  return {
    name: 'znode',
    initial: known.has('/') ? { '/': ROOT } : {},
    step: (state, op, result) => step(state, op, result, known),
    key: (op) => families.get(op.path) ?? op.path,
    isPure: (op, result) =>
      op.f === 'get' || op.f === 'exists' || op.f === 'sync' || result?.error !== undefined,
    stateKey,
    classKey,
    describeOp: describe,
    describeState: show,
    lookahead: lookaheadForFamily,
    monitor: (ops) => {
      const found = contradiction(ops, 'everyone');
      if (found === undefined) return undefined;
      const { ops: culprits, because } = found;
      return { method: 'versions', linearizable: false, culprits, because };
    },
  };
}

/** The model for one history; a sync says nothing of its path, not even that it exists. */
export function znodeModelOf(history: History<ZnodeOp, ZnodeResult>): ZnodeModel {
  return znodeModel(history.flatMap(({ op }) => (op.f === 'sync' ? [] : [op.path])));
}

/** Name of each path's family: its shortest path. */
function familiesOf(known: ReadonlySet<string>): Map<string, string> {
  const families = new Map<string, string>();
  const sorted = [...known].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  // A parent is shorter than its children, so it has a name before they ask for it.
  for (const path of sorted) families.set(path, families.get(parentOf(path)) ?? path);
  return families;
}

function step(
  state: Family,
  op: ZnodeOp,
  result: ZnodeResult | undefined,
  known: ReadonlySet<string>,
): Family | Refusal {
  if (op.f === 'sync') return state;
  const znode = state[op.path];
  if (op.f === 'get' || op.f === 'exists') return stepRead(state, znode, op, result);
  const failure = failureOf(state, znode, op, known);
  if (result === undefined) return failure === undefined ? after(state, znode, op) : state;
  if (result.error !== undefined) return stepRefused(state, op, result.error, failure, known);
  if (failure !== undefined) return refuse(`it succeeded, but ${failure.because}`);
  const version = op.f === 'create' ? 0 : (znode?.version ?? -1) + 1;
  if (op.f !== 'delete' && result.version !== undefined && result.version !== version) {
    return refuse(() => `it made version ${String(result.version)}, but here it makes ${version}`);
  }
  return after(state, znode, op);
}

interface Failure {
  readonly code: string;
  readonly because: string;
}

/** The error that the operation gets in this state, as far as the known paths tell. */
function failureOf(
  state: Family,
  znode: Znode | undefined,
  op: ZnodeOp,
  known: ReadonlySet<string>,
): Failure | undefined {
  const fail = (code: string, because: string): Failure => ({ code, because });
  if (op.f === 'create') {
    const parent = parentOf(op.path);
    const above = state[parent];
    if (known.has(parent) && above === undefined) return fail('NONODE', `${parent} does not exist`);
    if (above !== undefined && above.owner !== '' && above.owner !== REAPER) {
      return fail('NOCHILDRENFOREPHEMERALS', `${parent} is ephemeral`);
    }
    return znode === undefined ? undefined : fail('NODEEXISTS', `${op.path} exists`);
  }
  if (znode === undefined) return fail('NONODE', `${op.path} does not exist`);
  if (op.f === 'expire') {
    return znode.owner === op.owner ? undefined : fail('NONODE', `${op.path} is another session's`);
  }
  if (op.version !== -1 && op.version !== znode.version) {
    return fail('BADVERSION', `${op.path} has version ${znode.version}`);
  }
  const child = op.f === 'delete' ? childOf(state, op.path) : undefined;
  return child === undefined ? undefined : fail('NOTEMPTY', `${child} exists`);
}

function childOf(state: Family, path: string): string | undefined {
  return Object.keys(state).find((other) => other !== path && parentOf(other) === path);
}

/**
 * An error is right if it is the one of this state, or could be for what the history never
 * mentions.
 */
function stepRefused(
  state: Family,
  op: ZnodeOp,
  error: string,
  failure: Failure | undefined,
  known: ReadonlySet<string>,
): Family | Refusal {
  if (failure?.code === error) return state;
  switch (error) {
    case 'NONODE':
      if (op.f === 'create' && !known.has(parentOf(op.path))) return state;
      return refuse(`it got NONODE, but ${failure?.because ?? `${op.path} exists`}`);
    case 'NODEEXISTS':
      return refuse(`it got NODEEXISTS, but ${failure?.because ?? `${op.path} does not exist`}`);
    case 'BADVERSION':
      return refuse(
        `it got BADVERSION, but ${failure?.because ?? `${op.path} has the version it expects`}`,
      );
    case 'NOTEMPTY':
      if (failure === undefined && ![...known].some((path) => parentOf(path) === op.path))
        return state;
      return refuse(`it got NOTEMPTY, but ${failure?.because ?? `${op.path} has no children`}`);
    default:
      // Access rights, quotas and the like are not modelled: any state may refuse.
      return state;
  }
}

function stepRead(
  state: Family,
  znode: Znode | undefined,
  op: ZnodeOp,
  result: ZnodeResult | undefined,
): Family | Refusal {
  if (result === undefined) return state;
  if (result.error !== undefined) {
    if (result.error !== 'NONODE' || znode === undefined) return state;
    return refuse(`it got NONODE, but ${op.path} exists`);
  }
  if (znode === undefined) return refuse(`it found ${op.path}, which does not exist`);
  const wrongValue = result.value !== undefined && result.value !== znode.value;
  const wrongVersion = result.version !== undefined && result.version !== znode.version;
  if (!wrongValue && !wrongVersion) return state;
  return refuse(() => {
    const read = showZnode({ value: result.value ?? znode.value, version: result.version ?? -1 });
    return `it returned ${read}, but ${op.path} holds ${showZnode(znode)}`;
  });
}

function after(state: Family, znode: Znode | undefined, op: ZnodeOp): Family {
  if (op.f === 'delete' || op.f === 'expire') {
    return Object.fromEntries(Object.entries(state).filter(([path]) => path !== op.path));
  }
  const version = znode === undefined ? 0 : znode.version + 1;
  const owner = znode === undefined ? op.owner : znode.owner;
  const changed: Znode = { value: op.value, version, owner };
  const alone = Object.keys(state).length === (znode === undefined ? 0 : 1);
  return alone ? { [op.path]: changed } : { ...state, [op.path]: changed };
}

function stateKey(state: Family): string {
  const paths = Object.keys(state);
  if (paths.length > 1) paths.sort((a, b) => (a < b ? -1 : 1));
  let key = '';
  for (const path of paths) {
    const { value, version, owner } = state[path] as Znode;
    // Lengths first, so that no text can be taken for another one's end.
    key += `${path.length} ${owner.length} ${value.length} ${version} ${path}${owner}${value}`;
  }
  return key;
}

/** Everything but the zxid, which no state knows. Lengths keep texts apart, as in `stateKey`. */
function classKey(op: ZnodeOp, result: ZnodeResult | undefined): string {
  const { f, path, value, version, owner } = op;
  const lengths = `${path.length} ${owner.length} ${value.length}`;
  const call = `${f} ${version} ${lengths} ${path}${owner}${value}`;
  if (result === undefined) return call;
  const told = result.value === undefined ? '' : `=${result.value}`;
  return `${result.error ?? 'ok'} ${result.version ?? ''} ${told.length} ${told}${call}`;
}

function showZnode({ value, version }: { value: string; version: number }): string {
  return version < 0 ? JSON.stringify(value) : `${JSON.stringify(value)} version ${version}`;
}

function show(state: Family): string {
  const all = Object.entries(state).map(([path, znode]) => `${path} ${showZnode(znode)}`);
  return all.length === 0 ? 'nothing exists' : all.join(', ');
}

function describe(op: ZnodeOp, result: ZnodeResult | undefined): string {
  const expected = op.version === -1 ? '' : ` if version ${op.version}`;
  const written = op.f === 'create' || op.f === 'set' ? ` ${JSON.stringify(op.value)}` : '';
  const call = `${op.f} ${op.path}${written}${op.owner === '' ? '' : ' ephemeral'}${expected}`;
  if (result === undefined || op.f === 'sync') return call;
  if (result.error !== undefined) return `${call} = ${result.error}`;
  const value = result.value === undefined ? '' : JSON.stringify(result.value);
  const version = result.version === undefined ? '' : `version ${result.version}`;
  const answer = [op.f === 'get' ? value : '', version].filter((word) => word !== '').join(' ');
  return answer === '' ? call : `${call} = ${answer}`;
}

function lookaheadForFamily(ops: History<ZnodeOp, ZnodeResult>): Lookahead<Family> {
  const paths = [...new Set(ops.map(({ op }) => op.path))];
  if (paths.length > FAMILY_MAX) return (_from, to) => to;
  const all = paths.map((path) => lookaheadForPath(ops, path));
  return (from, to, done) =>
    all.some((allows) => allows(from, to, done) === DOOMED) ? DOOMED : to;
}
