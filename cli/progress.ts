// Progress of long work, drawn over on stderr: only on a terminal, and only once the work has
// proved to be long, so that nothing flickers and nothing ends up in a file.
import { SingleBar } from 'cli-progress';
import { isInteractive } from './terminal.js';

const QUIET_MS = 300;
const REDRAW_MS = 100;

export interface Progress {
  /** Is there anybody to see it? */
  readonly interactive: boolean;
  /** The note is made only when it is shown. */
  readonly update: (value: number, note?: () => string) => void;
  readonly stop: () => void;
}

const NO_PROGRESS: Progress = {
  interactive: false,
  update: () => undefined,
  stop: () => undefined,
};

/** `unit` is what is counted, `total` how many of it there will be, more or less. */
export function startProgress(total: number, unit: string): Progress {
  if (!isInteractive()) return NO_PROGRESS;
  const format = `{bar} {value}/{total} ${unit}{note}, {eta_formatted} to go`;
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  const startedMs = Date.now();
  let shown = false;
  let drawnMs = startedMs + QUIET_MS - REDRAW_MS;
  return {
    interactive: true,
    update: (value, note = () => '') => {
      if (Date.now() - drawnMs < REDRAW_MS) return;
      drawnMs = Date.now();
      const payload = { note: note() };
      if (!shown) bar.start(total, value, payload);
      shown = true;
      bar.update(Math.min(value, total), payload);
    },
    stop: () => {
      if (shown) bar.stop();
    },
  };
}
