// The ensemble and the settings that all its servers share; constant for a run.
// Names and defaults are ZooKeeper's. [ZK-Java QuorumPeerConfig]
import { COUNTER_MAX } from './ids.js';
import type { ServerId } from './ids.js';
import type { QuorumVerifier } from './quorum.js';
import type { SidSet } from './sid-set.js';

export interface Ensemble {
  readonly verifier: QuorumVerifier;
  readonly voters: SidSet;
  readonly observers: SidSet;
  /** Voters, then observers, each ascending: the one order in which anything is sent to many. */
  readonly servers: readonly ServerId[];
  readonly voterList: readonly ServerId[];
}

export interface Timing {
  readonly tickMs: number;
  /** Ticks for each step of discovery and synchronization. */
  readonly initLimit: number;
  /** Ticks of silence before an established link is given up. */
  readonly syncLimit: number;
  readonly minNotificationMs: number;
  readonly maxNotificationMs: number;
  readonly finalizeWaitMs: number;
  readonly connectTries: number;
  readonly connectRetryMs: number;
  /** Java cnxTimeout. */
  readonly electionDialTimeoutMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
}

export interface Limits {
  /** Transactions kept in memory for DIFF. */
  readonly commitLogCount: number;
  /** A snapshot is taken after snapCount/2 to snapCount transactions. */
  readonly snapCount: number;
  readonly maxBatchSize: number;
  /** Share of the snapshot's size that an on-disk DIFF may have; 0: no limit, negative: never. */
  readonly snapshotSizeFactor: number;
  /** Largest counter broadcast in an epoch; small to see a rollover, 0xfffffffe in ZooKeeper. */
  readonly counterMax: number;
}

export const DEFAULT_TIMING: Timing = {
  tickMs: 2000,
  initLimit: 10,
  syncLimit: 5,
  minNotificationMs: 200,
  maxNotificationMs: 60_000,
  finalizeWaitMs: 200,
  connectTries: 5,
  connectRetryMs: 100,
  electionDialTimeoutMs: 5000,
  minSessionTimeoutMs: 4000,
  maxSessionTimeoutMs: 40_000,
};

export const DEFAULT_LIMITS: Limits = {
  commitLogCount: 500,
  snapCount: 100_000,
  maxBatchSize: 1000,
  snapshotSizeFactor: 0.33,
  counterMax: COUNTER_MAX,
};
