// What the network knows about a host: whether it has power, whether its process runs, and whether
// it listens. Indexed by actor.

export interface Host {
  readonly actor: number;
  /** Its kernel answers. */
  powered: boolean;
  /** Its process runs. */
  up: boolean;
  /** Its quorum port is open. */
  listening: boolean;
  /** Its process does nothing; the kernel still accepts and buffers. */
  paused: boolean;
}

export type Hosts = readonly (Host | undefined)[];
