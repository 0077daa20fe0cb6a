// How costs grow: of one event with the number of servers, of one transaction with the number of
// those that came before. Both should not.
import { cpuUs } from './cpu.js';
import { BUSY, LoadedWorld, WRITES_ONLY } from './load.js';
import { microsPerEvent } from './speed.js';

const SERVERS = [3, 5, 9, 25, 101] as const;
const EVENTS = 300_000;
const ROUNDS = 3;

/** Microseconds for one event under load, by the number of voters. */
export function measureServers(progress: (what: string) => void): Map<number, number> {
  const micros = new Map<number, number>();
  for (const servers of SERVERS) {
    progress(`${servers} servers`);
    micros.set(servers, microsPerEvent({ ...BUSY, servers }, EVENTS, ROUNDS));
  }
  return micros;
}

export interface TxnCost {
  readonly txns: number;
  /** Per transaction, since the previous row: what one costs when so many came before. */
  readonly micros: number;
  readonly residentMegabytes: number;
}

const TXNS = [1000, 10_000, 100_000, 300_000, 1_000_000] as const;
/** CPU time after which the run ends wherever it is. */
const BUDGET_US = 60_000_000;
const LOAD = { ...BUSY, servers: 3, clients: 50, mix: WRITES_ONLY };

/** One run of three servers; the warm-up before it is a run of its own. */
export function measureTxns(progress: (what: string) => void): TxnCost[] {
  const rehearsal = new LoadedWorld(LOAD);
  rehearsal.runUntil(() => rehearsal.settled >= 20_000);
  const loaded = new LoadedWorld(LOAD).warmUp();
  const startUs = cpuUs();
  const isLate = (): boolean => cpuUs() - startUs > BUDGET_US;
  const costs: TxnCost[] = [];
  let sinceUs = startUs;
  let since = loaded.settled;
  for (const goal of TXNS) {
    progress(`${goal} transactions`);
    // The clock is looked at once in so many transactions.
    for (let next = since; loaded.settled < goal && !isLate();) {
      next = Math.min(goal, next + 1000);
      const until = next;
      loaded.runUntil(() => loaded.settled >= until);
    }
    const nowUs = cpuUs();
    costs.push({
      txns: loaded.settled >= goal ? goal : loaded.settled,
      micros: (nowUs - sinceUs) / (loaded.settled - since),
      residentMegabytes: process.memoryUsage().rss / 2 ** 20,
    });
    if (loaded.settled < goal) break;
    sinceUs = nowUs;
    since = loaded.settled;
  }
  return costs;
}
