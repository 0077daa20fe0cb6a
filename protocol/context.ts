// The face a handler sees during one step: the parts of the state, to be replaced by new values,
// and the list of effects, to be added to. `stepPeer` makes a Context from a state, runs one
// handler and folds the parts back into a state; nothing outlives the step, so the step as a whole
// is pure. A handler never calls another role's code: it asks for a Transition and `stepPeer`
// carries it out.
import type { PeerConfig } from './peer-config.js';
import type { Effect } from './effect.js';
import { makeSetTimer } from './effect.js';
import type { Transport } from './election/links.js';
import type { TimerKind } from './event.js';
import type { ConnId, Round, ServerId, SessionId, Zxid } from './ids.js';
import type { Message } from './message.js';
import type { Mark } from './marks.js';
import type { Detail, NoteKind } from './note.js';
import type { Request } from './operation.js';
import type { Front } from './session/front-state.js';
import type { Role } from './state.js';
import type { DiskQueue } from './storage/disk-state.js';
import type { Database } from './storage/database.js';
import type { Durable } from './storage/durable.js';
import type { SettledVote, Vote } from './vote.js';

/** What the client-facing front wants from the role behind it. */
export type Submission =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'sync'; readonly session: SessionId; readonly cxid: number }
  | { readonly kind: 'revalidate'; readonly session: SessionId; readonly timeoutMs: number };

/** A change of role, carried out by `stepPeer` after the handler returns. */
export type Transition =
  /** The election is decided: lead, follow or observe. */
  | { readonly to: 'elected'; readonly vote: Vote; readonly round: Round }
  /** Give up the current role: leave it step by step, then look again. */
  | { readonly to: 'leaving'; readonly reason: string }
  /** Everything is left behind: start an election. */
  | { readonly to: 'looking' }
  | { readonly to: 'halted'; readonly code: number; readonly reason: string };

export interface Context {
  readonly config: PeerConfig;
  readonly nowUs: number;
  readonly wallMs: number;
  durable: Durable;
  database: Database;
  disk: DiskQueue;
  transport: Transport;
  /** Java currentVote: what a settled server reports. */
  settledVote: SettledVote;
  /** Java logicalclock. */
  round: Round;
  role: Role;
  front: Front;
  /** A TRUNC could not be carried out: ask the next leader for a snapshot. */
  wantsSnapshot: boolean;
  transition: Transition | undefined;
  submitted: Submission[];
  readonly effects: Effect[];
}

export function send(ctx: Context, conn: ConnId, message: Message): void {
  ctx.effects.push({ kind: 'send', conn, message });
}

export function close(ctx: Context, conn: ConnId): void {
  ctx.effects.push({ kind: 'close', conn });
}

export function setTimer(ctx: Context, timer: TimerKind, delayMs: number, key = 0): void {
  ctx.effects.push(makeSetTimer(timer, key, Math.round(delayMs * 1000)));
}

export function clearTimer(ctx: Context, timer: TimerKind, key = 0): void {
  ctx.effects.push({ kind: 'clearTimer', timer, key });
}

/** Wake a stage: its queue has something now. The world adds the thread's own latency. */
export function wake(ctx: Context, stage: TimerKind): void {
  ctx.effects.push(makeSetTimer(stage, 0, 0));
}

export interface NoteSlots {
  readonly peer?: ServerId | number;
  readonly zxid?: Zxid | number;
  readonly epoch?: number;
  readonly value?: number;
  readonly digest?: number;
  readonly text?: string;
  readonly detail?: Detail | undefined;
}

export function note(ctx: Context, kind: Exclude<NoteKind, 'mark'>, slots: NoteSlots): void {
  pushNote(ctx, kind, slots);
}

/** A rare path was taken. Nothing else may depend on it. */
export function mark(ctx: Context, name: Mark, peer: ServerId | number = 0): void {
  pushNote(ctx, 'mark', { peer, text: name });
}

/** The one construction site of notes. */
function pushNote(ctx: Context, kind: NoteKind, slots: NoteSlots): void {
  const { peer = 0, zxid = 0, epoch = 0, value = 0, digest = 0, text = '', detail } = slots;
  ctx.effects.push({
    kind: 'note',
    note: { kind, peer, zxid, epoch, value, digest, text, detail },
  });
}
