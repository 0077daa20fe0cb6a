// Every recipe there is: from its setting to the program that each client runs.
import { unreachable } from '../../base/assert.js';
import type { Program } from '../client/program.js';
import { leaderProgram, lockProgram, readWriteLockProgram } from './locks.js';
import type { RecipeSetting } from './setting.js';

export function programOf(setting: RecipeSetting): Program {
  switch (setting.kind) {
    case 'lock':
      return lockProgram(setting);
    case 'rwlock':
      return readWriteLockProgram(setting);
    case 'leader':
      return leaderProgram(setting);
    default:
      return unreachable(setting.kind);
  }
}
