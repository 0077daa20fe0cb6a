// M24: a snapshot bears the last zxid of when its walk ended, while its content may be older.
// Replay begins behind the name, so what was applied during the walk is missing for good.
import { makeSnapshot } from '../../storage/durable.js';
import type { Variant } from '../variant.js';

export const snapshotNamedAtEnd: Variant = {
  id: 'snapshot-named-at-end',
  kind: 'mutation',
  title: 'A snapshot is named by what was applied when its walk ended',
  jira: [],
  cites: ['ZK-Java ZooKeeperServer.takeSnapshot'],
  claim: 'A restart loses what was applied while the snapshot was written.',
  breaks: ['tree-digest', 'reads-see-a-prefix'],
  smallestCluster: { voters: 1, observers: 0 },
  apply: (rules) => ({
    ...rules,
    fuzzySnapshot: (begun, now) => makeSnapshot(now.lastProcessed, now.lineage, begun),
  }),
};
