// The seed of a run, as people write it: a decimal number, a hexadecimal one, or the name of a
// commit, so that continuous integration can use what it just built. One seed has one canonical
// text, which is what reports print and what generators are seeded with.

const LARGEST = 0xffff_ffff_ffff_ffffn;

/** The canonical form of a seed, or undefined when `text` is none; a fixed point of itself. */
export function parseSeed(text: string): string | undefined {
  if (/^[0-9a-f]{40}$/i.test(text)) return text.toLowerCase();
  // 64 bits at most, so that no canonical number has the forty digits of a commit.
  if (!/^(?:\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
  const value = BigInt(text);
  return value <= LARGEST ? value.toString() : undefined;
}
