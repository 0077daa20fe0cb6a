// What a client tells each server that it comes to, before anything else: who it is, and what it
// waits for. Neither outlives a connection on the server's side. [ZK-Java
// ClientCnxn.SendThread.primeConnection, ClientCnxn.addAuthInfo]
import type { Operation } from '../operation.js';
import type { ClientWatches } from './watches.js';
import { NO_CLIENT_WATCHES } from './watches.js';

/** Numbers that answers to these carry instead of one of their own. */
export const AUTH_CXID = -4;
export const SET_WATCHES_CXID = -8;

export interface Shown {
  readonly op: Extract<Operation, { kind: 'addAuth' }>;
  /** The program's call that waits for it; 0 once it is answered. */
  readonly cxid: number;
}

export function makeShown(op: Shown['op'], cxid: number): Shown {
  return { op, cxid };
}

export interface Standing {
  /** In the order in which the program has shown them. */
  readonly shown: readonly Shown[];
  /** How many of them this connection has answered: that is how answers are told apart. */
  readonly answered: number;
  readonly watches: ClientWatches;
}

export function makeStanding(
  shown: readonly Shown[],
  answered: number,
  watches: ClientWatches,
): Standing {
  return { shown, answered, watches };
}

export const NO_STANDING: Standing = makeStanding([], 0, NO_CLIENT_WATCHES);

export function withWatches({ shown, answered }: Standing, watches: ClientWatches): Standing {
  return makeStanding(shown, answered, watches);
}
