// What must become of an ensemble that is left alone: it elects a leader, every live server
// joins, writes commit, and all arrive at the same history. Judged at the end of the run, and
// only if the run left it alone for long enough; otherwise there is nothing to say.
import { isWrite } from '../../protocol/operation.js';
import { isQuorum } from '../../protocol/quorum.js';
import { NO_SIDS, withSid } from '../../protocol/sid-set.js';
import type { TraceRecord } from '../trace/record.js';
import type { Final } from './checker.js';
import { finalChecker } from './checker.js';
import { livenessBoundUs, settleBoundUs } from './liveness-bound.js';
import type { OperationFacts } from './oracle/clients.js';
import { operationOf } from './oracle/clients.js';
import type { Oracle } from './oracle/oracle.js';
import type { ServerFacts } from './oracle/servers.js';
import type { Fact, Findings } from './verdict.js';
import { historyText } from './words.js';

export const convergence = finalChecker(
  {
    id: 'convergence',
    kind: 'liveness',
    claim:
      'At the end of a healed run every serving server has applied all that was chosen ' +
      'until a settling time before, and nothing that is not chosen.',
    cites: ['Zab11 agreement', 'VOPR'],
    kinds: ['quiet'],
  },
  (oracle, found) => ({
    onRecord: () => undefined,
    atEnd: (end) => {
      const { chosen, setup, quietAtUs } = oracle;
      const serving = setup.ensemble.servers
        .map((sid) => oracle.servers.of(sid))
        .filter((server) => server.serving);
      if (quietAtUs < 0 || chosen.length === 0 || serving.length === 0) return false;
      const arrived = serving.every((server) => server.applied === chosen.tip);
      const settledAtUs = end.atUs - settleBoundUs(setup.timing);
      for (const server of serving) {
        if (!arrived && (settledAtUs < quietAtUs || server.servingSinceUs > settledAtUs)) continue;
        found.saw();
        judgeArrival(oracle, found, end, { server, settledAtUs });
      }
      return arrived || settledAtUs >= quietAtUs;
    },
  }),
);

function judgeArrival(
  oracle: Oracle,
  found: Findings,
  end: TraceRecord,
  whom: { readonly server: ServerFacts; readonly settledAtUs: number },
): void {
  const { tree, chosen } = oracle;
  const { applied, sid } = whom.server;
  const needed = chosen.lengthAt(whom.settledAtUs);
  const facts = {
    server: sid,
    applied: historyText(tree, applied),
    chosen: historyText(tree, chosen.tip),
    needed,
  };
  if (!chosen.has(applied)) found.broken(end, 'another-history', facts, [], [sid]);
  else if (tree.depthOf(applied) < needed) found.broken(end, 'left-behind', facts, [], [sid]);
}

/** A server that starts or ends, and a counter that runs out, give the ensemble its time again. */
const DISTURBANCES = new Set(['quiet', 'boot', 'crash', 'halted', 'rollover']);

export const liveness = finalChecker(
  {
    id: 'liveness',
    kind: 'liveness',
    claim:
      'Within the bound after the last fault is healed a leader serves, every live server ' +
      'serves under it, writes commit, and no operation waits for longer than the bound.',
    cites: ['Zab11 liveness', 'VOPR', 'Medeiros12'],
    kinds: ['quiet', 'boot', 'crash', 'halted', 'rollover', 'invoked'],
  },
  (oracle, found): Final => {
    let undisturbedSinceUs = -1;
    let firstWriteAtUs = -1;
    return {
      onRecord: (record) => {
        if (DISTURBANCES.has(record.kind)) {
          if (oracle.quietAtUs < 0) return;
          undisturbedSinceUs = record.atUs;
          firstWriteAtUs = -1;
        } else if (undisturbedSinceUs >= 0 && firstWriteAtUs < 0) {
          const op = operationOf(record);
          if (op !== undefined && isWrite(op)) firstWriteAtUs = record.atUs;
        }
      },
      atEnd: (end) => {
        const boundUs = livenessBoundUs(oracle.setup.timing);
        const dueUs = undisturbedSinceUs + boundUs;
        if (undisturbedSinceUs < 0 || !liveQuorum(oracle)) return false;
        const goals = [
          ...serviceGoals(oracle, dueUs),
          ...operationGoals(oracle, end, { firstWriteAtUs, boundUs }),
        ];
        const open = goals.filter((goal) => goal.open !== undefined);
        // What is reached is reached; what is not may still come until it is due.
        if (open.length > 0 && end.atUs < dueUs) return false;
        for (const goal of goals) {
          found.saw();
          if (goal.open === undefined) continue;
          const { rule, facts, evidence, actors } = goal.open;
          found.broken(end, rule, { ...everybody(oracle, end.atUs), ...facts }, evidence, actors);
        }
        return true;
      },
    };
  },
);

/** Something that must have come about; `open` says how it has not. */
interface Goal {
  readonly open:
    | {
        readonly rule: string;
        readonly facts: Record<string, Fact>;
        readonly evidence: readonly number[];
        readonly actors: readonly number[];
      }
    | undefined;
}

const REACHED: Goal = { open: undefined };

function liveQuorum(oracle: Oracle): boolean {
  let live = NO_SIDS;
  for (const sid of oracle.setup.ensemble.voterList) {
    if (oracle.servers.of(sid).up) live = withSid(live, sid);
  }
  return isQuorum(oracle.setup.ensemble.verifier, live);
}

function leads(server: ServerFacts): boolean {
  return server.serving && server.role === 'leading/broadcast';
}

/**
 * `following/discovery for 2, for 31000 ms`: what a server is at, whom it waits for, and since
 * when.
 */
function waiting(server: ServerFacts, nowUs: number): string {
  const whom = server.leader === 0 || server.leader === server.sid ? '' : ` for ${server.leader}`;
  const ms = Math.round((nowUs - server.roleSinceUs) / 1000);
  return `${server.role}${whom}, for ${ms} ms`;
}

/** Everybody's state, as facts: who waits for whom. */
function everybody(oracle: Oracle, nowUs: number): Record<string, Fact> {
  const facts: Record<string, Fact> = {};
  for (const sid of oracle.setup.ensemble.servers) {
    const server = oracle.servers.of(sid);
    facts[`server${sid}`] = server.up ? waiting(server, nowUs) : 'down';
  }
  return facts;
}

/** A leader serves, and every other live server under it. */
function serviceGoals(oracle: Oracle, dueUs: number): Goal[] {
  const live = oracle.setup.ensemble.servers
    .map((sid) => oracle.servers.of(sid))
    .filter((server) => server.up);
  const leader = live.filter(leads).sort((a, b) => b.epoch - a.epoch)[0];
  if (leader === undefined) {
    const actors = live.map((server) => server.sid);
    return [{ open: { rule: 'no-leader-serves', facts: {}, evidence: [], actors } }];
  }
  return live.map((server) => {
    const joined = server.serving && server.leader === leader.sid && server.epoch === leader.epoch;
    const { sid, acceptedEpoch, servingSinceUs } = server;
    if (joined && servingSinceUs <= dueUs) return REACHED;
    const rule = joined ? 'serves-too-late' : 'server-does-not-serve';
    const late = joined ? { lateByMs: Math.ceil((servingSinceUs - dueUs) / 1000) } : {};
    const facts = { acceptedEpoch, leaderEpoch: leader.epoch, ...late };
    return { open: { rule, facts, evidence: [], actors: [sid] } };
  });
}

/** No operation waits for longer than the bound, and what is written commits. */
function operationGoals(
  oracle: Oracle,
  end: TraceRecord,
  since: { readonly firstWriteAtUs: number; readonly boundUs: number },
): Goal[] {
  const goals: Goal[] = [];
  let oldest: OperationFacts | undefined;
  let waiting = 0;
  for (const operation of oracle.clients.pending()) {
    if (operation.unknown || operation.invokedAtUs > end.atUs - since.boundUs) continue;
    waiting += 1;
    if (oldest === undefined || operation.invokedBy < oldest.invokedBy) oldest = operation;
  }
  if (oldest !== undefined) {
    const { op, cxid, zxid, invokedBy, client } = oldest;
    const chosen = zxid === 0 ? 'no' : 'yes';
    const facts = { operation: op.kind, cxid, chosen, operationsWaiting: waiting };
    const open = { rule: 'operation-waits', facts, evidence: [invokedBy], actors: [client] };
    goals.push({ open });
  }
  const { firstWriteAtUs, boundUs } = since;
  if (firstWriteAtUs < 0) return goals;
  const { chosen } = oracle;
  if (chosen.length > chosen.lengthAt(firstWriteAtUs)) goals.push(REACHED);
  else if (firstWriteAtUs <= end.atUs - boundUs) {
    goals.push({ open: { rule: 'nothing-commits', facts: {}, evidence: [], actors: [] } });
  }
  return goals;
}
