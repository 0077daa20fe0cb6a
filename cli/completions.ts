// What the shell offers after a Tab: names of scenarios where one is expected, names of profiles
// and of bugs after their flags, and otherwise what yargs knows (commands and flags).
import { PROFILES } from '../sim/profiles.js';
import { VARIANTS } from '../protocol/variants/registry.js';
import { scenarioNames } from './scenario-files.js';

type Done = (completions: string[]) => void;
type Usual = (onDone?: (error: Error | null, completions: string[] | undefined) => void) => void;

const variantIds = (): string[] => VARIANTS.map(({ id }) => id);

const AFTER: Readonly<Record<string, () => string[]>> = {
  run: scenarioNames,
  show: variantIds,
  find: variantIds,
  '--profile': () => PROFILES.map(({ name }) => name),
  '--variant': variantIds,
};

/** `words` are those on the command line so far; the last one is being typed. */
export function complete(current: string, _argv: unknown, usual: Usual, done: Done): void {
  const words = process.argv.slice(process.argv.indexOf('--get-yargs-completions') + 1);
  const before = words.at(-2) ?? '';
  const offered = current.startsWith('-') ? undefined : AFTER[before];
  if (offered === undefined) usual();
  else done(offered().filter((name) => name.startsWith(current)));
}
