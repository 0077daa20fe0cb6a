// Runs command lines as a shell would, and keeps what they print: in this process, which is fast,
// or in one of its own, where signals and workers matter.

import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../cli/command-line.js';

export interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

function captured(stream: NodeJS.WriteStream, into: string[]): () => void {
  const write = stream.write.bind(stream);
  stream.write = (text: string | Uint8Array) => {
    into.push(String(text));
    return true;
  };
  return () => {
    stream.write = write;
  };
}

/** One command line in this process. */
export async function zabsim(...argv: string[]): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const restore = [captured(process.stdout, out), captured(process.stderr, err)];
  const codeBefore = process.exitCode;
  process.exitCode = 0;
  try {
    await runCommandLine(argv);
  } finally {
    for (const undo of restore) undo();
  }
  const code = process.exitCode;
  process.exitCode = codeBefore;
  return { out: out.join(''), err: err.join(''), code };
}

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** The same in a process of its own; `onOutput` hears what it prints and may signal it. */
export function zabsimProcess(
  argv: readonly string[],
  onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv]);
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      onOutput(out, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('close', (code) => resolve({ out, err, code: code ?? -1 }));
  });
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'zabsim-test-'));
}

export function writtenFile(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Three servers, one client, a crash: over in a few milliseconds. */
export const SMALL = `name: small
seed: 7
cluster: { voters: 3, timing: { tick: 200ms } }
workload: { ops: 20 }
faults:
  - { fault: crash, servers: leader, how: process, at: 2s, restart-after: 500ms }
duration: 4s
`;

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
