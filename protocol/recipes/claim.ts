// Creating a sequential ephemeral for certain. Its reply may be lost, and a blind retry would leave
// a ghost that nobody releases. So after a loss, once the same session is back: a barrier, a look
// for the guid, and only then another create. The barrier is a write that fails, not a sync, which
// on a leader waits for nothing. [ZK-Java ProtectACLCreateModePathAndBytesBuilder of Curator]
import type { ClientNews } from '../client/hearing.js';
import type { ProgramEvent } from '../client/program.js';
import type { Operation } from '../operation.js';
import { createOperation } from '../operation.js';

/** What a claim is busy with. */
export interface Claim {
  readonly parent: string;
  /** Up to the server's number: guid and kind. */
  readonly prefix: string;
  readonly data: string;
  /** Asks again at once after a loss, which is a mistake. */
  readonly blind: boolean;
  readonly doing: 'parent' | 'create' | 'reconnect' | 'barrier' | 'look';
}

function makeClaim(
  parent: string,
  prefix: string,
  data: string,
  blind: boolean,
  doing: Claim['doing'],
): Claim {
  return { parent, prefix, data, blind, doing };
}

export interface ClaimStep {
  readonly claim: Claim;
  readonly op: Operation | undefined;
  /** The znode's name, once it is there for certain. */
  readonly name: string | undefined;
}

function makeStep(claim: Claim, op?: Operation, name?: string): ClaimStep {
  return { claim, op, name };
}

function next(claim: Claim, doing: Claim['doing']): ClaimStep {
  const { parent, prefix, data, blind } = claim;
  const after = makeClaim(parent, prefix, data, blind, doing);
  switch (doing) {
    case 'parent':
      return makeStep(after, createOperation(parent, ''));
    case 'create': {
      const path = `${parent}/${prefix}`;
      return makeStep(after, createOperation(path, data, 'ephemeralSequential'));
    }
    case 'barrier':
      return makeStep(after, { kind: 'delete', path: `${parent}/no-such-name`, version: -1 });
    case 'look':
      return makeStep(after, { kind: 'getChildren', path: parent, watch: false });
    case 'reconnect':
      return makeStep(after);
  }
}

export function beginClaim(parent: string, prefix: string, blind: boolean): ClaimStep {
  return next(makeClaim(parent, prefix, '', blind, 'create'), 'create');
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Undefined: nothing of the claim's. A new session begins a new claim; that is the caller's. */
export function claimHears(claim: Claim, event: ProgramEvent): ClaimStep | undefined {
  if (event.kind === 'state' && event.state === 'connected' && claim.doing === 'reconnect') {
    return next(claim, claim.blind ? 'create' : 'barrier');
  }
  if (event.kind !== 'completed') return undefined;
  return completed(claim, event);
}

type Completed = Extract<ClientNews, { kind: 'completed' }>;

/** No answer: it may have happened, and only a look can tell. */
function isLost({ outcome, result }: Completed): boolean {
  return outcome === 'unknown' || (result?.kind === 'error' && result.code === 'ConnectionLoss');
}

function completed(claim: Claim, event: Completed): ClaimStep {
  const { result } = event;
  if (isLost(event)) return next(claim, 'reconnect');
  switch (claim.doing) {
    case 'parent':
      return next(claim, 'create');
    case 'create':
      if (result?.kind === 'created') return makeStep(claim, undefined, nameIn(result.path));
      return next(claim, 'parent');
    case 'barrier':
      return next(claim, 'look');
    case 'look': {
      const names = result?.kind === 'children' ? result.names : [];
      const mine = names.find((name) => name.startsWith(claim.prefix));
      return mine === undefined ? next(claim, 'create') : makeStep(claim, undefined, mine);
    }
    case 'reconnect':
      return makeStep(claim);
  }
}
