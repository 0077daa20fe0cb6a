// A real ZooKeeper and a simulated one, side by side: both are asked the same, and what they answer
// is compared. Both go through the same history, so that counters which nobody can set back agree.
import type { RealCluster } from '../real/cluster.js';
import { startCluster } from '../real/cluster.js';
import type { Difference } from '../script/compare.js';
import type { Answer } from '../script/answer.js';
import { conduct } from '../script/conductor.js';
import { judged } from '../replay.js';
import type { Script, Step } from '../script/script.js';
import { SimulatedEnsemble } from '../simulated/ensemble.js';
import { epilogue } from './sequences.js';
import { sweep } from './sweep.js';

/** How servers are set up; nothing is reaped, because when it is would differ from run to run. */
export interface Setting {
  readonly server: 'standalone' | 'ensemble';
  readonly cfg: readonly string[];
  readonly props: readonly string[];
}

const NEVER_REAP = 'znode.container.checkIntervalMs=3600000';

export function standaloneSetting(cfg: readonly string[] = []): Setting {
  return { server: 'standalone', cfg, props: [NEVER_REAP] };
}

export function ensembleSetting(cfg: readonly string[] = []): Setting {
  return { server: 'ensemble', cfg, props: [NEVER_REAP] };
}

function scriptOf(setting: Setting, steps: readonly Step[]): Script {
  const { server, cfg, props } = setting;
  return { name: 'sequence', server, cfg: [...cfg], props: [...props], steps: [...steps] };
}

/**
 * Whether a connection that is being closed still hears of what closed it is a race; and what goes
 * with a session goes in no order, be it deleted or only missed by its parent.
 */
function settled(answers: readonly Answer[]): Answer[] {
  return answers.map((answer) => {
    const { lost = [], ev, ...rest } = answer;
    if (ev === undefined) return answer;
    const left = Object.entries(ev).filter(([name]) => !lost.includes(name));
    const unordered = answer.closedByServer !== undefined && left.some(([, all]) => all.length > 1);
    return {
      ...rest,
      ...(answer.lost === undefined ? {} : { lost }),
      ...(left.length === 0 ? {} : { ev: Object.fromEntries(left) }),
      ...(unordered ? { evUnordered: true } : {}),
    };
  });
}

export class Pair {
  readonly #setting: Setting;
  readonly #real: RealCluster;
  readonly #simulated: SimulatedEnsemble;

  constructor(setting: Setting, real: RealCluster) {
    this.#setting = setting;
    this.#real = real;
    this.#simulated = new SimulatedEnsemble(scriptOf(setting, []));
  }

  /** Something has been written by then: before that, what a server tells of zxids is a race. */
  static async start(setting: Setting): Promise<Pair> {
    const pair = new Pair(setting, await startCluster(scriptOf(setting, [])));
    await pair.sweep();
    return pair;
  }

  /** Where the simulator's answers are not the real ones, and nobody knows why. */
  async run(steps: readonly Step[]): Promise<readonly Difference[]> {
    const script = scriptOf(this.#setting, [...steps, ...epilogue(steps)]);
    const real = conduct(script, this.#real);
    const simulated = await conduct(script, this.#simulated);
    return judged('sequence', script, settled(simulated), settled(await real)).differences;
  }

  /** False: what is left to delete is not the same. */
  async sweep(): Promise<boolean> {
    const [simulated, real] = await Promise.all([sweep(this.#simulated), sweep(this.#real)]);
    return simulated.join('\n') === real.join('\n');
  }

  async end(): Promise<void> {
    await this.#real.end();
  }
}
