// The run as a trace of states in Apalache's Informal Trace Format, for people who hold it against
// a TLA+ specification: after each turning point what every server's role, epochs, log and commit
// are. Servers are the domain of every variable. [ITF]
import type { RecordKind, TraceRecord } from '../../sim/trace/record.js';
import { isServer } from '../format.js';
import type { ExportInput } from './export.js';

interface ServerState {
  readonly up: boolean;
  readonly role: string;
  readonly leader: number;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  readonly lastLogged: number;
  readonly lastCommitted: number;
}

const UNBORN: ServerState = {
  up: false,
  role: 'down',
  leader: 0,
  acceptedEpoch: 0,
  currentEpoch: 0,
  lastLogged: 0,
  lastCommitted: 0,
};

type After = (state: ServerState, record: TraceRecord) => ServerState;

const logged: After = (state, { zxid }) => ({ ...state, lastLogged: zxid });
const committed: After = (state, { zxid }) => ({
  ...state,
  lastCommitted: Math.max(state.lastCommitted, zxid),
});
/** What the disk holds, of a server that is down. */
const kept: After = (_state, { zxid, epoch, digest }) => ({
  ...UNBORN,
  ...{ lastLogged: zxid, currentEpoch: epoch, acceptedEpoch: digest },
});

const AFTER: Partial<Record<RecordKind, After>> = {
  boot: (state, record) => ({ ...kept(state, record), up: true, role: 'looking' }),
  crash: kept,
  role: (state, { text, peer }) => ({ ...state, role: text, leader: peer }),
  epochFile: (state, { text, epoch }) =>
    text === 'accepted' ? { ...state, acceptedEpoch: epoch } : { ...state, currentEpoch: epoch },
  appended: logged,
  truncated: logged,
  committed,
  learned: committed,
  applied: committed,
};

/** Zxids are pairs, as in the specifications; epochs alone are small enough for plain numbers. */
function zxidValue(zxid: number): object {
  const span = 2 ** 32;
  return { '#tup': [Math.floor(zxid / span), zxid % span] };
}

const VARIABLES: readonly [string, (state: ServerState) => unknown][] = [
  ['up', ({ up }) => up],
  ['role', ({ role }) => role],
  ['leader', ({ leader }) => leader],
  ['acceptedEpoch', ({ acceptedEpoch }) => acceptedEpoch],
  ['currentEpoch', ({ currentEpoch }) => currentEpoch],
  ['lastLogged', ({ lastLogged }) => zxidValue(lastLogged)],
  ['lastCommitted', ({ lastCommitted }) => zxidValue(lastCommitted)],
];

function stateJson(states: ReadonlyMap<number, ServerState>, record: TraceRecord, nth: number) {
  const meta = { index: nth, record: record.index, atUs: record.atUs, action: record.kind };
  const values = VARIABLES.map(([name, valueOf]) => {
    const entries = [...states].map(([sid, state]) => [sid, valueOf(state)]);
    return [name, { '#map': entries }] as const;
  });
  return JSON.stringify({ '#meta': meta, ...Object.fromEntries(values) });
}

export function* itf({ records, selected, servers, title }: ExportInput): Generator<string> {
  const format = {
    format: 'ITF',
    'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
  };
  yield `{"#meta":${JSON.stringify({ ...format, description: title })},`;
  yield `"vars":${JSON.stringify(VARIABLES.map(([name]) => name))},"states":[`;
  const states = new Map(servers.map((sid) => [sid, UNBORN]));
  let before: string | undefined;
  let nth = 0;
  for (const record of records) {
    const state = isServer(record.actor) ? states.get(record.actor) : undefined;
    const next = state === undefined ? undefined : AFTER[record.kind]?.(state, record);
    if (next === undefined) continue;
    states.set(record.actor, next);
    if (!selected(record)) continue;
    if (before !== undefined) yield `${before},`;
    before = stateJson(states, record, nth);
    nth += 1;
  }
  if (before !== undefined) yield before;
  yield ']}';
}
