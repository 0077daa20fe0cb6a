// What the process tells whoever started it. Part of the interface: scripts and continuous
// integration branch on these, so a number never changes its meaning.

export const EXIT = {
  pass: 0,
  safety: 1,
  inconclusive: 2,
  liveness: 3,
  death: 4,
  divergence: 5,
  usage: 64,
  internal: 70,
  interrupted: 130,
} as const;

/** For `--help`. */
export const EXIT_CODES_HELP =
  'Exit codes: 0 pass, 1 safety violation, 2 inconclusive or vacuous, 3 liveness violation, ' +
  '4 a server process died, 5 nondeterminism or replay divergence, 64 usage or bad input, ' +
  '70 a bug in zabsim, 130 interrupted.';
