// What one server knows before it starts: who it is, its ensemble, its settings and its rules.
// [ZK-Java QuorumPeerConfig]
import type { Ensemble, Limits, Timing } from './config.js';
import type { ServerId } from './ids.js';
import type { Rules } from './rules.js';
import type { ServiceSettings } from './service-settings.js';

export interface PeerConfig {
  readonly sid: ServerId;
  readonly observer: boolean;
  readonly ensemble: Ensemble;
  readonly timing: Timing;
  readonly limits: Limits;
  readonly service: ServiceSettings;
  /** Pause of an observer before it looks for a leader again; drawn per server by the world. */
  readonly observerDelayMs: number;
  readonly rules: Rules;
}
