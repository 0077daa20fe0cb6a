// Random sequences, run against a real ZooKeeper and against the simulator, in batches that share
// their servers. A sequence that shows a difference is run again on fresh servers, and cut down to
// the shortest that still shows it.
import fc from 'fast-check';
import type { Difference } from '../script/compare.js';
import { differenceText } from '../script/compare.js';
import type { Step } from '../script/script.js';
import type { Setting } from './pair.js';
import { ensembleSetting, Pair, standaloneSetting } from './pair.js';
import { sequences } from './sequences.js';
import { shrunk, withoutNeedless } from './shrink.js';

const BATCH = 50;
/** A difference that does not come back is a race within the real server. */
const TRIES = 3;
/** Of one kind, one is enough to look at. */
const SHRUNK_MOST = 5;

const ALONE = standaloneSetting();
const STANDALONE: readonly Setting[] = [
  ...[ALONE, ALONE, ALONE],
  standaloneSetting(['enforceQuota=true']),
  ...[ALONE, ALONE],
  standaloneSetting(['skipACL=yes']),
  standaloneSetting(['extendedTypesEnabled=false', 'enforceQuota=true']),
];
const ROLES = ['follower', 'leader', 'observer', 'follower2'];
const ENSEMBLE: readonly Setting[] = [
  ensembleSetting(),
  ensembleSetting(['localSessionsEnabled=true']),
  ensembleSetting(['localSessionsEnabled=true', 'localSessionsUpgradingEnabled=true']),
];

type Sequence = readonly Step[];

export interface Finding {
  readonly setting: Setting;
  /** What was run before on the same servers, if it takes that. */
  readonly before: readonly Sequence[];
  readonly steps: Sequence;
  readonly differences: readonly Difference[];
  /** How many sequences showed this kind of difference. */
  count: number;
}

export interface Outcome {
  readonly sequences: number;
  readonly operations: number;
  readonly findings: readonly Finding[];
  /** Sequences that differed once and not again. */
  readonly races: readonly Finding[];
}

export interface Options {
  /** How many against a server alone, and how many against an ensemble. */
  readonly standalone: number;
  readonly ensemble: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

/** Differences of one kind: the same field of the answer to the same operation. */
function kindOf(steps: Sequence, differences: readonly Difference[]): string {
  const [first] = differences;
  if (first === undefined) return 'what is left';
  const op = steps[first.step]?.op ?? 'the end';
  return `${op}: ${first.where.replace(/\[\d+\].*/, '')}`;
}

const LEFT_OVER: Difference = {
  step: 0,
  words: 'after all of it',
  where: 'what there is to delete',
  got: 'something else',
  wanted: 'the same',
};

/** One sequence on servers that are there; its differences. */
async function play(pair: Pair, steps: Sequence): Promise<readonly Difference[]> {
  const found = await pair.run(steps);
  if (found.length > 0) return found;
  return (await pair.sweep()) ? [] : [LEFT_OVER];
}

async function onFresh(
  setting: Setting,
  before: readonly Sequence[],
  steps: Sequence,
): Promise<readonly Difference[]> {
  const pair = await Pair.start(setting);
  try {
    for (const earlier of before) await play(pair, earlier);
    return await play(pair, steps);
  } finally {
    await pair.end();
  }
}

class Differential {
  readonly #options: Options;
  readonly #findings = new Map<string, Finding>();
  readonly #races: Finding[] = [];
  #done = 0;
  #operations = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  async run(): Promise<Outcome> {
    const { standalone, ensemble, seed } = this.#options;
    await this.#all(STANDALONE, fc.sample(sequences(), { numRuns: standalone, seed }));
    await this.#all(ENSEMBLE, fc.sample(sequences(ROLES), { numRuns: ensemble, seed }));
    return {
      sequences: this.#done,
      operations: this.#operations,
      findings: [...this.#findings.values()],
      races: this.#races,
    };
  }

  async #all(settings: readonly Setting[], all: readonly Sequence[]): Promise<void> {
    for (let at = 0, batch = 0; at < all.length; at += BATCH, batch++) {
      const setting = settings[batch % settings.length] ?? ALONE;
      await this.#batch(setting, all.slice(at, at + BATCH));
    }
  }

  async #batch(setting: Setting, batch: readonly Sequence[]): Promise<void> {
    let pair = await Pair.start(setting);
    let before: Sequence[] = [];
    try {
      for (const steps of batch) {
        const differences = await play(pair, steps);
        this.#done += 1;
        this.#operations += steps.length;
        before.push(steps);
        if (differences.length === 0) continue;
        await pair.end();
        await this.#lookInto({
          setting,
          before: before.slice(0, -1),
          steps,
          differences,
          count: 1,
        });
        pair = await Pair.start(setting);
        before = [];
      }
    } finally {
      await pair.end();
    }
    const { standalone, ensemble, log } = this.#options;
    if (this.#done % (10 * BATCH) === 0) log(`${this.#done} of ${standalone + ensemble} sequences`);
  }

  async #lookInto(finding: Finding): Promise<void> {
    const kind = kindOf(finding.steps, finding.differences);
    const known = this.#findings.get(kind);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const first = finding.differences.slice(0, 3).map(differenceText);
    this.#options.log(`a difference; looking for the shortest sequence\n${first.join('\n')}`);
    const again = await this.#reproduced(finding);
    if (again !== undefined && again.before.length > 0) {
      this.#options.log(`it takes some of the ${again.before.length} sequences before it`);
    }
    if (again === undefined) {
      this.#races.push(finding);
      this.#options.log('it does not come back: a race within the real server');
    } else if (this.#findings.size < SHRUNK_MOST) {
      this.#findings.set(kind, await this.#shortest(again));
    } else {
      this.#findings.set(kind, again);
    }
  }

  /** The same on fresh servers, alone or with what was run before; undefined: it never differs. */
  async #reproduced(finding: Finding): Promise<Finding | undefined> {
    const { setting, before, steps, count } = finding;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      for (const history of before.length === 0 ? [[]] : [[], before]) {
        const differences = await onFresh(setting, history, steps);
        if (differences.length > 0) return { setting, before: history, steps, differences, count };
      }
    }
    return undefined;
  }

  async #shortest(finding: Finding): Promise<Finding> {
    const { setting, count } = finding;
    const kind = kindOf(finding.steps, finding.differences);
    const before = await withoutNeedless(finding.before, async (fewer) => {
      return (await onFresh(setting, fewer, finding.steps)).length > 0;
    });
    let { differences } = finding;
    const steps = await shrunk(finding.steps, async (candidate) => {
      const found = await onFresh(setting, before, candidate);
      if (found.length === 0 || kindOf(candidate, found) !== kind) return false;
      differences = found;
      return true;
    });
    return { setting, before, steps, differences, count };
  }
}

export async function runDifferential(options: Options): Promise<Outcome> {
  return new Differential(options).run();
}
