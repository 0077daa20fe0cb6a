// The command line as a whole. Each subcommand is a file that parses its flags, calls the simulator
// and prints; here is what they share: strictness, help, and how every way to end becomes an exit
// code.
import yargs from 'yargs';
import { checkCommand } from './check.js';
import { complete } from './completions.js';
import { askCommand } from './ask.js';
import { BUGS_COMMANDS, bugsCommand } from './bugs.js';
import { didYouMean } from './did-you-mean.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { fuzzCommand } from './fuzz.js';
import { internalErrorLines } from './internal-error.js';
import { listCommand } from './list.js';
import { packageVersion } from './package-info.js';
import { replayCommand } from './replay.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { shrinkCommand } from './shrink.js';
import { complain, terminalWidth } from './terminal.js';
import { UsageError } from './usage-error.js';
import { whyCommand } from './why.js';

const COMMANDS = [
  ...['run', 'replay', 'ask', 'fuzz', 'shrink', 'report', 'why', 'check', 'list', 'bugs'],
  'completion',
];
const HELP_HINT = '--help shows what is possible';

/** A value that is none of those possible; yargs lists them over several lines. */
function choiceError(message: string): UsageError | undefined {
  const match = /Argument: ([\w-]+), Given: "([^"]*)", Choices: (.*)/.exec(message);
  if (match === null) return undefined;
  const [, name = '', given = '', choices = ''] = match;
  const known = choices.split(', ').map((choice) => choice.replaceAll('"', ''));
  const where = name === 'subject' ? `list ${given}` : `--${name} ${given}`;
  const text = `${where}: expected one of ${known.join(', ')}`;
  return new UsageError(text, didYouMean(given, known));
}

/** A flag without its value. */
function valueError(message: string): UsageError | undefined {
  const name = /^Not enough arguments following: ([\w-]+)/.exec(message)?.[1];
  return name === undefined ? undefined : new UsageError(`--${name}: expected a value`, HELP_HINT);
}

/** Yargs' complaint in our words, with the word that was meant. */
function usageError(
  message: string,
  argv: readonly string[],
  flags: readonly string[],
): UsageError {
  const word = /^Unknown (?:argument|command)s?: ([^,]*)/.exec(message)?.[1];
  if (word === undefined) {
    const [text = message, hint = HELP_HINT] = message.split('\n');
    return choiceError(message) ?? valueError(message) ?? new UsageError(text, hint);
  }
  const flag = argv.find((argument) => argument.replace(/^--?/, '').split('=')[0] === word);
  if (flag?.startsWith('-') === true) {
    const hint = didYouMean(`--${word}`, flags) ?? HELP_HINT;
    return new UsageError(`unknown flag ${flag.split('=')[0] ?? flag}`, hint);
  }
  const isBugs = argv[0] === 'bugs' && argv[1] === word;
  const isCommand = argv[0] === word || isBugs;
  const hint = isCommand ? didYouMean(word, isBugs ? BUGS_COMMANDS : COMMANDS) : undefined;
  return new UsageError(`unknown ${isCommand ? 'command' : 'word'} ${word}`, hint ?? HELP_HINT);
}

/** The flags of the command at hand, as far as yargs has got. */
function flagsOf(parser: object): string[] {
  const { getOptions } = parser as { getOptions?: () => { key: object } };
  const options = getOptions?.call(parser);
  return Object.keys(options?.key ?? {}).map((name) => `--${name}`);
}

async function parse(argv: readonly string[]): Promise<void> {
  const parser = yargs([...argv]);
  await parser
    .scriptName('zabsim')
    .usage('zabsim: a deterministic simulator of a ZooKeeper ensemble\n\n$0 <command> [options]')
    .command(runCommand)
    .command(replayCommand)
    .command(askCommand)
    .command(fuzzCommand)
    .command(shrinkCommand)
    .command(reportCommand)
    .command(whyCommand)
    .command(checkCommand)
    .command(listCommand)
    .command(bugsCommand)
    .completion('completion', 'Print a completion script for bash or zsh', complete)
    .option('color', { type: 'boolean', describe: 'Colour, or --no-color (also: NO_COLOR=1)' })
    .demandCommand(1, 'a command is needed, like `zabsim run`')
    .strict()
    .parserConfiguration({
      'camel-case-expansion': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .exitProcess(false)
    .wrap(terminalWidth())
    .version(packageVersion())
    .help()
    .alias('h', 'help')
    .epilogue(EXIT_CODES_HELP)
    .fail((message: string, error: Error | undefined) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      throw usageError(error?.message ?? message, argv, flagsOf(parser));
    })
    .parseAsync();
}

/** Runs one command line; the exit code is left in `process.exitCode`. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await parse(argv);
  } catch (error) {
    if (error instanceof UsageError) {
      complain(`zabsim: ${error.message}`);
      if (error.hint !== undefined) complain(`  ${error.hint}`);
      process.exitCode = EXIT.usage;
      return;
    }
    for (const line of internalErrorLines(error, argv)) complain(line);
    process.exitCode = EXIT.internal;
  }
}
