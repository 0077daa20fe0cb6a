// What clients do to znodes, what they are told, and what there is: the words of models/znode.ts.

/** The owner of containers and TTL znodes: they may vanish as ephemerals do, and have children. */
export const REAPER = 'the reaper';

export interface ZnodeOp {
  readonly f: 'create' | 'set' | 'delete' | 'get' | 'exists' | 'sync' | 'expire';
  readonly path: string;
  /** New text; empty where there is none. */
  readonly value: string;
  /** Version that set and delete expect; -1 for any. */
  readonly version: number;
  /** Session that an ephemeral znode belongs to; empty for persistent ones. */
  readonly owner: string;
}

export interface ZnodeResult {
  /** A code such as NONODE; undefined for success. */
  readonly error: string | undefined;
  readonly value: string | undefined;
  /** Version of the znode afterwards, where the answer had one. */
  readonly version: number | undefined;
  /** Never trusted: a hint where to look first, and what zxid-order.ts examines. */
  readonly zxid: number | undefined;
}

export interface Znode {
  readonly value: string;
  readonly version: number;
  readonly owner: string;
}

/** Those that exist, of one family. */
export type Family = Readonly<Record<string, Znode>>;
