// The roles that last for moments only: a process that starts, a role that is being given up, a
// process that has decided to end.

/**
 * `load`: reading; `flush`, `resetLog`, `adoptEpoch`: a write is under way that finishes what a
 * crash interrupted.
 */
export interface Booting {
  readonly kind: 'booting';
  readonly step: 'load' | 'flush' | 'resetLog' | 'adoptEpoch' | 'start';
}

export function makeBooting(step: Booting['step']): Booting {
  return { kind: 'booting', step };
}

export const BOOTING: Booting = makeBooting('load');

export interface Leaving {
  readonly kind: 'leaving';
  readonly from: 'following' | 'observing' | 'leading';
  readonly step: number;
  /** Memory is not what the log says: a partial snapshot, or a disk that failed. */
  readonly dirty: boolean;
}

export function makeLeaving(from: Leaving['from'], step: number, dirty: boolean): Leaving {
  return { kind: 'leaving', from, step, dirty };
}

/** The process has decided to end; the world takes it down. */
export interface Halted {
  readonly kind: 'halted';
  readonly code: number;
  readonly reason: string;
}
