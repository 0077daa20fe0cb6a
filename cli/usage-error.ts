// The user's mistake: a flag, a file or a scenario that cannot be used. Thrown where it is found,
// turned into one message and exit code 64 by main.ts; never a stack trace.

export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** A line of its own: what to do instead. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
