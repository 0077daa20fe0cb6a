// What a client is told. [ZK-Java org.apache.zookeeper.proto, org.apache.zookeeper.data.Stat]
import type { Acl, Identity } from './acl.js';
import type { ErrorCode } from './error-code.js';
import type { SessionId, Zxid } from './ids.js';
import type { Data } from './operation.js';

/** What a client sees of a znode's bookkeeping. */
export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly pzxid: Zxid;
  /** Wall clock of the leader when it was created; milliseconds. */
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  /** Creates and deletes of children so far, unlike the stored one. */
  readonly cversion: number;
  readonly aversion: number;
  /** 0 for everything that is not a real ephemeral, containers and TTL znodes included. */
  readonly ephemeralOwner: SessionId;
  /** Bytes; 0 for null. */
  readonly dataLength: number;
  readonly numChildren: number;
}

/** The body of a reply. */
export type Result =
  /** Nothing to tell: delete, check, setWatches, removeWatches, addWatch, addAuth ... */
  | { readonly kind: 'done' }
  /** The path as it was made; the Stat but for opcode create, which has none on the wire. */
  | { readonly kind: 'created'; readonly path: string; readonly stat: Stat | undefined }
  /** exists, setData, setACL. */
  | { readonly kind: 'stat'; readonly stat: Stat }
  | { readonly kind: 'data'; readonly data: Data; readonly stat: Stat }
  /** Sorted; the Stat but for opcode getChildren. */
  | {
      readonly kind: 'children';
      readonly names: readonly string[];
      readonly stat: Stat | undefined;
    }
  | { readonly kind: 'acl'; readonly acl: Acl; readonly stat: Stat }
  | { readonly kind: 'count'; readonly count: number }
  /** getEphemerals, sorted. */
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'identities'; readonly identities: readonly Identity[] }
  /** The argument, echoed. */
  | { readonly kind: 'synced'; readonly path: string | null }
  /** multi and multiRead, part by part. A multi that failed has errors only; `OK` is `done`. */
  | { readonly kind: 'multi'; readonly results: readonly Result[] }
  | { readonly kind: 'error'; readonly code: ErrorCode };
