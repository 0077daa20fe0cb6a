// Lists of micro-steps with one step left out, moved or replaced: most of the bugs of
// synchronization are one of these. Each works on whatever list it finds, so that variants add up.
export function without<S>(steps: readonly S[], ...gone: readonly S[]): S[] {
  return steps.filter((step) => !gone.includes(step));
}

/** `step` comes right before the first of `others` that is there; where none is, it stays. */
export function movedBefore<S>(steps: readonly S[], step: S, ...others: readonly S[]): S[] {
  const rest = without(steps, step);
  const at = rest.findIndex((one) => others.includes(one));
  return at < 0 ? [...steps] : rest.toSpliced(at, 0, step);
}

export function replaced<S>(steps: readonly S[], step: S, by: S): S[] {
  return steps.map((one) => (one === step ? by : one));
}
