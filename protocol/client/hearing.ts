// What a program hears of its client: where the session stands, changes of what it watches, and
// what has become of what it asked for. [ZK-Java Watcher, AsyncCallback]
import type { Zxid } from '../ids.js';
import type { Result } from '../result.js';
import type { WatchEventType } from '../watch-event.js';

export type Outcome = 'ok' | 'error' | 'unknown';

/** What the library tells its default watcher. The last three are final. */
export type SessionState = 'connected' | 'disconnected' | 'expired' | 'authFailed' | 'closed';

/** What a watcher hears of; the last three come from the library itself, after removeWatches. */
export type NewsType =
  WatchEventType | 'dataWatchRemoved' | 'childWatchRemoved' | 'persistentWatchRemoved';

/** What a program hears, in the order in which it happened, in its own paths. */
export type ClientNews =
  | { readonly kind: 'state'; readonly state: SessionState }
  | { readonly kind: 'watched'; readonly type: NewsType; readonly path: string }
  | {
      readonly kind: 'completed';
      readonly cxid: number;
      readonly outcome: Outcome;
      readonly zxid: Zxid;
      /** Undefined if it is unknown. */
      readonly result: Result | undefined;
    };
