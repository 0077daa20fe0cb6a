// Reading and writing files at the edge: every failure is one sentence that names the file, and
// nothing that exists is overwritten unless asked for.
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { UsageError } from './usage-error.js';

const REASONS: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, expected a file',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of this path is not a folder',
  ENOSPC: 'no space left on the disk',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
}

/** Call before the work whose result goes there, so that the work is not done in vain. */
export function refuseToOverwrite(path: string, force: boolean): void {
  if (force || !existsSync(path)) return;
  throw new UsageError(`${path}: the file exists and is kept`, 'add --force to overwrite it');
}

/** Writes line by line to a temporary file and renames it, so that `path` is never half a file. */
export function writeLines(path: string, lines: Iterable<string>): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'wx');
    let batch = '';
    for (const line of lines) {
      batch += `${line}\n`;
      if (batch.length > 1 << 20) {
        writeSync(file, batch);
        batch = '';
      }
    }
    writeSync(file, batch);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    // Making the lines may fail as well, and that is no matter of files.
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`${path}: cannot be written: ${reasonOf(error)}`);
  }
}
