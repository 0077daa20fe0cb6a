// Who asks: an operation of a workload is drawn for a client, as its n-th, from the client's own
// stream, so that what one does depends on no other.
import type { RandomStream } from '../../base/random.js';

export interface Turn {
  readonly client: number;
  readonly nth: number;
  readonly stream: RandomStream;
}
