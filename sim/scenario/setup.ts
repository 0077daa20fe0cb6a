// From a scenario to what a world is built from: the ensemble with its quorum verifier, the rules
// of the profile, a clock for every server.
import type { Ensemble } from '../../protocol/config.js';
import { serverId } from '../../protocol/ids.js';
import type { QuorumVerifier, WeightedServer } from '../../protocol/quorum.js';
import { makeHierarchical, makeMajority, makeWeighted } from '../../protocol/quorum.js';
import { sidSetOf } from '../../protocol/sid-set.js';
import { rulesFor } from '../profiles.js';
import type { WorldSetup } from '../world/setup.js';
import type { Cluster, Scenario } from './scenario.js';

/** 14 November 2023, 22:13:20 UTC: any fixed moment does. */
const WALL_START_MS = 1_700_000_000_000;

function verifierOf({ voters, weights, groups }: Cluster): QuorumVerifier {
  const listed = new Map((weights ?? []).map(({ sid, weight }) => [sid, weight]));
  const weighted = (sid: number): WeightedServer => ({
    sid: serverId(sid),
    weight: listed.get(sid) ?? 1,
  });
  if (groups !== undefined) return makeHierarchical(groups.map((group) => group.map(weighted)));
  if (weights !== undefined) return makeWeighted(voters.map(weighted));
  return makeMajority(sidSetOf(voters.map(serverId)));
}

export function ensembleOf(cluster: Cluster): Ensemble {
  const voterList = cluster.voters.map(serverId);
  const observerList = cluster.observers.map(serverId);
  return {
    verifier: verifierOf(cluster),
    voters: sidSetOf(voterList),
    observers: sidSetOf(observerList),
    servers: [...voterList, ...observerList],
    voterList,
  };
}

export function toSetup(scenario: Scenario): WorldSetup {
  const { cluster, network, disk, stage, clocks, clients } = scenario;
  const ensemble = ensembleOf(cluster);
  const wrong = new Map(clocks.map((clock) => [clock.sid, clock]));
  return {
    ensemble,
    timing: cluster.timing,
    limits: cluster.limits,
    service: scenario.service,
    rules: rulesFor(scenario.profile, scenario.variants),
    network,
    disk,
    stageUs: stage,
    clocks: ensemble.servers.map((sid) => {
      const { offsetMs = 0, driftPpm = 0 } = wrong.get(sid) ?? {};
      return { offsetMs, driftPpm };
    }),
    clients,
    recipe: scenario.recipe,
    wallStartMs: WALL_START_MS,
  };
}
