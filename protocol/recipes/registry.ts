// Every recipe there is: from its setting to the program that each client runs.
import type { Program } from '../client/program.js';
import { lockProgram } from './lock.js';
import type { RecipeSetting } from './setting.js';

export function programOf(setting: RecipeSetting): Program {
  return lockProgram(setting);
}
