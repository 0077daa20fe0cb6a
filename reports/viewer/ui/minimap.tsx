// The strip above the picture: the whole run, and a window that can be dragged.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CanvasSurface } from '../draw/canvas-surface.js';
import type { Minimap as Map } from '../draw/paint-minimap.js';
import {
  MINIMAP_HEIGHT, minimapPlace, paintHits, paintMinimap, paintWindow,
} from '../draw/paint-minimap.js'; // prettier-ignore
import { setView } from './actions.js';
import type { Store } from './store.js';
import { useStore } from './store.js';
import { currentTheme } from './theme-choice.js';

/** Draws the run once, and the window on it as often as it moves. */
class MinimapView {
  readonly #store: Store;
  readonly #canvas: HTMLCanvasElement;
  readonly #still = document.createElement('canvas');
  #drawn = '';
  #frame = 0;
  map: Map | undefined;

  constructor(store: Store, canvas: HTMLCanvasElement) {
    this.#store = store;
    this.#canvas = canvas;
  }

  redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const width = this.#canvas.parentElement?.clientWidth ?? 0;
    if (width < 10) return;
    const { state, model, axis } = this.#store;
    const ratio = window.devicePixelRatio;
    const theme = currentTheme();
    const map = { model, axis, theme, width };
    this.map = map;
    const key = [width, ratio, theme.paper, state.folded, state.run].join();
    for (const canvas of [this.#still, this.#canvas]) {
      if (canvas === this.#still && key === this.#drawn) continue;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(MINIMAP_HEIGHT * ratio);
      canvas.style.width = `${width}px`;
    }
    if (key !== this.#drawn) {
      const still = this.#still.getContext('2d') as CanvasRenderingContext2D;
      still.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintMinimap(new CanvasSurface(still), map);
      this.#drawn = key;
    }
    const context = this.#canvas.getContext('2d') as CanvasRenderingContext2D;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#still, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const surface = new CanvasSurface(context);
    paintWindow(surface, map, state.view);
    if (state.hits !== undefined) paintHits(surface, map, state.hits);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}

export function Minimap(): JSX.Element {
  const [, store] = useStore(() => 0);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<MinimapView>();
  const dragging = useRef(false);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const made = new MinimapView(store, element);
    view.current = made;
    const leave = store.subscribe(() => made.redraw());
    const observer = new ResizeObserver(() => made.redraw());
    observer.observe(element.parentElement as HTMLElement);
    made.redraw();
    return () => {
      leave();
      observer.disconnect();
      made.stop();
    };
  }, [store]);
  const moveTo = (event: PointerEvent): void => {
    const map = view.current?.map;
    if (map === undefined) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const place = minimapPlace(map, event.clientX - box.left);
    const { from, to } = store.state.view;
    const half = Math.min(to - from, store.axis.length / 3) / 2;
    setView(store, { from: place - half, to: place + half });
  };
  return (
    <div
      class="minimap"
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        moveTo(event);
      }}
      onPointerMove={(event) => {
        if (dragging.current) moveTo(event);
      }}
      onPointerUp={() => {
        dragging.current = false;
      }}
    >
      <canvas ref={canvas} role="img" aria-label="The whole run" />
    </div>
  );
}
