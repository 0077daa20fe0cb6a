import { it } from 'vitest';
import { cluster, leader } from './cluster.js';
it('x', () => {
  const c = cluster(5, { without: [1, 2] }).when(
    'stepBegun',
    { actor: 4, text: 'newLeader/ack' },
    () => c.pause(4),
  );
  c.waitFor('left', { actor: 3 });
  for (const r of c.recorder.records())
    if (r.atUs > 210000 && !['notification'].includes(r.text) && r.actor < 100)
      console.log(r.index, r.atUs, r.actor, r.kind, r.peer, r.text);
});
