// What an operator sets about the service; constant for a run, the same on all servers. Names and
// defaults are ZooKeeper's. [ZK-Java ZooKeeperServer, QuorumPeerConfig, ContainerManager]

/** Whose behaviour, where releases differ (docs/divergence.md). */
export type Compatibility = '3.9.5' | '3.8.0';

export interface ServiceSettings {
  /** TTL znodes. */
  readonly extendedTypesEnabled: boolean;
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  readonly localSessionsEnabled: boolean;
  readonly localSessionsUpgradingEnabled: boolean;
  /** There is no reconfiguration here: enabled, it is refused as a server alone refuses it. */
  readonly reconfigEnabled: boolean;
  /** `user:base64(SHA1(user:password))`; undefined: nobody is super. */
  readonly superDigest: string | undefined;
  /** jute.maxbuffer: of a whole request, bytes. */
  readonly maxBufferBytes: number;
  readonly containerCheckIntervalMs: number;
  readonly maxContainersPerMinute: number;
  /** Containers that never had a child live this long; 0: for ever. */
  readonly maxNeverUsedIntervalMs: number;
  readonly compatibility: Compatibility;
}

export const DEFAULT_SERVICE: ServiceSettings = {
  extendedTypesEnabled: false,
  enforceQuota: false,
  skipAcl: false,
  localSessionsEnabled: false,
  localSessionsUpgradingEnabled: false,
  reconfigEnabled: false,
  superDigest: undefined,
  maxBufferBytes: 0xfffff,
  containerCheckIntervalMs: 60_000,
  maxContainersPerMinute: 10_000,
  maxNeverUsedIntervalMs: 0,
  compatibility: '3.9.5',
};
