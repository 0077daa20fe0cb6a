// How things are timed: CPU time of this process, because on a shared machine the wall clock
// measures the neighbours; samples of the things to be compared taken in turn, because the
// machine's speed drifts; and medians, of ratios within one round where there is something to
// compare with.

/** What a sample did, how often, and what it cost. */
export interface Sample {
  readonly count: number;
  readonly cpuUs: number;
}

/** Microseconds of CPU that all threads of this process have used: garbage collection counts. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function timed(work: () => number): Sample {
  const startUs = cpuUs();
  const count = work();
  return { count, cpuUs: Math.max(1, cpuUs() - startUs) };
}

export function perSecond({ count, cpuUs: usedUs }: Sample): number {
  return (count * 1_000_000) / usedUs;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * Garbage of one sample must not be collected in the time of the next. Only while something like
 * what is measured is alive: the engine drops the hidden classes that no object has any more, and
 * with them the code compiled for them.
 */
export function collectGarbage(): void {
  globalThis.gc?.();
}

/**
 * Takes every sample once a round, and returns the samples of each after a round that only warms
 * up.
 */
export function inTurn<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Sample>>,
): Record<Name, Sample[]> {
  const entries = Object.entries(contestants) as [Name, () => Sample][];
  const taken = new Map<Name, Sample[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, take] of entries) {
      const sample = take();
      if (round > 0) taken.get(name)?.push(sample);
    }
  }
  return Object.fromEntries(taken) as Record<Name, Sample[]>;
}

/** Median of how many times as fast `a` was as `b`, round by round. */
export function ratio(a: readonly Sample[], b: readonly Sample[]): number {
  return median(
    a.map((sample, round) => {
      const other = b[round];
      return other === undefined ? NaN : perSecond(sample) / perSecond(other);
    }),
  );
}

export function medianPerSecond(samples: readonly Sample[]): number {
  return median(samples.map(perSecond));
}
