// What the picture of a run depends on: the run, the part of it that is looked at, and what the
// reader has picked out. Parts of the picture take this and a surface.
import type { RunModel } from '../model/run-model.js';
import type { Canvas } from '../model/marks.js';
import { APART } from '../model/causality.js';
import type { Theme } from './theme.js';

export interface Picked {
  /** The record that is selected. */
  readonly selected: number | undefined;
  /** Where each record stands to it, when the reader asks why. */
  readonly cones: Uint8Array | undefined;
  /** With the cones: the events of the chain of causes, whose messages stand out. */
  readonly chain: ReadonlySet<number> | undefined;
  /** What is searched for or followed; ascending. */
  readonly hits: readonly number[] | undefined;
  readonly isHit: Uint8Array | undefined;
}

export interface Picture {
  readonly model: RunModel;
  readonly theme: Theme;
  readonly canvas: Canvas;
  readonly height: number;
  readonly picked: Picked;
  /** Is it one of many in a row? What takes long waits for the last one. */
  readonly moving: boolean;
}

/** How much of a record is seen: what is not asked for steps back, and never disappears. */
export function strengthOf({ cones, isHit }: Picked, record: number): number {
  if (isHit !== undefined && isHit[record] !== 1) return 0.16;
  if (cones?.[record] === APART) return 0.13;
  return 1;
}

export function isPicking({ cones, hits }: Picked): boolean {
  return cones !== undefined || hits !== undefined;
}
