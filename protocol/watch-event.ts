// What a client that watches a path is told: that something happened, not what is there now.
// [ZK-Java Watcher.Event.EventType]

/** The four that a server sends. */
export type WatchEventType =
  'nodeCreated' | 'nodeDeleted' | 'nodeDataChanged' | 'nodeChildrenChanged';

export interface WatchEvent {
  readonly type: WatchEventType;
  readonly path: string;
}

export function makeWatchEvent(type: WatchEventType, path: string): WatchEvent {
  return { type, path };
}
