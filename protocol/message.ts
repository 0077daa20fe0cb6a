// Everything that travels on a wire. Three kinds of connection: election (one per pair of servers),
// quorum (learner to leader) and client. Each envelope has one shape, `{ kind, zxid, body }` as
// ZooKeeper's QuorumPacket has, so that the network and the trace see one hidden class; only the
// handler looks into `body`. [ZK-Java QuorumPacket, Leader constants,
// FastLeaderElection.Notification]
import type { Database } from './storage/database.js';
import type { Epoch, Round, ServerId, SessionId, Zxid } from './ids.js';
import { NO_ZXID } from './ids.js';
import type { Operation, Request } from './operation.js';
import type { Result } from './result.js';
import type { Txn } from './txn.js';
import type { Vote } from './vote.js';
import type { WatchEvent } from './watch-event.js';

/** The role a server reports in its notifications (Java ServerState). */
export type ServerState = 'looking' | 'following' | 'leading' | 'observing';

export interface NotificationBody {
  readonly vote: Vote;
  readonly round: Round;
  readonly state: ServerState;
}

export interface InfoBody {
  readonly sid: ServerId;
}

export interface SessionTouch {
  readonly session: SessionId;
  readonly timeoutMs: number;
}

/** Body of each kind of packet; `undefined` where the zxid says it all. */
export interface Bodies {
  /** First message on an election connection: who dials. */
  readonly greeting: { readonly sid: ServerId };
  readonly notification: NotificationBody;

  /** zxid = acceptedEpoch:0. */
  readonly followerInfo: InfoBody;
  readonly observerInfo: InfoBody;
  /** zxid = e:0. */
  readonly leaderInfo: undefined;
  /**
   * zxid = last logged; currentEpoch, or NO_EPOCH: "sync me, but do not count me". `wantsSnapshot`:
   * an earlier TRUNC could not be carried out. DIVERGES: upstream exits with code 13
   * (docs/divergence.md).
   */
  readonly ackEpoch: { readonly currentEpoch: Epoch; readonly wantsSnapshot: boolean };
  readonly diff: undefined;
  readonly trunc: undefined;
  /** The whole database at zxid. */
  readonly snap: { readonly database: Database };
  readonly proposal: Txn;
  readonly commit: undefined;
  /** COMMIT and PROPOSAL in one, for observers. */
  readonly inform: Txn;
  /** zxid = e:0. */
  readonly newLeader: undefined;
  /** zxid = a transaction's, or e:0 for NEWLEADER and UPTODATE. */
  readonly ack: undefined;
  readonly upToDate: undefined;
  readonly request: Request;
  /** From a learner: `session` wants a sync; back from the leader: it is released. */
  readonly sync: { readonly session: SessionId; readonly cxid: number };
  readonly ping: { readonly touches: readonly SessionTouch[] };
  readonly revalidate: SessionTouch & { readonly valid: boolean };

  readonly connect: {
    readonly session: SessionId;
    readonly timeoutMs: number;
    /** 32 hex digits; anything where the session is 0. */
    readonly password: string;
    /** Newest zxid that this client has seen: a server behind it must refuse. */
    readonly lastZxid: Zxid;
    /** Where the client dials from, as the accepted socket would tell: its `ip` identity. */
    readonly address: string;
  };
  /** session 0: expired, or the password is not the session's. */
  readonly connected: {
    readonly session: SessionId;
    readonly password: string;
    readonly timeoutMs: number;
  };
  readonly operation: { readonly cxid: number; readonly op: Operation };
  /** zxid: last processed by the server, or the write's own. */
  readonly reply: { readonly cxid: number; readonly result: Result };
  /** zxid: of the transaction that fired it; NO_ZXID if a setWatches did, or in 3.8. */
  readonly watchEvent: WatchEvent;
  readonly clientPing: undefined;
  /** zxid: last processed; so in the answer to closeSession, whose own it is. */
  readonly clientPong: undefined;
  readonly closeSession: { readonly cxid: number };
  readonly sessionClosed: undefined;
}

export type MessageKind = keyof Bodies;

export interface Packet<K extends MessageKind> {
  readonly kind: K;
  /** ZooKeeper's zxid field; NO_ZXID where the kind has no use for it. */
  readonly zxid: Zxid;
  readonly body: Bodies[K];
}

/** Any message; narrows by `kind`. */
export type Message = { readonly [K in MessageKind]: Packet<K> }[MessageKind];

function makePacket(kind: MessageKind, zxid: Zxid, body: unknown): unknown {
  return { kind, zxid, body };
}

/** The one construction site of messages. */
export function packet<K extends MessageKind>(kind: K, zxid: Zxid, body: Bodies[K]): Packet<K> {
  return makePacket(kind, zxid, body) as Packet<K>;
}

export function bare(kind: 'clientPing' | 'upToDate'): Message {
  return packet(kind, NO_ZXID, undefined);
}
