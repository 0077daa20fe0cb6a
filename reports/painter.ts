// Colour by meaning. A report says what a piece of text is (a fault, a leader's name) and the
// caller decides how that looks, so that reports stay pure and the same text reads well without
// colour.

export type Tone =
  | 'dim'
  | 'strong'
  | 'good'
  | 'bad'
  | 'warn'
  | 'looking'
  | 'following'
  | 'leading'
  | 'observing'
  | 'leaving'
  | 'down'
  | 'fault'
  | 'violation';

export type Painter = (tone: Tone, text: string) => string;

/** For pipes, files and tests: the text as it is. */
export const PLAIN: Painter = (_tone, text) => text;
