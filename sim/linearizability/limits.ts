// How much a check may cost. The pure room has no clock: whoever has one passes `expired`. A limit
// that is reached makes the verdict unknown, never a guess.

export interface Limits {
  /** Steps of the model, in all. */
  readonly maxSteps: number;
  /** Dead configurations remembered at a time, about 16 to 40 bytes each. */
  readonly maxConfigurations: number;
  /** Polled every few hundred steps. */
  readonly expired: () => boolean;
}

export const DEFAULT_LIMITS: Limits = {
  maxSteps: 50_000_000,
  maxConfigurations: 1 << 22,
  expired: () => false,
};

/** Why a verdict is unknown. */
export const BUDGET_SPENT = {
  steps: 'the budget of steps is spent',
  time: 'the time is up',
  memory: 'the states reached do not fit in memory',
} as const;
