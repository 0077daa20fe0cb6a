// What a run leaves behind if nobody cleans up: processes and folders. Nothing of it outlives this
// process.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set<ChildProcess>();
const folders = new Set<string>();

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

let guarded = false;

function guard(): void {
  if (guarded) return;
  guarded = true;
  process.once('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      endAll();
      process.exit(130);
    });
  }
}

/** It will be killed, if it has not ended by then. */
export function guardProcess(child: ChildProcess): void {
  guard();
  running.add(child);
  child.once('exit', () => running.delete(child));
}

export function makeFolder(): string {
  guard();
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-zookeeper-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}
