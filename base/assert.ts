// Assertions state what the simulator itself promises. A failed one is our bug, never a modelled
// failure (those are data) and never a user's mistake (those are reported at the edge), so the
// error is caught nowhere below the command line, which turns it into exit code 70.
//
// A message is built before the check, so in hot code it must be a literal.

/** Thrown when a promise of the simulator is broken. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws an {@link InvariantError} unless `condition` holds; the compiler may rely on it. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The end of an exhaustive switch: a missing case is a compile error, a smuggled value throws. */
export function unreachable(value: never): never {
  throw new InvariantError(`a value outside its declared type: ${JSON.stringify(value)}`);
}
