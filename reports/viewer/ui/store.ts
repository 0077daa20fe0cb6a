// What the reader does with the page, in one place: what is selected, which part is looked at, what
// is searched for. Components read it, actions change it, pictures are drawn after it.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Axis } from '../model/axis.js';
import { Axis as PlainAxis } from '../model/axis.js';
import type { Following } from '../model/follow.js';
import type { RunModel } from '../model/run-model.js';
import type { Viewport } from '../model/viewport.js';
import { wholeOf } from '../model/viewport.js';
import type { Journeys } from './journeys.js';
import { Trials } from './trials.js';

export const TABS = [
  ...(['story', 'charts', 'servers', 'faults', 'checkers', 'scenario', 'compare'] as const),
];
export type Tab = (typeof TABS)[number];
export type ThemeChoice = 'auto' | 'light' | 'dark';

export interface State {
  /** Which run is selected in, when there are two. */
  readonly run: number;
  readonly record: number | undefined;
  readonly view: Viewport;
  readonly folded: boolean;
  readonly why: boolean;
  readonly query: string;
  readonly follow: Following | undefined;
  /** Records that are searched for or followed; undefined: nothing is. */
  readonly hits: readonly number[] | undefined;
  /** What is wrong with the query. */
  readonly problem: string;
  readonly searching: boolean;
  readonly tab: Tab;
  readonly theme: ThemeChoice;
  readonly help: boolean;
  /** Goes up when the re-run has made progress. */
  readonly journey: number;
}

type Listener = () => void;

export class Store {
  readonly models: readonly RunModel[];
  readonly journeys: Journeys;
  readonly trials: Trials;
  readonly #shared: Axis | undefined;
  readonly #listeners = new Set<Listener>();
  state: State;

  constructor(models: readonly RunModel[], journeys: Journeys) {
    this.models = models;
    this.journeys = journeys;
    this.trials = new Trials(() => this.set({ journey: this.state.journey + 1 }));
    const [first, ...others] = models;
    // Two runs are looked at on one scale, unfolded: what is quiet in one is not in the other.
    const endUs = Math.max(...models.map(({ trace }) => trace.endUs));
    this.#shared = others.length > 0 ? new PlainAxis(endUs, []) : undefined;
    const folded = others.length === 0 && first?.foldsByDefault === true;
    this.state = {
      ...{ run: 0, record: undefined, folded, why: false, query: '', follow: undefined },
      ...{ hits: undefined, problem: '', searching: false, help: false, journey: 0 },
      tab: others.length > 0 ? 'compare' : 'story',
      theme: 'auto',
      view: { from: 0, to: 1 },
    };
    this.state = { ...this.state, view: wholeOf(this.axis.length) };
  }

  get isComparing(): boolean {
    return this.models.length > 1;
  }

  /** The run that is selected in. */
  get model(): RunModel {
    return this.models[this.state.run] ?? (this.models[0] as RunModel);
  }

  get axis(): Axis {
    if (this.#shared !== undefined) return this.#shared;
    const model = this.models[0] as RunModel;
    return this.state.folded ? model.folded : model.plain;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export const StoreContext = createContext<Store | undefined>(undefined);

/** The store, and a new rendering whenever what `read` gives has changed. */
export function useStore<T>(read: (state: State) => T): [T, Store] {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('a component outside of the page');
  const [, redraw] = useState(0);
  const value = read(store.state);
  useEffect(() => {
    let last = read(store.state);
    return store.subscribe(() => {
      const next = read(store.state);
      if (Object.is(next, last)) return;
      last = next;
      redraw((count) => count + 1);
    });
  }, [store]);
  return [value, store];
}
