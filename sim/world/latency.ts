// How long something takes: a distribution and the stream it draws from. A constant draws nothing,
// so that a world without chance in its latencies creates no stream for them.
import { unreachable } from '../../base/assert.js';
import type { RandomStream, RandomStreams } from '../../base/random.js';
import type { Latency } from './setup.js';

function draw(latency: Exclude<Latency, { kind: 'constant' }>, stream: RandomStream): number {
  switch (latency.kind) {
    case 'uniform':
      return stream.between(latency.fromUs, latency.toUs);
    case 'exponential':
      return latency.minUs + Math.round(stream.exponential(latency.meanUs));
    case 'heavyTailed': {
      const usual = stream.between(latency.fromUs, latency.toUs);
      return stream.int(latency.oneIn) === 0 ? Math.round(usual * latency.factor) : usual;
    }
    default:
      return unreachable(latency);
  }
}

/** Draws latencies of any model from one named stream, created at the first draw. */
export class LatencySource {
  readonly #streams: RandomStreams;
  readonly #name: string;
  #stream: RandomStream | undefined;

  constructor(streams: RandomStreams, name: string) {
    this.#streams = streams;
    this.#name = name;
  }

  /** Integer microseconds, >= 0. */
  sample(latency: Latency): number {
    if (latency.kind === 'constant') return latency.us;
    this.#stream ??= this.#streams.stream(this.#name);
    return draw(latency, this.#stream);
  }
}
