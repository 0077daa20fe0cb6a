// The figures of real servers beside those of simulated ones, as docs/divergence.md shows them.
import { startCluster } from '../real/cluster.js';
import type { Figure } from './figures.js';
import { distance, FIGURES, needsOf, simulate } from './figures.js';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

function range(values: readonly number[]): string {
  const texts = [Math.min(...values), Math.max(...values)].map((ms) => (ms / 1000).toFixed(3));
  return texts[0] === texts[1] ? (texts[0] ?? '') : texts.join(' to ');
}

async function measureReal(figure: Figure, times: number): Promise<number[]> {
  const measured: number[] = [];
  for (let time = 0; time < times && figure.measureReal !== undefined; time++) {
    const cluster = await startCluster(needsOf(figure));
    try {
      await cluster.sleep(Math.random() * figure.tickMs);
      measured.push(await figure.measureReal(cluster));
    } finally {
      await cluster.end();
    }
  }
  return measured;
}

export interface Row {
  readonly figure: Figure;
  readonly simulatedMs: readonly number[];
  /** Measured just now, if it was asked for and can be. */
  readonly realMs: readonly number[];
}

export async function rows(
  realTimes: number,
  seeds: readonly number[] = SEEDS,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (const figure of FIGURES) {
    const simulatedMs: number[] = [];
    for (const seed of seeds) simulatedMs.push(await simulate(figure, seed));
    all.push({ figure, simulatedMs, realMs: await measureReal(figure, realTimes) });
  }
  return all;
}

/** Is every one as near to the real ones as it should be? */
export function isNear({ figure, simulatedMs }: Row): boolean {
  return simulatedMs.every((ms) => distance(figure, ms) <= figure.why.slackMs);
}

export function tableText(all: readonly Row[]): string {
  const withReal = all.some(({ realMs }) => realMs.length > 0);
  const head = ['seconds', 'tick', 'real', ...(withReal ? ['real, just now'] : []), 'simulated'];
  const lines = all.map(({ figure, simulatedMs, realMs }) => {
    const now = realMs.length === 0 ? '' : range(realMs);
    const cells = [figure.what, String(figure.tickMs), range(figure.real)];
    return [...cells, ...(withReal ? [now] : []), range(simulatedMs)];
  });
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
