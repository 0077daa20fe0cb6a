// One server's surroundings for an election: a Context of which only the parts exist that an
// election may look at, and states that are frozen as soon as a step is over.
import type { Ensemble, Timing } from '../../protocol/config.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import type { Context } from '../../protocol/context.js';
import type { Transport } from '../../protocol/election/links.js';
import { EMPTY_TRANSPORT } from '../../protocol/election/transport.js';
import type { Epoch, Round, ServerId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { QuorumVerifier } from '../../protocol/quorum.js';
import { makeMajority } from '../../protocol/quorum.js';
import { SAFE_RULES } from '../../protocol/rules.js';
import { sidSetOf } from '../../protocol/sid-set.js';
import type { Role } from '../../protocol/state.js';
import type { SettledVote } from '../../protocol/vote.js';
import { makeVote } from '../../protocol/vote.js';

const sids = (...values: number[]): ServerId[] => values.map(serverId);
export const round = (value: number): Round => value as Round;
export const history = (epoch: number, zxid: number): History => ({
  currentEpoch: epoch as Epoch,
  lastProcessed: zxid as Zxid,
});

export interface History {
  readonly currentEpoch: Epoch;
  readonly lastProcessed: Zxid;
}

export function ensembleOf(
  voters: readonly number[],
  observers: readonly number[] = [],
  verifier?: QuorumVerifier,
): Ensemble {
  const voterList = sids(...voters);
  const voterSet = sidSetOf(voterList);
  return {
    verifier: verifier ?? makeMajority(voterSet),
    voters: voterSet,
    observers: sidSetOf(sids(...observers)),
    servers: [...voterList, ...sids(...observers)],
    voterList,
  };
}

/** The slots of a Context that the election reads and writes. */
export interface ElectionState {
  readonly transport: Transport;
  readonly settledVote: SettledVote;
  readonly round: Round;
  readonly role: Role;
}

/** Everything else an election may not even look at. */
export function configOf(ensemble: Ensemble, sid: number, timing: Timing): PeerConfig {
  return {
    sid: serverId(sid),
    observer: !ensemble.voterList.includes(serverId(sid)),
    ensemble,
    timing,
    observerDelayMs: 0,
    rules: SAFE_RULES,
  } as unknown as PeerConfig;
}

export const roleStub = (kind: Role['kind'], from?: Role['kind']): Role =>
  ({ kind, from, phase: { kind: 'broadcast' } }) as unknown as Role;

export function contextOf(config: PeerConfig, state: ElectionState, past: History): Context {
  return {
    config,
    nowUs: 0,
    wallMs: 0,
    durable: { currentEpoch: past.currentEpoch },
    database: { lastProcessed: past.lastProcessed },
    transport: state.transport,
    settledVote: state.settledVote,
    round: state.round,
    role: state.role,
    transition: undefined,
    submitted: [],
    effects: [],
  } as unknown as Context;
}

export function stateOf(ctx: Context): ElectionState {
  return deepFreeze({
    transport: ctx.transport,
    settledVote: ctx.settledVote,
    round: ctx.round,
    role: ctx.role,
  });
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

export function bootState(config: PeerConfig, past: History): ElectionState {
  return deepFreeze({
    transport: EMPTY_TRANSPORT,
    settledVote: {
      vote: makeVote(config.sid, past.lastProcessed, past.currentEpoch),
      round: round(0),
    },
    round: round(0),
    role: roleStub('booting'),
  });
}
