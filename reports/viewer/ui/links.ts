// The fragment of the address and the store say the same: a link opens with the look it was copied
// with, and every change of the look is in the address a moment later.
import type { Following } from '../model/follow.js';
import { readLook, writeLook } from '../model/link.js';
import { parseZxid } from '../model/search.js';
import { wholeOf } from '../model/viewport.js';
import { follow, search, select, setView, visit } from './actions.js';
import type { Store, Tab } from './store.js';
import { TABS } from './store.js';

const DELAY_MS = 250;

function followText(following: Following | undefined): string {
  if (following === undefined) return '';
  if (following.what === 'session') return `0x${following.session.toString(16)}`;
  const { zxid } = following;
  return `${Math.floor(zxid / 2 ** 32)}:${zxid % 2 ** 32}`;
}

function followFrom(text: string): Following | undefined {
  if (text.startsWith('0x')) return { what: 'session', session: parseInt(text, 16) };
  const zxid = parseZxid(text);
  return zxid === undefined ? undefined : { what: 'zxid', zxid };
}

/** Takes the look from the address; without one, the first violation is what matters. */
export function openLink(store: Store): void {
  const look = readLook(location.hash);
  const run = Math.min(look.run, store.models.length - 1);
  store.set({ run });
  if (look.folded !== undefined && !store.isComparing) store.set({ folded: look.folded });
  store.set({ view: wholeOf(store.axis.length) });
  if (look.tab !== undefined && (TABS as readonly string[]).includes(look.tab)) {
    store.set({ tab: look.tab as Tab });
  }
  if (look.query !== '') search(store, look.query);
  const following = followFrom(look.follow);
  if (following !== undefined) follow(store, following);
  const { fromUs, toUs } = look;
  const hasWindow = fromUs !== undefined && toUs !== undefined;
  if (hasWindow) {
    const { axis } = store;
    setView(store, { from: axis.placeOf(fromUs), to: axis.placeOf(toUs) });
  }
  const first = store.model.firstViolation?.record;
  const record = look.record ?? first;
  if (record !== undefined) {
    if (hasWindow || look.record === undefined) select(store, record, run);
    else visit(store, record, run);
  }
  if (look.why) store.set({ why: true });
}

function currentFragment(store: Store): string {
  const { state, axis } = store;
  const whole = wholeOf(axis.length);
  const isWhole = state.view.to - state.view.from >= (whole.to - whole.from) * 0.995;
  const first = store.model.firstViolation?.record;
  const usual = store.isComparing ? 'compare' : 'story';
  return writeLook({
    run: state.run,
    record: state.record === first && isWhole ? undefined : state.record,
    fromUs: isWhole ? undefined : axis.timeAt(state.view.from),
    toUs: isWhole ? undefined : axis.timeAt(state.view.to),
    query: state.query,
    follow: followText(state.follow),
    why: state.why,
    folded:
      store.isComparing || state.folded === store.model.foldsByDefault ? undefined : state.folded,
    tab: state.tab === usual ? undefined : state.tab,
  });
}

/** The address of the page with the current look. */
export function linkTo(store: Store): string {
  return `${location.href.split('#')[0] ?? ''}${currentFragment(store)}`;
}

export function keepLink(store: Store): void {
  let timer = 0;
  let own = location.hash;
  store.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      own = currentFragment(store);
      const { pathname, search: query } = location;
      history.replaceState(null, '', own === '' ? `${pathname}${query}` : own);
    }, DELAY_MS);
  });
  addEventListener('hashchange', () => {
    if (location.hash !== own) openLink(store);
  });
}
