// The canvas of one run: it is drawn when something changed, at most once a frame, on two layers,
// so that moving the pointer does not draw the picture again.
import { CanvasSurface } from '../draw/canvas-surface.js';
import type { Picture } from '../draw/picture.js';
import type { Placed } from '../draw/paint-timeline.js';
import { paintSelection, paintTimeline } from '../draw/paint-timeline.js';
import { nearestArrow } from '../draw/paint-arrows.js';
import { conesOf } from '../model/causality.js';
import type { Lane } from '../model/lanes.js';
import { baseline } from '../model/lanes.js';
import { nearestInTime, nearestMark, timeAtX } from '../model/marks.js';
import type { RunModel } from '../model/run-model.js';
import type { Viewport } from '../model/viewport.js';
import { whyChain } from '../model/why.js';
import type { Store } from './store.js';
import { currentTheme } from './theme-choice.js';

interface Last {
  readonly picture: Picture;
  readonly us: number;
}

const lastPictures = new Map<number, Last>();

/** What was drawn last of a run, to be drawn elsewhere. */
export function lastPicture(run: number): Last | undefined {
  return lastPictures.get(run);
}

export interface Pointed {
  readonly record: number | undefined;
  readonly message: number | undefined;
  readonly lane: Lane | undefined;
}

interface Cones {
  readonly record: number;
  readonly cones: Uint8Array;
  readonly chain: ReadonlySet<number>;
}

const NOTHING: Pointed = { record: undefined, message: undefined, lane: undefined };
const REACH = 9;
const REST_MS = 120;
/** Of the chain of causes, so many steps stand out. */
const CHAIN_SHOWN = 16;

/** Room for the names of rows. */
function leftOf(width: number): number {
  return width < 560 ? 44 : 104;
}

function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

export class TimelineView {
  readonly #store: Store;
  readonly #run: number;
  readonly #model: RunModel;
  readonly #base: HTMLCanvasElement;
  readonly #over: HTMLCanvasElement;
  #width = 0;
  #frame = 0;
  #placed: Placed | undefined;
  #picture: Picture | undefined;
  #cones: Cones | undefined;
  #isHit: { readonly hits: readonly number[]; readonly set: Uint8Array } | undefined;
  #hover: number | undefined;
  #baseIsOld = true;
  /** What was looked at when the picture was drawn last. */
  #seen: Viewport | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, run: number, layers: readonly [HTMLCanvasElement, HTMLCanvasElement]) {
    this.#store = store;
    this.#run = run;
    this.#model = store.models[run] as RunModel;
    [this.#base, this.#over] = layers;
  }

  resize(width: number): void {
    if (width === this.#width || width < 10) return;
    this.#width = width;
    this.redraw();
  }

  redraw(): void {
    this.#baseIsOld = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#width === 0) return;
    if (this.#baseIsOld) this.#drawBase();
    this.#drawOver();
  }

  #drawBase(): void {
    const picture = this.#makePicture();
    const { state } = this.#store;
    const own = state.run === this.#run && state.record !== undefined;
    const middle = (state.view.from + state.view.to) / 2;
    const us = own ? this.#model.trace.atUs(state.record) : this.#store.axis.timeAt(middle);
    if (picture.moving) this.#finishAtRest();
    this.#seen = state.view;
    const context = sized(this.#base, this.#width, picture.height);
    this.#placed = paintTimeline(new CanvasSurface(context), picture, us);
    this.#picture = picture;
    this.#baseIsOld = false;
    lastPictures.set(this.#run, { picture, us });
  }

  /** Moved for the last time, the picture is drawn once more, with everything. */
  #finishAtRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.redraw(), REST_MS);
  }

  #drawOver(): void {
    const picture = this.#picture;
    const placed = this.#placed;
    if (picture === undefined || placed === undefined) return;
    const context = sized(this.#over, this.#width, picture.height);
    context.clearRect(0, 0, this.#width, picture.height);
    const surface = new CanvasSurface(context);
    const { state } = this.#store;
    if (state.run === this.#run && state.record !== undefined) {
      paintSelection(surface, picture, placed, { record: state.record, strong: true });
    }
    if (this.#hover !== undefined) {
      paintSelection(surface, picture, placed, { record: this.#hover, strong: false });
    }
  }

  #makePicture(): Picture {
    const store = this.#store;
    const { state, axis } = store;
    const left = leftOf(this.#width);
    const own = state.run === this.#run;
    const { hits } = state;
    return {
      model: this.#model,
      theme: currentTheme(),
      canvas: { axis, view: state.view, width: this.#width - left, left },
      height: this.#model.lanes.height,
      moving: this.#seen !== undefined && this.#seen !== state.view,
      picked: {
        selected: own ? state.record : undefined,
        cones: own && state.why ? this.#conesOf(state.record)?.cones : undefined,
        chain: own && state.why ? this.#conesOf(state.record)?.chain : undefined,
        hits: own ? hits : undefined,
        isHit: own && hits !== undefined ? this.#hitSet(hits) : undefined,
      },
    };
  }

  #conesOf(record: number | undefined): Cones | undefined {
    if (record === undefined) return undefined;
    if (this.#cones?.record !== record) {
      const { trace } = this.#model;
      const steps = whyChain(trace, record, () => false).slice(0, CHAIN_SHOWN);
      const chain = new Set(steps.map(({ event }) => event));
      this.#cones = { record, cones: conesOf(trace, record), chain };
    }
    return this.#cones;
  }

  #hitSet(hits: readonly number[]): Uint8Array {
    if (this.#isHit?.hits !== hits) {
      const set = new Uint8Array(this.#model.trace.length);
      for (const hit of hits) set[hit] = 1;
      this.#isHit = { hits, set };
    }
    return this.#isHit.set;
  }

  /** What is under a place of the canvas. */
  pointAt(x: number, y: number): Pointed {
    const picture = this.#picture;
    const placed = this.#placed;
    if (picture === undefined || placed === undefined || x < picture.canvas.left) return NOTHING;
    const { lanes, trace } = this.#model;
    const lane = lanes.all.find(({ top, height }) => y >= top && y < top + height);
    if (lane === undefined) return NOTHING;
    const marks = placed.marks.get(lane.actor);
    const near = nearestMark(marks?.marks ?? [], x, REACH);
    const onLine = Math.abs(y - baseline(lane)) < 11 || lane.kind !== 'server';
    if (near !== undefined && onLine) return { record: near, message: undefined, lane };
    const message = nearestArrow(placed.arrows.placed, { x, y }, 5);
    if (message !== undefined) {
      return { record: this.#model.messages.ended[message], message, lane };
    }
    if (lane.kind === 'server' && y < baseline(lane) - 11) {
      const us = timeAtX(picture.canvas, x);
      const band = this.#model.bands.byServer.get(lane.actor)?.findLast((one) => one.fromUs <= us);
      return { record: band?.record, message: undefined, lane };
    }
    const record = nearestInTime(trace, lane, timeAtX(picture.canvas, x));
    return { record, message: undefined, lane };
  }

  hover(record: number | undefined): void {
    if (record === this.#hover) return;
    this.#hover = record;
    this.#schedule();
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    lastPictures.delete(this.#run);
  }
}
