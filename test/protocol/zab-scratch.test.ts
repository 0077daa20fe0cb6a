import { it } from 'vitest';
import { cluster, leader } from './cluster.js';
it('x', () => {
    const c = cluster(3).when('elected', { actor: 2 }, () => c.pause(3)).waitFor('elected');
    c.runFor('5ms').resume(3).elect();
    for (const r of c.recorder.records()) if (r.atUs>190000 && r.atUs < 330000) console.log(r.index, r.atUs, r.actor, r.kind, r.peer, r.text);
});
