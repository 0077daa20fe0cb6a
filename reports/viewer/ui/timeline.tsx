// The picture of a run as a part of the page: it follows the store, and turns what the pointer does
// into actions.
import type { HTMLAttributes, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { clock, recordName } from '../../format.js';
import { describe } from '../../words.js';
import { placeAtX } from '../model/marks.js';
import type { RunModel } from '../model/run-model.js';
import { pan, select, setView, zoom } from './actions.js';
import type { Store } from './store.js';
import { useStore } from './store.js';
import { TimelineView } from './timeline-view.js';

interface Hint {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly where: string;
}

interface Drag {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  moved: boolean;
}

function placeOfEvent(event: MouseEvent): { x: number; y: number } {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function hintFor(model: RunModel, record: number, at: { x: number; y: number }): Hint {
  const { trace } = model;
  return {
    ...at,
    text: describe(trace.at(record)),
    where: `${clock(trace.atUs(record))} ${recordName(record)}`,
  };
}

/** The handlers of one canvas; `view` is there once the canvas is. */
function pointerHandlers(
  store: Store,
  run: number,
  view: () => TimelineView | undefined,
  setHint: (hint: Hint | undefined) => void,
): HTMLAttributes<HTMLDivElement> {
  const model = store.models[run] as RunModel;
  let drag: Drag | undefined;
  const hoverAt = (at: { x: number; y: number }): void => {
    const { record } = view()?.pointAt(at.x, at.y) ?? {};
    view()?.hover(record);
    setHint(record === undefined ? undefined : hintFor(model, record, at));
  };
  return {
    onPointerDown: (event) => {
      const at = placeOfEvent(event);
      const { view: seen } = store.state;
      drag = { x: at.x, from: seen.from, to: seen.to, moved: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      const at = placeOfEvent(event);
      const canvas = view()?.picture?.canvas;
      if (drag === undefined || canvas === undefined) return hoverAt(at);
      if (Math.abs(at.x - drag.x) > 3) drag.moved = true;
      if (!drag.moved) return;
      setHint(undefined);
      const by = ((drag.x - at.x) / canvas.width) * (drag.to - drag.from);
      setView(store, { from: drag.from + by, to: drag.to + by });
    },
    onPointerUp: (event) => {
      const wasClick = drag?.moved === false;
      drag = undefined;
      if (!wasClick) return;
      const at = placeOfEvent(event);
      const { record } = view()?.pointAt(at.x, at.y) ?? {};
      if (record !== undefined) select(store, record, run);
    },
    onPointerLeave: () => {
      view()?.hover(undefined);
      setHint(undefined);
    },
    onDblClick: (event) => {
      const canvas = view()?.picture?.canvas;
      if (canvas !== undefined) zoom(store, 0.25, placeAtX(canvas, placeOfEvent(event).x));
    },
  };
}

/** With Ctrl (or two fingers) the wheel magnifies; sideways it moves; else the page scrolls. */
function onWheel(store: Store, view: TimelineView, event: WheelEvent): void {
  const canvas = view.picture?.canvas;
  if (canvas === undefined) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const factor = Math.min(4, Math.max(0.25, 1.0018 ** (event.deltaY * 1.5)));
    zoom(store, factor, placeAtX(canvas, placeOfEvent(event).x));
  } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    const by = event.deltaX === 0 ? event.deltaY : event.deltaX;
    pan(store, by / canvas.width);
  }
}

export function Timeline({ run }: { readonly run: number }): JSX.Element {
  const [, store] = useStore(() => 0);
  const model = store.models[run] as RunModel;
  const box = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const view = useRef<TimelineView>();
  const [hint, setHint] = useState<Hint | undefined>(undefined);
  const handlers = useRef<HTMLAttributes<HTMLDivElement>>();
  handlers.current ??= pointerHandlers(store, run, () => view.current, setHint);
  useEffect(() => {
    const [element, lower, upper] = [box.current, base.current, over.current];
    if (element === null || lower === null || upper === null) return undefined;
    const made = new TimelineView(store, run, [lower, upper]);
    view.current = made;
    const observer = new ResizeObserver(() => made.resize(element.clientWidth));
    observer.observe(element);
    made.resize(element.clientWidth);
    const wheel = (event: WheelEvent): void => onWheel(store, made, event);
    element.addEventListener('wheel', wheel, { passive: false });
    const leave = store.subscribe(() => made.redraw());
    return () => {
      leave();
      observer.disconnect();
      element.removeEventListener('wheel', wheel);
      made.stop();
    };
  }, [store, run]);
  const { label, servers } = model.about;
  const summary =
    `Timeline of ${label}: ${servers.length} servers, ${model.trace.length} records. ` +
    'The list of events below tells the same.';
  return (
    <div
      class="timeline"
      ref={box}
      style={{ height: `${model.lanes.height}px` }}
      {...handlers.current}
    >
      <canvas ref={base} role="img" aria-label={summary} />
      <canvas ref={over} aria-hidden="true" />
      {hint === undefined ? null : <HintBox hint={hint} width={box.current?.clientWidth ?? 0} />}
    </div>
  );
}

function HintBox({ hint, width }: { readonly hint: Hint; readonly width: number }): JSX.Element {
  const onLeft = hint.x > width / 2;
  const place = onLeft
    ? { right: `${width - hint.x + 14}px`, top: `${hint.y + 14}px` }
    : { left: `${hint.x + 14}px`, top: `${hint.y + 14}px` };
  return (
    <div class="hint" style={place}>
      <span class="soft num">{hint.where}</span> {hint.text}
    </div>
  );
}
