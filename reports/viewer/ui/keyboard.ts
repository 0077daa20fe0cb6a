// Every act has a key. One table serves both the keyboard and the page that explains it.
import {
  changeLane, escape, followCause, magnify, pan, showAll, step, toggleFolds, toggleWhy,
} from './actions.js'; // prettier-ignore
import { exportSvg } from './export-svg.js';
import type { Store, Tab } from './store.js';
import { TABS } from './store.js';
import { nextTheme } from './theme-choice.js';

export interface Key {
  /** As `KeyboardEvent.key` has them. */
  readonly keys: readonly string[];
  readonly shift?: boolean;
  readonly words: string;
  readonly group: 'Move' | 'Look' | 'Ask' | 'Page';
  readonly act: (store: Store) => void;
}

function focusOn(id: string): void {
  const element = document.getElementById(id);
  if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
  }
}

function toTab(store: Store, by: number): void {
  const tabs = TABS.filter((tab) => tab !== 'compare' || store.isComparing);
  const at = tabs.indexOf(store.state.tab);
  const tab = tabs[(at + by + tabs.length) % tabs.length] as Tab;
  store.set({ tab });
}

export const KEYS: readonly Key[] = [
  {
    keys: ['ArrowRight'],
    group: 'Move',
    words: 'next event of the story',
    act: (s) => step(s, 'story', 1),
  },
  {
    keys: ['ArrowLeft'],
    group: 'Move',
    words: 'previous event of the story',
    act: (s) => step(s, 'story', -1),
  },
  {
    keys: ['ArrowRight'],
    shift: true,
    group: 'Move',
    words: 'next record of this row',
    act: (s) => step(s, 'lane', 1),
  },
  {
    keys: ['ArrowLeft'],
    shift: true,
    group: 'Move',
    words: 'previous record of this row',
    act: (s) => step(s, 'lane', -1),
  },
  { keys: ['ArrowDown'], group: 'Move', words: 'the row below', act: (s) => changeLane(s, 1) },
  { keys: ['ArrowUp'], group: 'Move', words: 'the row above', act: (s) => changeLane(s, -1) },
  { keys: ['f'], group: 'Move', words: 'next fault', act: (s) => step(s, 'fault', 1) },
  { keys: ['F'], group: 'Move', words: 'previous fault', act: (s) => step(s, 'fault', -1) },
  { keys: ['l'], group: 'Move', words: 'next change of leader', act: (s) => step(s, 'leader', 1) },
  {
    keys: ['L'],
    group: 'Move',
    words: 'previous change of leader',
    act: (s) => step(s, 'leader', -1),
  },
  { keys: ['v'], group: 'Move', words: 'next violation', act: (s) => step(s, 'violation', 1) },
  { keys: ['V'], group: 'Move', words: 'previous violation', act: (s) => step(s, 'violation', -1) },
  { keys: ['n'], group: 'Move', words: 'next record found', act: (s) => step(s, 'hit', 1) },
  { keys: ['N'], group: 'Move', words: 'previous record found', act: (s) => step(s, 'hit', -1) },
  { keys: ['['], group: 'Ask', words: 'to what caused it', act: (s) => followCause(s, -1) },
  { keys: [']'], group: 'Ask', words: 'to what it caused', act: (s) => followCause(s, 1) },
  {
    keys: ['w'],
    group: 'Ask',
    words: 'why: past and future of the selected record',
    act: toggleWhy,
  },
  { keys: ['/'], group: 'Ask', words: 'search and filter', act: () => focusOn('search') },
  { keys: ['g'], group: 'Ask', words: 'go to a time, record or zxid', act: () => focusOn('go') },
  { keys: ['Escape'], group: 'Ask', words: 'take it back, step by step', act: escape },
  { keys: ['+', '='], group: 'Look', words: 'magnify', act: (s) => magnify(s, 0.5) },
  { keys: ['-'], group: 'Look', words: 'see more', act: (s) => magnify(s, 2) },
  { keys: ['d'], group: 'Look', words: 'later', act: (s) => pan(s, 0.35) },
  { keys: ['a'], group: 'Look', words: 'earlier', act: (s) => pan(s, -0.35) },
  { keys: ['0'], group: 'Look', words: 'the whole run', act: showAll },
  { keys: ['q'], group: 'Look', words: 'fold or unfold quiet stretches', act: toggleFolds },
  { keys: ['s'], group: 'Page', words: 'save the picture as SVG', act: exportSvg },
  { keys: ['t'], group: 'Page', words: 'light, dark, or as the system', act: nextTheme },
  { keys: ['.'], group: 'Page', words: 'next panel below', act: (s) => toTab(s, 1) },
  { keys: [','], group: 'Page', words: 'previous panel below', act: (s) => toTab(s, -1) },
  {
    keys: ['c'],
    group: 'Page',
    words: 'the other run, when two are compared',
    act: (s) => s.set({ run: s.isComparing ? 1 - s.state.run : 0 }),
  },
  { keys: ['?'], group: 'Page', words: 'this help', act: (s) => s.set({ help: !s.state.help }) },
];

const NAMES: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
};

export function keyName({ keys, shift }: Key): string {
  const [key = ''] = keys;
  return `${shift === true ? 'Shift ' : ''}${NAMES[key] ?? key}`;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Buttons and lists keep the keys that they are used with. */
function isNavigating({ key, target }: KeyboardEvent): boolean {
  return key.startsWith('Arrow') && target instanceof HTMLElement && target.role === 'tab';
}

export function listenToKeys(store: Store): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isNavigating(event)) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    const arrows = event.key.startsWith('Arrow');
    const found = KEYS.find(
      ({ keys, shift = false }) =>
        keys.includes(event.key) && (!arrows || shift === event.shiftKey),
    );
    if (found === undefined) return;
    event.preventDefault();
    found.act(store);
  });
}
