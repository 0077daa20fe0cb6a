// Flags that several subcommands share, and what they do to a scenario.
import { randomBytes } from 'node:crypto';
import { PROFILES } from '../sim/profiles.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { VARIANTS, variantsNamed } from '../protocol/variants/registry.js';
import type { Variant } from '../protocol/variants/variant.js';
import { seedArgument } from './arguments.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './usage-error.js';

export const SEED = {
  type: 'string',
  requiresArg: true,
  describe: 'Seed: decimal, 0x..., or a 40-hex commit',
  coerce: (text: string | undefined) => (text === undefined ? undefined : seedArgument(text)),
} as const;

/** `3.9.1` is short for the profile of that release. */
function profileArgument(word: string): string {
  const names = PROFILES.map(({ name }) => name);
  const known = names.find((name) => name === word || name === `zookeeper-${word}`);
  if (known !== undefined) return known;
  const expected = `expected one of ${names.join(', ')}`;
  throw new UsageError(`--profile ${word}: ${expected}`, didYouMean(word, names));
}

/** Of an error in a coercion yargs keeps the message alone: its second line is the hint. */
function coercion<From, To>(
  read: (value: From) => To,
): (value: From | undefined) => To | undefined {
  return (value) => {
    try {
      return value === undefined ? undefined : read(value);
    } catch (error) {
      if (!(error instanceof UsageError) || error.hint === undefined) throw error;
      throw new UsageError(`${error.message}\n${error.hint}`);
    }
  };
}

export const PROFILE = {
  type: 'string',
  requiresArg: true,
  describe: 'Which bugs the servers have, instead of those of the file; see `zabsim list profiles`',
  coerce: coercion(profileArgument),
} as const;

/** Ids of the bugs that a word names, `what` being where it stands; there is one at least. */
export function bugsArgument(what: string, word: string): readonly Variant[] {
  const named = variantsNamed(word);
  if (named.length > 0) return named;
  const ids = VARIANTS.map(({ id }) => id);
  const hint = didYouMean(word, ids) ?? '`zabsim bugs list` shows all of them';
  throw new UsageError(`${what} ${word}: expected a bug or an issue, like 3911`, hint);
}

export const VARIANT = {
  type: 'string',
  array: true,
  requiresArg: true,
  describe: 'A bug to plant, by its id or its issue, like 3911; may be repeated',
  coerce: coercion((words: readonly string[]) =>
    words.flatMap((word) => bugsArgument('--variant', word).map(({ id }) => id)),
  ),
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

/**
 * The scenario under the rules of the command line: whoever names a profile says which bugs there
 * are, and those that the file plants are not among them.
 */
export function withRules(scenario: Scenario, { profile, variant }: RulesArguments): Scenario {
  return {
    ...scenario,
    profile: profile ?? scenario.profile,
    variants: variant ?? (profile === undefined ? scenario.variants : []),
  };
}

/** The seed of the command line, else of the scenario, else a new one. */
export function chosenSeed(argument: string | undefined, scenario: Scenario): string {
  return argument ?? scenario.seed ?? String(randomBytes(4).readUInt32BE());
}
