// From virtual time to a place on the page and back. Quiet stretches are folded: they keep a little
// of their length, so nothing disappears, and inside of a fold time still runs evenly. A place is
// counted in microseconds of what is not folded; which part of that fills the width is the
// viewport's concern.
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly folded: boolean;
  /** Places of its two ends. */
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly place: number;
  readonly us: number;
  /** How far apart its neighbours are: how precise it must be. */
  readonly stepUs: number;
}

/** A fold that fills so much of what is seen is looked into. */
const INSIDE = 0.6;

export class Axis {
  readonly stretches: readonly Stretch[];
  /** The place of the end. */
  readonly length: number;
  readonly endUs: number;

  /** `folds` are disjoint and ascending. */
  constructor(endUs: number, folds: readonly { readonly fromUs: number; readonly toUs: number }[]) {
    const end = Math.max(1, endUs);
    const hidden = folds.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
    const open = Math.max(1, end - hidden);
    const share = open * Math.min(0.045, 0.4 / Math.max(1, folds.length));
    const stretches: Stretch[] = [];
    let place = 0;
    let us = 0;
    const add = (toUs: number, folded: boolean): void => {
      if (toUs <= us && !folded) return;
      const length = folded ? Math.min(toUs - us, share) : toUs - us;
      stretches.push({ fromUs: us, toUs, folded, from: place, to: place + length });
      place += length;
      us = toUs;
    };
    for (const { fromUs, toUs } of folds) {
      add(fromUs, false);
      add(toUs, true);
    }
    add(end, false);
    this.stretches = stretches;
    this.length = place;
    this.endUs = end;
  }

  get isFolded(): boolean {
    return this.stretches.some(({ folded }) => folded);
  }

  /** How much time is folded away. */
  get foldedUs(): number {
    return this.stretches.reduce((sum, s) => sum + (s.folded ? s.toUs - s.fromUs : 0), 0);
  }

  placeOf(us: number): number {
    const stretch = this.#find(us, 'fromUs');
    const span = stretch.toUs - stretch.fromUs;
    if (span <= 0) return stretch.from;
    return stretch.from + ((us - stretch.fromUs) / span) * (stretch.to - stretch.from);
  }

  timeAt(place: number): number {
    const stretch = this.#find(place, 'from');
    const length = stretch.to - stretch.from;
    if (length <= 0) return stretch.fromUs;
    return stretch.fromUs + ((place - stretch.from) / length) * (stretch.toUs - stretch.fromUs);
  }

  /** The last stretch that begins at or before a value; before the first, the first. */
  #find(value: number, key: 'fromUs' | 'from'): Stretch {
    const { stretches } = this;
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((stretches[middle] as Stretch)[key] <= value) low = middle;
      else high = middle - 1;
    }
    return stretches[low] as Stretch;
  }

  /** Has one gone into a fold so far that it is what one looks at? */
  isInside(stretch: Stretch, from: number, to: number): boolean {
    const seen = Math.min(stretch.to, to) - Math.max(stretch.from, from);
    return stretch.folded && seen > (to - from) * INSIDE;
  }

  /** Round moments between two places, at most about `wanted` of them. */
  ticks(
    from: number,
    to: number,
    { wanted, stepUs }: { readonly wanted: number; readonly stepUs: number },
  ): Tick[] {
    const ticks: Tick[] = [];
    let last = -Infinity;
    const apart = ((to - from) / Math.max(1, wanted)) * 0.7;
    for (const s of this.stretches) {
      if (s.to < from || s.from > to || (s.folded && !this.isInside(s, from, to))) continue;
      const open = !s.folded;
      const firstUs = Math.max(s.fromUs, this.timeAt(Math.max(from, s.from)));
      const lastUs = Math.min(s.toUs, this.timeAt(Math.min(to, s.to)));
      const ownUs = open ? stepUs : roundStep((lastUs - firstUs) / Math.max(1, wanted));
      for (let us = Math.ceil(firstUs / ownUs) * ownUs; us <= lastUs; us += ownUs) {
        const place = this.placeOf(us);
        if (place - last < apart) continue;
        last = place;
        ticks.push({ place, us, stepUs: ownUs });
      }
    }
    return ticks;
  }
}

/** 1, 2 or 5 times a power of ten, at least one microsecond; minutes and hours above a minute. */
export function roundStep(us: number): number {
  for (const minutes of [1, 2, 5, 10, 30, 60, 120, 360, 720]) {
    if (us > 30e6 && us <= minutes * 60e6) return minutes * 60e6;
  }
  let step = 1;
  while (step * 10 < us) step *= 10;
  for (const factor of [1, 2, 5, 10]) if (step * factor >= us) return step * factor;
  return step * 10;
}

/** A moment as precise as the distance to its neighbours asks for. */
export function tickText(us: number, stepUs: number): string {
  if (us >= 60e6 && stepUs >= 1e6) {
    const seconds = Math.round(us / 1e6);
    const pad = (value: number): string => String(value).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    const clock = `${pad(minutes % 60)}:${pad(seconds % 60)}`;
    return minutes >= 60 ? `${Math.floor(minutes / 60)}:${clock}` : clock;
  }
  let decimals = 0;
  for (let unit = 1e6; unit > stepUs && decimals < 6; unit /= 10) decimals += 1;
  return `${(us / 1e6).toFixed(decimals)} s`;
}

/** Pauses between moments that matter, worth folding: at least a few hundredths of everything. */
export function quietStretches(
  moments: readonly number[],
  endUs: number,
): { fromUs: number; toUs: number }[] {
  const longUs = Math.max(200_000, endUs * 0.035);
  const folds: { fromUs: number; toUs: number }[] = [];
  let lastUs = 0;
  for (const us of [...moments, endUs]) {
    const gapUs = us - lastUs;
    if (gapUs >= longUs) {
      const marginUs = Math.min(gapUs * 0.04, longUs * 0.1);
      folds.push({ fromUs: lastUs + marginUs, toUs: us - marginUs });
    }
    lastUs = Math.max(lastUs, us);
  }
  return folds;
}
