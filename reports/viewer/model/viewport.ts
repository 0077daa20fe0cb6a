// Which part of the axis fills the width. Zooming keeps the place under the pointer where it is;
// nothing goes beyond the ends, and nothing is magnified more than a microsecond deserves.
export interface Viewport {
  readonly from: number;
  readonly to: number;
}

/** Microseconds across the whole width, at least. */
const SPAN_MIN = 20;

export function wholeOf(length: number): Viewport {
  // A little air at both ends, so that the first and the last record are not cut.
  return { from: -length * 0.01, to: length * 1.015 };
}

export function clamped({ from, to }: Viewport, length: number): Viewport {
  const whole = wholeOf(length);
  const span = Math.min(Math.max(to - from, SPAN_MIN), whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - span);
  return { from: start, to: start + span };
}

/** `factor` below 1 magnifies. */
export function zoomed(view: Viewport, factor: number, around: number, length: number): Viewport {
  const span = view.to - view.from;
  const next = Math.max(SPAN_MIN, span * factor);
  const from = around - ((around - view.from) / span) * next;
  return clamped({ from, to: from + next }, length);
}

export function panned(view: Viewport, by: number, length: number): Viewport {
  return clamped({ from: view.from + by, to: view.to + by }, length);
}

/** The same magnification with `place` inside; unchanged if it is inside with some air. */
export function showing(view: Viewport, place: number, length: number): Viewport {
  const air = (view.to - view.from) * 0.08;
  if (place >= view.from + air && place <= view.to - air) return view;
  const half = (view.to - view.from) / 2;
  return clamped({ from: place - half, to: place + half }, length);
}
