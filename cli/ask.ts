// `zabsim ask`: one server's answer to a four-letter word at one moment of a run, as an operator
// would get it from a real one.
import type { CommandModule } from 'yargs';
import type { FourLetterWord } from '../reports/four-letter-words.js';
import { answerTo, WORDS } from '../reports/four-letter-words.js';
import { clock } from '../reports/format.js';
import type { Sample } from '../sim/monitoring/monitor.js';
import { runScenario } from '../sim/run.js';
import { serverArgument, timeArgument } from './arguments.js';
import { refuseUnknownServer } from './metrics.js';
import type { RulesArguments } from './options.js';
import { chosenSeed, JSON_FLAG, PROFILE, SEED, VARIANT, withRules } from './options.js';
import { DEFAULT_SCENARIO, loadScenario } from './scenario-files.js';
import { print } from './terminal.js';

interface AskArguments extends RulesArguments {
  readonly word: FourLetterWord;
  readonly scenario: string | undefined;
  readonly server: string;
  readonly at: string;
  readonly seed: string | undefined;
  readonly json: boolean;
}

function ask(args: AskArguments): void {
  const { scenario: file } = loadScenario(args.scenario ?? DEFAULT_SCENARIO);
  const scenario = withRules(file, args);
  const atUs = timeArgument('at', args.at);
  const sid = serverArgument(args.server);
  refuseUnknownServer(sid, scenario);
  const seed = chosenSeed(args.seed, file);
  const samples: Sample[] = [];
  const monitoring = {
    fromUs: atUs,
    everyUs: undefined,
    onSample: (sample: Sample): void => void samples.push(sample),
  };
  runScenario(scenario, { seed, level: 'hash', checkers: 'none', untilUs: atUs, monitoring });
  const values = samples[0]?.servers.find((server) => server.sid === sid);
  const when = `s${sid} at ${clock(atUs)}, seed ${seed}`;
  if (values === undefined) return print(`(the run is over before that: ${when})`);
  if (args.json) return print(JSON.stringify({ seed, atUs, word: args.word, server: values }));
  if (!values.up) return print(`(connection refused: ${when}: the process is down)`);
  for (const line of answerTo(args.word, values)) print(line);
}

export const askCommand: CommandModule<object, AskArguments> = {
  command: 'ask <word> [scenario]',
  describe: "One server's answer to a four-letter word at one moment of a run",
  builder: (yargs) =>
    yargs
      .positional('word', { choices: WORDS, demandOption: true, describe: 'What to send it' })
      .positional('scenario', {
        type: 'string',
        describe: `A packaged scenario or a YAML file (default: ${DEFAULT_SCENARIO})`,
      })
      .options({
        server: { type: 'string', requiresArg: true, demandOption: true, describe: 'Whom, like 3' },
        at: { type: 'string', requiresArg: true, demandOption: true, describe: 'When, like 12.5s' },
        seed: SEED,
        profile: PROFILE,
        variant: VARIANT,
        json: JSON_FLAG,
      })
      .example('$0 ask srvr broadcast/leader-crash --server 3 --at 6s', 'who leads, how far is it')
      .example('$0 ask mntr --server 1 --at 10s', 'everything it counts'),
  handler: ask,
};
