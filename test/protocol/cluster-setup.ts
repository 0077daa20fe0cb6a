// What a test's ensemble is made of unless it says otherwise: latencies that add up by hand (1 ms
// one way, 2 ms an fsync, 5 ms a snapshot), ticks of 200 ms, so that every limit is reached in
// seconds, and one client that knows all servers. Further clients know one server each.
import type { Limits, Timing } from '../../protocol/config.js';
import { DEFAULT_LIMITS, DEFAULT_TIMING } from '../../protocol/config.js';
import { serverId } from '../../protocol/ids.js';
import type { QuorumVerifier } from '../../protocol/quorum.js';
import { makeMajority } from '../../protocol/quorum.js';
import type { Rules } from '../../protocol/rules.js';
import { SAFE_RULES } from '../../protocol/rules.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { sidSetOf } from '../../protocol/sid-set.js';
import type { TxnOp, TxnPart } from '../../protocol/txn.js';
import type { ClientSetup, Latency, WorldSetup } from '../../sim/world/setup.js';

export interface ClusterOptions {
  readonly observers?: number;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<Limits>;
  readonly rules?: Partial<Rules>;
  readonly service?: Partial<ServiceSettings>;
  readonly verifier?: QuorumVerifier;
  /** Latency of every stage of every server, microseconds. */
  readonly stageUs?: Latency;
  readonly latency?: Latency;
  readonly fsync?: Latency;
  /** One more client for each server listed, which knows that server only. */
  readonly clientsAt?: readonly number[];
  readonly sessionTimeoutMs?: number;
  /** Nobody asks for anything: no session, no transaction. */
  readonly noClient?: boolean;
  /** Servers that are not started. */
  readonly without?: readonly number[];
  readonly seed?: string;
}

const TIMING: Timing = {
  ...DEFAULT_TIMING,
  tickMs: 200,
  initLimit: 10,
  syncLimit: 5,
  maxNotificationMs: 2000,
  electionDialTimeoutMs: 1000,
  minSessionTimeoutMs: 400,
  maxSessionTimeoutMs: 20_000,
};

function constant(us: number): Latency {
  return { kind: 'constant', us };
}

export function clusterSetup(voters: number, options: ClusterOptions): WorldSetup {
  const { observers = 0, clientsAt = [], sessionTimeoutMs = 6000, noClient = false } = options;
  const servers = Array.from({ length: voters + observers }, (_, index) => serverId(index + 1));
  const voterList = servers.slice(0, voters);
  const client = (list: readonly number[]): ClientSetup => {
    return { sessionTimeoutMs, servers: list, chroot: undefined };
  };
  const bound = clientsAt.map((sid) => client([sid]));
  return {
    ensemble: {
      verifier: options.verifier ?? makeMajority(sidSetOf(voterList)),
      voters: sidSetOf(voterList),
      observers: sidSetOf(servers.slice(voters)),
      servers,
      voterList,
    },
    timing: { ...TIMING, ...options.timing },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    service: { ...DEFAULT_SERVICE, ...options.service },
    rules: { ...SAFE_RULES, ...options.rules },
    network: { latency: options.latency ?? constant(1000) },
    disk: { fsync: options.fsync ?? constant(2000), bulk: constant(5000) },
    stageUs: options.stageUs ?? constant(20),
    clocks: servers.map(() => ({ offsetMs: 0, driftPpm: 0 })),
    clients: noClient ? [] : [client(servers), ...bound],
    recipe: undefined,
    wallStartMs: 1_700_000_000_000,
  };
}

/** `2s`, `300ms`, `50us` in microseconds. */
export function durationUs(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (found === null) throw new Error(`not a duration: ${text}; expected 2s, 300ms or 50us`);
  const [, amount, unit] = found;
  return Math.round(Number(amount) * (unit === 's' ? 1e6 : unit === 'ms' ? 1e3 : 1));
}

/**
 * A transaction in one word: `a` was created, `~a` as an ephemeral, `a=x` set, `-a` deleted, `a!`
 * given another ACL; `[a,b]` is a multi.
 */
export function wordOf({ op }: { readonly op: TxnOp | TxnPart }): string {
  switch (op.kind) {
    case 'create':
      return (op.life.kind === 'ephemeral' ? '~' : '') + op.path.slice(1);
    case 'setData':
      return `${op.path.slice(1)}=${op.data ?? 'null'}`;
    case 'setACL':
      return `${op.path.slice(1)}!`;
    case 'delete':
      return `-${op.path.slice(1)}`;
    case 'createSession':
      return 'session';
    case 'closeSession':
      return 'close';
    case 'error':
      return `!${op.code}`;
    case 'multi':
      return `[${op.parts.map((part) => wordOf({ op: part })).join(',')}]`;
    case 'check':
    case 'undone':
      return op.kind;
  }
}
