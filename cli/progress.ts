// Progress of long work, drawn over on stderr: only on a terminal, and only once the work has
// proved to be long, so that nothing flickers and nothing ends up in a file.
import { SingleBar } from 'cli-progress';
import { isInteractive } from './terminal.js';

const QUIET_MS = 300;

export interface Progress {
  readonly update: (value: number, note?: string) => void;
  readonly stop: () => void;
}

const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined };

/** `unit` is what is counted, `total` how many of it there will be, more or less. */
export function startProgress(total: number, unit: string): Progress {
  if (!isInteractive()) return NO_PROGRESS;
  const format = `{bar} {value}/{total} ${unit}{note}, {eta_formatted} to go`;
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  const startedMs = Date.now();
  let shown = false;
  return {
    update: (value, note = '') => {
      if (!shown && Date.now() - startedMs < QUIET_MS) return;
      if (!shown) bar.start(total, value, { note });
      shown = true;
      bar.update(Math.min(value, total), { note });
    },
    stop: () => {
      if (shown) bar.stop();
    },
  };
}
