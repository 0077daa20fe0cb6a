// What a checker of this folder concludes. `unknown` means that a budget ran out; it is never a
// guess.

export type Verdict = 'linearizable' | 'not-linearizable' | 'unknown';
