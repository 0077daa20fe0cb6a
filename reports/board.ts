// What each server is and holds at a point of a trace, kept up to date record by record: the glyphs
// of the timeline, and the table of servers at the end of a run.
import type { RecordKind, TraceRecord } from '../sim/trace/record.js';
import { isServer } from './format.js';
import type { Tone } from './painter.js';

export interface ServerView {
  readonly sid: number;
  up: boolean;
  /** `following/synchronization`, as the role notes say it; empty before the first one. */
  role: string;
  leader: number;
  acceptedEpoch: number;
  currentEpoch: number;
  /** Last zxid in the log, durable or not. */
  logged: number;
  durable: number;
  applied: number;
  crashes: number;
  /** The record that changed its role last. */
  changed: number;
}

function makeView(sid: number): ServerView {
  return {
    sid,
    up: false,
    role: '',
    leader: 0,
    acceptedEpoch: 0,
    currentEpoch: 0,
    logged: 0,
    durable: 0,
    applied: 0,
    crashes: 0,
    changed: -1,
  };
}

export class Board {
  readonly #views = new Map<number, ServerView>();

  constructor(servers: readonly number[]) {
    for (const sid of servers) this.#views.set(sid, makeView(sid));
  }

  views(): ServerView[] {
    return [...this.#views.values()];
  }

  sight(sid: number): Sight | undefined {
    const view = this.#views.get(sid);
    if (view === undefined) return undefined;
    const { glyph, tone } = lookOf(view);
    return { glyph, tone, since: view.changed };
  }

  /** How every server looks now; a copy. */
  sights(): Sights {
    const sights = new Map<number, Sight>();
    for (const sid of this.#views.keys()) {
      const sight = this.sight(sid);
      if (sight !== undefined) sights.set(sid, sight);
    }
    return sights;
  }

  observe(record: TraceRecord): void {
    if (!isServer(record.actor)) return;
    const view = this.#views.get(record.actor) ?? makeView(record.actor);
    this.#views.set(record.actor, view);
    if (record.kind === 'role') {
      view.role = record.text;
      view.leader = record.peer;
      view.changed = record.index;
    } else {
      OBSERVERS[record.kind]?.(view, record);
    }
  }
}

type Observe = (view: ServerView, record: TraceRecord) => void;

/** What the disk holds is what a process starts from, and all that a crash leaves. */
const onProcess: Observe = (view, r) => {
  if (r.kind === 'crash' && view.up) view.crashes += 1;
  view.up = r.kind === 'boot';
  view.role = '';
  view.leader = 0;
  view.changed = r.index;
  view.currentEpoch = r.epoch;
  view.acceptedEpoch = r.digest;
  view.logged = r.zxid;
  view.durable = r.zxid;
  view.applied = view.up ? r.zxid : 0;
};

const onApplied: Observe = (view, r) => {
  view.applied = r.zxid;
};

const OBSERVERS: Partial<Record<RecordKind, Observe>> = {
  boot: onProcess,
  crash: onProcess,
  epochFile: (view, r) => {
    if (r.text === 'accepted') view.acceptedEpoch = r.epoch;
    else view.currentEpoch = r.epoch;
  },
  appended: (view, r) => {
    view.logged = r.zxid;
  },
  flushed: (view, r) => {
    view.durable = r.zxid;
  },
  truncated: (view, r) => {
    view.logged = r.zxid;
    view.durable = r.zxid;
  },
  applied: onApplied,
  loaded: onApplied,
  fastForwarded: onApplied,
  installed: onApplied,
};

/** Capital letters serve; small ones are on their way. */
export const LEGEND =
  '? looking  l leader elect  L leader  f follower joining  F follower  o/O observer  ' +
  '~ leaving  x down';

interface Look {
  readonly glyph: string;
  readonly tone: Tone;
}

/** How a server looks, and the record since which it does. */
export interface Sight extends Look {
  readonly since: number;
}

export type Sights = ReadonlyMap<number, Sight>;

const LOOKS: Partial<Record<string, Look>> = {
  looking: { glyph: '?', tone: 'looking' },
  leading: { glyph: 'l', tone: 'leading' },
  following: { glyph: 'f', tone: 'following' },
  observing: { glyph: 'o', tone: 'observing' },
  leaving: { glyph: '~', tone: 'leaving' },
};
const DOWN: Look = { glyph: 'x', tone: 'down' };
const STARTING: Look = { glyph: '·', tone: 'dim' };

function lookOf(view: ServerView): Look {
  if (!view.up || view.role === 'halted') return DOWN;
  const [role = '', phase] = view.role.split('/');
  const look = LOOKS[role] ?? STARTING;
  return phase === 'broadcast' ? { glyph: look.glyph.toUpperCase(), tone: look.tone } : look;
}

/** `following s3` in the words of a table. */
export function roleWords(view: ServerView): string {
  if (!view.up) return 'down';
  const [role = '', phase = ''] = view.role.split('/');
  if (role === '') return 'starting';
  if (role === 'looking' || role === 'halted' || role === 'leaving') return role;
  const whom = role === 'leading' ? '' : ` s${view.leader}`;
  return phase === 'broadcast' ? `${role}${whom}` : `${role}${whom} (${phase})`;
}
