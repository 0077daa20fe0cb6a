// How long an ensemble may take, once every fault is healed, until it serves again. The sum of
// what may have to run out one after the other: the old leader's silence is noticed; votes that
// were lost are sent again after the longest back-off, a dial to a host that was away times out,
// and the election settles; the first server elected may be one that the others did not elect,
// and sits out one step of discovery before all this begins anew; then three steps of discovery
// and synchronization, and at last the pauses between attempts to connect. [ZK-Java
// FastLeaderElection, Leader.lead, Learner]
import type { Timing } from '../../protocol/config.js';

export function livenessBoundUs(timing: Timing): number {
  const { tickMs, initLimit, syncLimit } = timing;
  const noticeMs = (syncLimit + 1) * tickMs;
  const electMs =
    timing.maxNotificationMs + timing.electionDialTimeoutMs + 2 * timing.finalizeWaitMs;
  const wastedMs = initLimit * tickMs + electMs;
  const joinMs = 3 * initLimit * tickMs + timing.connectTries * timing.connectRetryMs;
  return (noticeMs + wastedMs + electMs + joinMs) * 1000;
}

/** How far a server that serves may lag behind what is chosen: beyond that its leader drops it. */
export function settleBoundUs(timing: Timing): number {
  return (timing.syncLimit + 1) * timing.tickMs * 1000;
}
