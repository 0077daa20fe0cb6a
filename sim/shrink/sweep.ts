// Removing what can be removed from a list: in halves, then in ever smaller stretches, then one by
// one, and again while single removals succeed. What is left cannot lose any single element, which
// is what delta debugging promises. From the end to the beginning, because what comes late matters
// least, and because then a removal leaves the places of what is still to be tried alone.
// [Zeller02 ddmin]

/** How many there are now, and an attempt to do without those from `from` up to `to`. */
export interface Sweepable {
  count(): number;
  remove(from: number, to: number): boolean;
}

function pass(list: Sweepable, size: number): boolean {
  let removed = false;
  for (let to = list.count(); to > 0; to = Math.min(to - size, list.count())) {
    if (list.remove(Math.max(0, to - size), to)) removed = true;
  }
  return removed;
}

/** True if anything could be removed. */
export function sweep(list: Sweepable): boolean {
  let removed = list.count() > 0 && list.remove(0, list.count());
  for (let size = list.count() >> 1; size > 1; size >>= 1) {
    if (pass(list, size)) removed = true;
  }
  while (list.count() > 0 && pass(list, 1)) removed = true;
  return removed;
}
