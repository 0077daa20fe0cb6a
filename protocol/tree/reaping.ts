// Znodes that nobody wants any more: containers that have lost their last child, and TTL znodes
// that are childless and unchanged for too long. The leader looks for them from time to time and
// asks for each to be deleted, like a client. [ZK-Java ContainerManager.getCandidates]
import { compareCodeUnits } from '../../base/order.js';
import type { ServiceSettings } from '../service-settings.js';
import type { Tree } from './store.js';
import { znodeAt } from './store.js';
import type { Znode } from './znode.js';

/** A container that never had a child is kept, or kept for some time. */
function isLeftBehind({ family, content }: Znode, wallMs: number, keptMs: number): boolean {
  return family.creates > 0 || (keptMs !== 0 && wallMs - content.mtimeMs > keptMs);
}

/** Only setData renews a TTL znode; children merely keep it. */
function isStale({ origin, content }: Znode, wallMs: number): boolean {
  return origin.life.kind === 'ttl' && wallMs - content.mtimeMs > origin.life.ttlMs;
}

/** Paths of what may go now, sorted. */
export function reapable(tree: Tree, wallMs: number, settings: ServiceSettings): readonly string[] {
  const { containers, ttls } = tree.registers;
  const paths: string[] = [];
  const consider = (path: string, isDue: (znode: Znode) => boolean): void => {
    const znode = znodeAt(tree, path);
    if (znode?.family.names.size === 0 && isDue(znode)) paths.push(path);
  };
  const keptMs = settings.maxNeverUsedIntervalMs;
  for (const path of containers) consider(path, (znode) => isLeftBehind(znode, wallMs, keptMs));
  for (const path of ttls) consider(path, (znode) => isStale(znode, wallMs));
  return paths.sort(compareCodeUnits);
}
