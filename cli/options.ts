// Flags that several subcommands share, and what they do to a scenario.
import { randomBytes } from 'node:crypto';
import { PROFILES } from '../sim/profiles.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { VARIANTS } from '../protocol/variants/registry.js';
import { seedArgument } from './arguments.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './usage-error.js';

export const SEED = {
  type: 'string',
  requiresArg: true,
  describe: 'Seed: decimal, 0x..., or a 40-hex commit',
  coerce: (text: string | undefined) => (text === undefined ? undefined : seedArgument(text)),
} as const;

export const PROFILE = {
  type: 'string',
  requiresArg: true,
  describe: 'Which bugs the servers have; see `zabsim list profiles`',
} as const;

export const VARIANT = {
  type: 'string',
  array: true,
  requiresArg: true,
  describe: 'A bug to plant; may be repeated; see `zabsim list variants`',
} as const;

export const JSON_FLAG = {
  type: 'boolean',
  default: false,
  describe: 'One JSON object as the last line of stdout',
} as const;

export const TIMELINE = {
  choices: ['short', 'full', 'none'] as const,
  requiresArg: true,
  describe: 'How much of the timeline to print',
} as const;

export interface RulesArguments {
  readonly profile: string | undefined;
  readonly variant: readonly string[] | undefined;
}

function mustKnow(flag: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const expected = `expected ${known.length === 1 ? '' : 'one of '}${known.join(', ')}`;
  throw new UsageError(`--${flag} ${word}: ${expected}`, didYouMean(word, known));
}

/** Complains about a profile or a variant that does not exist. */
export function mustKnowRules({ profile, variant }: RulesArguments): void {
  const profiles = PROFILES.map(({ name }) => name);
  const ids = VARIANTS.map(({ id }) => id);
  if (profile !== undefined) mustKnow('profile', profile, profiles);
  for (const id of variant ?? []) mustKnow('variant', id, ids);
}

/** The scenario under the rules of the command line, which exist. */
export function withRules(scenario: Scenario, { profile, variant }: RulesArguments): Scenario {
  return {
    ...scenario,
    profile: profile ?? scenario.profile,
    variants: variant ?? scenario.variants,
  };
}

/** The seed of the command line, else of the scenario, else a new one. */
export function chosenSeed(argument: string | undefined, scenario: Scenario): string {
  return argument ?? scenario.seed ?? String(randomBytes(4).readUInt32BE());
}
