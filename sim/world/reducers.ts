// The reducers that a world drives, as it sees them. It is the only caller of them.
import type { ClientConfig, ClientEffect, ClientEvent } from '../../protocol/client/contract.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import type { Effect } from '../../protocol/effect.js';
import type { Now, PeerEvent } from '../../protocol/event.js';

export interface Stepped<S, E> {
  readonly state: S;
  readonly effects: readonly E[];
}

export interface Reducers<P, C> {
  readonly initialPeer: (config: PeerConfig) => P;
  readonly stepPeer: (
    config: PeerConfig,
    state: P,
    event: PeerEvent,
    now: Now,
  ) => Stepped<P, Effect>;
  readonly initialClient: (config: ClientConfig) => C;
  readonly stepClient: (
    config: ClientConfig,
    state: C,
    event: ClientEvent,
    nowUs: number,
  ) => Stepped<C, ClientEffect>;
}
