// What the run of a failing scenario has shown, as far as the next candidates are made from it:
// which transaction came of which operation and of which client's session.
import type { Txn } from '../../protocol/txn.js';
import type { TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Failure } from './trial.js';

export interface Facts {
  /** By index of the written operation: zxids of its transactions. */
  readonly ofOperation: readonly (readonly number[])[];
  /** By index of the client: zxids of the transactions that opened and closed its sessions. */
  readonly ofSessions: readonly (readonly number[])[];
}

/** Requests of one session are numbered far below this. */
const CXID_SPAN = 2 ** 32;

interface Requests {
  /** By session and cxid. */
  readonly zxids: Map<number, number[]>;
  /** By session: what made or ended it. */
  readonly sessions: Map<number, number[]>;
}

function note(into: Map<number, number[]>, key: number, zxid: number): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, [zxid]);
  else known.push(zxid);
}

function onProposed({ detail, zxid }: TraceRecord, requests: Requests): void {
  const { session, cxid, op } = detail as Txn;
  const own = op.kind === 'createSession' || op.kind === 'closeSession';
  if (own) note(requests.sessions, session, zxid);
  else note(requests.zxids, session * CXID_SPAN + cxid, zxid);
}

const known = new WeakMap<Failure, Facts>();

export function factsOf(failure: Failure): Facts {
  const facts = known.get(failure) ?? readFacts(failure);
  known.set(failure, facts);
  return facts;
}

function readFacts({ scenario, outcome }: Failure): Facts {
  const { recorder } = outcome;
  const requests: Requests = { zxids: new Map(), sessions: new Map() };
  /** Keys of the operations of each client, in order. */
  const asked: number[][] = scenario.clients.map(() => []);
  const sessionsOf = scenario.clients.map(() => new Set<number>());
  for (const record of recorder.records()) {
    const client = record.actor - FIRST_CLIENT;
    if (record.kind === 'proposed') onProposed(record, requests);
    else if (record.kind === 'invoked') {
      asked[client]?.push(record.value * CXID_SPAN + record.digest);
    } else if (record.kind === 'clientState') sessionsOf[client]?.add(record.value);
  }
  const next = asked.map(() => 0);
  const ofOperation = (scenario.workload.operations ?? []).map(({ client }) => {
    const place = next[client] ?? 0;
    next[client] = place + 1;
    return requests.zxids.get(asked[client]?.[place] ?? -1) ?? [];
  });
  const ofSessions = sessionsOf.map((sessions) =>
    [...sessions].flatMap((session) => requests.sessions.get(session) ?? []),
  );
  return { ofOperation, ofSessions };
}
