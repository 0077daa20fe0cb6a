// Rounder numbers: what a person would have written. Times in whole seconds before tenths before
// milliseconds; other numbers with fewer digits. The simplest come first.
const STEPS_US = [1_000_000, 100_000, 10_000, 1000];

/** How many digits matter: the largest step that a time is a multiple of. */
function stepOf(us: number): number {
  return STEPS_US.find((step) => us % step === 0) ?? 1;
}

/** Times near this one that are rounder than it is. */
export function rounderTimes(us: number): number[] {
  const own = stepOf(us);
  return STEPS_US.filter((step) => step > own).flatMap((step) => {
    const below = Math.floor(us / step) * step;
    return us - below < step / 2 ? [below, below + step] : [below + step, below];
  });
}

const LENGTHS_US = [1_000_000, 100_000, 10_000, 1000];

/** Lengths of time that are shorter, or as long and rounder. */
export function rounderLengths(us: number): number[] {
  const own = stepOf(us);
  const usual = LENGTHS_US.filter((length) => length !== us && (length < us || own < length));
  const whole = rounderTimes(us).filter((length) => length > 0);
  return [...new Set([...usual, ...whole])];
}

/** Numbers with one digit that matters, near this one; none if it has only one. */
export function rounderCounts(count: number): number[] {
  const size = 10 ** (String(Math.abs(Math.trunc(count))).length - 1);
  if (count % size === 0) return [];
  const down = Math.trunc(count / size) * size;
  return [down, down + Math.sign(count) * size];
}
