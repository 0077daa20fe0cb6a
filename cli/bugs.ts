// `zabsim bugs`: the museum. Bugs that ZooKeeper has had, to be listed, told, and found again.
import type { CommandModule } from 'yargs';
import { bugsFindCommand } from './bugs-find.js';
import { bugsListCommand } from './bugs-list.js';
import { bugsShowCommand } from './bugs-show.js';

export const BUGS_COMMANDS = ['list', 'show', 'find'];

export const bugsCommand: CommandModule = {
  command: 'bugs',
  describe: 'Historical bugs of ZooKeeper: list them, tell one, find one again',
  builder: (yargs) =>
    yargs
      .command(bugsListCommand)
      .command(bugsShowCommand)
      .command(bugsFindCommand)
      .demandCommand(1, `expected one of ${BUGS_COMMANDS.join(', ')}, like \`zabsim bugs list\``)
      .example('$0 bugs list', 'all of them, with the releases that had them')
      .example('$0 bugs show 3911', 'one of them as a story')
      .example('$0 bugs find 2845 --budget 30s', 'let the fuzzer find it'),
  handler: () => undefined,
};
