// What keys, clicks and links do. Each action is one change of the store.
import { baseline } from '../model/lanes.js';
import { nearestInTime } from '../model/marks.js';
import { recordsOf } from '../model/follow.js';
import type { Following } from '../model/follow.js';
import { parseQuery, parseZxid, searching } from '../model/search.js';
import { neighbour } from '../model/story.js';
import { clamped, panned, showing, wholeOf, zoomed } from '../model/viewport.js';
import type { Viewport } from '../model/viewport.js';
import { lowerBound } from '../model/trace-view.js';
import type { Store } from './store.js';

/** Selects a record, and moves there if it is out of sight. */
export function select(store: Store, record: number | undefined, run = store.state.run): void {
  const model = store.models[run];
  if (model === undefined) return;
  if (record === undefined || record < 0 || record >= model.trace.length) {
    store.set({ record: undefined, run, why: false });
    return;
  }
  const place = store.axis.placeOf(model.trace.atUs(record));
  const view = showing(store.state.view, place, store.axis.length);
  store.set({ record, run, view });
}

/** Selects, and magnifies so far that its surroundings can be read. */
export function visit(store: Store, record: number, run = store.state.run): void {
  select(store, record, run);
  const model = store.models[run];
  if (model === undefined) return;
  const span = store.state.view.to - store.state.view.from;
  if (span > 2_000_000) magnify(store, Math.min(1, 400_000 / span));
}

export function setView(store: Store, view: Viewport): void {
  store.set({ view: clamped(view, store.axis.length) });
}

export function zoom(store: Store, factor: number, around: number): void {
  store.set({ view: zoomed(store.state.view, factor, around, store.axis.length) });
}

/** Around what is selected, or the middle. */
export function magnify(store: Store, factor: number): void {
  const { view, record } = store.state;
  const place = record === undefined ? NaN : store.axis.placeOf(store.model.trace.atUs(record));
  const inside = place >= view.from && place <= view.to;
  zoom(store, factor, inside ? place : (view.from + view.to) / 2);
}

export function pan(store: Store, share: number): void {
  const { view } = store.state;
  store.set({ view: panned(view, (view.to - view.from) * share, store.axis.length) });
}

export function showAll(store: Store): void {
  store.set({ view: wholeOf(store.axis.length) });
}

/** The same time is looked at before and after. */
export function toggleFolds(store: Store): void {
  if (store.isComparing) return;
  const { view } = store.state;
  const before = store.axis;
  const whole = wholeOf(before.length);
  const wasWhole = view.to - view.from > (whole.to - whole.from) * 0.98;
  const [fromUs, toUs] = [before.timeAt(view.from), before.timeAt(view.to)];
  store.set({ folded: !store.state.folded });
  if (wasWhole) showAll(store);
  else setView(store, { from: store.axis.placeOf(fromUs), to: store.axis.placeOf(toUs) });
}

export type Stepping = 'story' | 'lane' | 'fault' | 'leader' | 'violation' | 'hit';

function listOf(store: Store, what: Stepping): ArrayLike<number> {
  const { model, state } = store;
  switch (what) {
    case 'story':
      return model.story.records;
    case 'fault':
      return model.story.faults;
    case 'leader':
      return model.story.leaders;
    case 'violation':
      return model.story.violations;
    case 'hit':
      return state.hits ?? [];
    case 'lane': {
      const actor = model.trace.columns.actor[state.record ?? 0] ?? 0;
      return model.lanes.byActor.get(actor)?.records ?? [];
    }
  }
}

/** The next of its kind, or the one before; with nothing selected, from the edge of the view. */
export function step(store: Store, what: Stepping, by: 1 | -1): void {
  const { state, axis, model } = store;
  const list = Array.from(listOf(store, what));
  const edge = model.trace.firstAt(axis.timeAt(by === 1 ? state.view.from : state.view.to));
  const from = state.record ?? (by === 1 ? edge - 1 : edge);
  const next = neighbour(list, from, by) ?? (state.record === undefined ? list[0] : undefined);
  if (next !== undefined) select(store, next);
}

/** To the row above or below, at the same time. */
export function changeLane(store: Store, by: 1 | -1): void {
  const { model, state } = store;
  if (state.record === undefined) return step(store, 'story', 1);
  const lanes = model.lanes.all.filter(({ records }) => records.length > 0);
  const actor = model.trace.columns.actor[state.record];
  const at = lanes.findIndex((lane) => lane.actor === actor);
  const lane = lanes[Math.min(lanes.length - 1, Math.max(0, at + by))];
  if (lane === undefined || baseline(lane) < 0) return;
  select(store, nearestInTime(model.trace, lane, model.trace.atUs(state.record)));
}

/** To what brought it about, or to the first that it brought about. */
export function followCause(store: Store, by: 1 | -1): void {
  const { model, state } = store;
  if (state.record === undefined) return;
  const { cause } = model.trace.columns;
  if (by === -1) {
    const why = cause[state.record] ?? -1;
    if (why >= 0) select(store, why);
    return;
  }
  const event = model.trace.eventOf(state.record);
  for (const from of [state.record, event]) {
    for (let at = from + 1; at < model.trace.length; at++) {
      const isNote = model.trace.eventOf(at) === event;
      if (cause[at] === from && !isNote) return select(store, at);
    }
  }
}

export function toggleWhy(store: Store): void {
  const { state, model } = store;
  if (state.record === undefined) {
    const first = model.story.violations[0] ?? model.story.records.at(-1);
    if (first !== undefined) select(store, first);
  }
  store.set({ why: !state.why });
}

let searches = 0;

/** Looks through the trace without holding up the page. */
export function search(store: Store, query: string): void {
  searches += 1;
  const mine = searches;
  const parsed = parseQuery(query);
  if (!parsed.ok || parsed.empty) {
    const problem = parsed.ok ? '' : parsed.problem;
    store.set({ query, problem, hits: undefined, searching: false, follow: undefined });
    return;
  }
  store.set({ query, problem: '', searching: true, follow: undefined });
  const found: number[] = [];
  const work = searching(store.model.trace, parsed.test, found);
  const goOn = (): void => {
    if (mine !== searches) return;
    const until = performance.now() + 10;
    while (performance.now() < until) {
      if (work.next().done !== true) continue;
      store.set({ hits: found, searching: false });
      return;
    }
    setTimeout(goOn, 0);
  };
  goOn();
}

export function follow(store: Store, following: Following | undefined): void {
  searches += 1;
  const hits = following === undefined ? undefined : recordsOf(store.model.trace, following);
  store.set({ follow: following, hits, query: '', problem: '', searching: false });
}

/** `12.5s`, `250ms`, `#8123` or a zxid. */
export function goTo(store: Store, text: string): boolean {
  const { model } = store;
  const record = /^#?(\d+)$/.exec(text.trim());
  if (record !== null) {
    visit(store, Number(record[1]));
    return Number(record[1]) < model.trace.length;
  }
  const time = /^(\d+(?:\.\d+)?)\s*(us|ms|s|m)$/.exec(text.trim());
  if (time !== null) {
    const scale = { us: 1, ms: 1e3, s: 1e6, m: 60e6 }[time[2] ?? 's'] ?? 1e6;
    const at = model.trace.firstAt(Number(time[1]) * scale);
    const told = model.story.records[lowerBound(model.story.records, at)];
    visit(store, told ?? Math.min(at, model.trace.length - 1));
    return true;
  }
  const zxid = parseZxid(text.trim());
  if (zxid === undefined) return false;
  follow(store, { what: 'zxid', zxid });
  const first = store.state.hits?.[0];
  if (first !== undefined) visit(store, first);
  return first !== undefined;
}

/** Everything that narrows the look is taken back, one thing at a time. */
export function escape(store: Store): void {
  const { help, why, hits, query, record } = store.state;
  if (help) store.set({ help: false });
  else if (hits !== undefined || query !== '') search(store, '');
  else if (why) store.set({ why: false });
  else if (record !== undefined) store.set({ record: undefined });
}
