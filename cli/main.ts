#!/usr/bin/env node
// The entry point of the `zabsim` command.
import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './command-line.js';
import { quietWhenPipeCloses } from './terminal.js';

quietWhenPipeCloses();
await runCommandLine(hideBin(process.argv));
