// The code of a worker thread that dies of one seed.
import { tsImport } from 'tsx/esm/api';

const { runBatch: run } = await tsImport('../../cli/fuzz-worker.ts', import.meta.url);

export function runBatch(batch) {
  if (batch.jobs.some(({ seed }) => seed === '5')) process.exit(3);
  return run(batch);
}
