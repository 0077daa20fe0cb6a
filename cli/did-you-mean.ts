// The nearest of the words that would have been understood, as a hint.
import { nearest } from '../sim/scenario/problem.js';

const tailOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

export function didYouMean(word: string, known: readonly string[]): string | undefined {
  // `leader-crash` is meant when `broadcast/leader-crash` exists.
  const tail = nearest(tailOf(word), known.map(tailOf));
  const meant = nearest(word, known) ?? known.find((name) => tailOf(name) === tail);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}
