// A scripted reader who moves through a run: what each frame takes. Runs inside of the page, and so
// knows nothing but its arguments and the page; the types of a page are not those of this room.

interface Spot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

interface Target {
  getBoundingClientRect(): Spot;
  dispatchEvent(event: unknown): boolean;
}

interface PageGlobals {
  readonly document: { querySelector(selector: string): Target };
  readonly performance: { now(): number };
  readonly requestAnimationFrame: (done: () => void) => void;
  readonly WheelEvent: new (kind: string, init: object) => unknown;
  readonly PointerEvent: new (kind: string, init: object) => unknown;
}

/** In all phases. */
export const FRAMES = 150;

/** By phase: median and 95th percentile of the time between frames. */
export async function scrub(): Promise<Record<string, string>> {
  const page = globalThis as unknown as PageGlobals;
  const timeline = page.document.querySelector('.timeline');
  const minimap = page.document.querySelector('.minimap');
  const box = timeline.getBoundingClientRect();
  const strip = minimap.getBoundingClientRect();
  const common = { bubbles: true, cancelable: true };
  const wheel = (deltaX: number, deltaY: number): void => {
    const place = { clientX: box.left + box.width * 0.6, clientY: box.top + 100 };
    const init = { ...common, ...place, deltaX, deltaY, ctrlKey: deltaX === 0 };
    timeline.dispatchEvent(new page.WheelEvent('wheel', init));
  };
  const times: Record<string, string> = {};
  const phase = async (name: string, frames: number, act: (n: number) => void): Promise<void> => {
    const took: number[] = [];
    let last = page.performance.now();
    for (let n = 0; n < frames; n++) {
      act(n);
      await new Promise<void>((done) => page.requestAnimationFrame(() => done()));
      const now = page.performance.now();
      took.push(now - last);
      last = now;
    }
    const sorted = took.slice(1).sort((a, b) => a - b);
    const of = (share: number): string =>
      (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    times[name] = `${of(0.5)}/${of(0.95)}`;
  };
  await phase('whole run', 30, (n) => wheel(n % 2 === 0 ? 40 : -40, 0));
  await phase('zooming', 30, () => wheel(0, -40));
  await phase('panning', 30, () => wheel(30, 0));
  await phase('scrubbing', 60, (n) => {
    const clientX = strip.left + (strip.width * n) / 60;
    const init = { ...common, clientX, clientY: strip.top + 5, pointerId: 1 };
    minimap.dispatchEvent(new page.PointerEvent(n === 0 ? 'pointerdown' : 'pointermove', init));
  });
  return times;
}
