// What happens to a client reaches its program here, and nowhere else. The trace is told as well,
// in the servers' paths. [ZK-Java ClientCnxn.EventThread]
import type { Zxid } from '../ids.js';
import type { Result } from '../result.js';
import { stripped, strippedPath } from './chroot.js';
import type { ClientNews, NewsType, Outcome, SessionState } from './hearing.js';
import type { ClientContext } from './state.js';
import { note, noteState } from './state.js';

/** The one way to a program. */
function emit(ctx: ClientContext, news: ClientNews): void {
  ctx.news.push(news);
}

/** Where the session stands. The trace is told each time, the program only what is new. */
export function tellState(ctx: ClientContext, state: SessionState): void {
  noteState(ctx, state);
  if (ctx.told === state) return;
  ctx.told = state;
  emit(ctx, { kind: 'state', state });
}

/** Of a watched path; `zxid` as the server's message has it. */
export function tellWatched(ctx: ClientContext, type: NewsType, path: string, zxid: Zxid): void {
  note(ctx, 'watched', { peer: ctx.link.peer, zxid, text: `${type} ${path}` });
  emit(ctx, { kind: 'watched', type, path: strippedPath(ctx.config.chroot, path) });
}

export interface Ending {
  readonly outcome: Outcome;
  readonly zxid: Zxid;
  readonly result: Result | undefined;
}

/** What has become of a call. */
export function tellCompleted(ctx: ClientContext, cxid: number, ending: Ending): void {
  const { outcome, zxid, result } = ending;
  note(ctx, 'completed', { zxid, digest: cxid, text: outcome, detail: result });
  ctx.effects.push({ kind: 'settled', cxid });
  const told = result === undefined ? undefined : stripped(ctx.config.chroot, result);
  emit(ctx, { kind: 'completed', cxid, outcome, zxid, result: told });
}
