// A server's two clocks. Both run at the same, possibly wrong, rate; the wall clock is moreover set
// wrong, jumps when its offset changes, and may stand still. All in integers and the four
// operations, so that every engine tells the same time.
import type { Now } from '../../protocol/event.js';
import type { ClockCondition } from './conditions.js';
import { GOOD_CLOCK } from './conditions.js';
import type { ClockSetup } from './setup.js';

export class ServerClock {
  readonly #setup: ClockSetup;
  readonly #wallStartMs: number;
  /** Since `#sinceUs`, when the monotonic clock read `#localUs`, it runs at this rate error. */
  #ppm: number;
  #sinceUs = 0;
  #localUs = 0;
  #offsetMs: number;
  #stoppedAtMs: number | undefined;

  constructor(setup: ClockSetup, wallStartMs: number) {
    this.#setup = setup;
    this.#wallStartMs = wallStartMs;
    this.#ppm = setup.driftPpm;
    this.#offsetMs = setup.offsetMs;
  }

  /** What the monotonic clock reads at a time of the world. */
  localAt(atUs: number): number {
    const elapsed = atUs - this.#sinceUs;
    if (this.#ppm === 0) return this.#localUs + elapsed;
    return this.#localUs + elapsed + Math.floor((elapsed * this.#ppm) / 1e6);
  }

  /** The first time of the world at which the monotonic clock reads `localUs` or more. */
  worldAt(localUs: number): number {
    const elapsed = localUs - this.#localUs;
    if (this.#ppm === 0) return this.#sinceUs + elapsed;
    let atUs = this.#sinceUs + Math.ceil((elapsed * 1e6) / (1e6 + this.#ppm));
    while (this.localAt(atUs) < localUs) atUs += 1;
    while (this.localAt(atUs - 1) >= localUs) atUs -= 1;
    return atUs;
  }

  #wallAt(localUs: number): number {
    if (this.#stoppedAtMs !== undefined) return this.#stoppedAtMs;
    return this.#wallStartMs + this.#offsetMs + Math.floor(localUs / 1000);
  }

  now(atUs: number): Now {
    const monoUs = this.localAt(atUs);
    return { monoUs, wallMs: this.#wallAt(monoUs) };
  }

  /** Returns true if the rate changed, and with it the world's time of everything due. */
  adjust(condition: ClockCondition | undefined, atUs: number): boolean {
    const { offsetMs, driftPpm, frozen } = condition ?? GOOD_CLOCK;
    const localUs = this.localAt(atUs);
    if (frozen) this.#stoppedAtMs ??= this.#wallAt(localUs);
    else this.#stoppedAtMs = undefined;
    this.#offsetMs = this.#setup.offsetMs + offsetMs;
    const ppm = this.#setup.driftPpm + driftPpm;
    if (ppm === this.#ppm) return false;
    this.#sinceUs = atUs;
    this.#localUs = localUs;
    this.#ppm = ppm;
    return true;
  }

  copy(): ServerClock {
    const twin = new ServerClock(this.#setup, this.#wallStartMs);
    twin.#ppm = this.#ppm;
    twin.#sinceUs = this.#sinceUs;
    twin.#localUs = this.#localUs;
    twin.#offsetMs = this.#offsetMs;
    twin.#stoppedAtMs = this.#stoppedAtMs;
    return twin;
  }
}
