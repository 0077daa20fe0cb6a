// The flags of `zabsim fuzz`, with their help.
import { JSON_FLAG, PROFILE, VARIANT } from './options.js';

export const FUZZ_FORMATS = ['text', 'json', 'junit', 'github'] as const;

function text(describe: string): {
  readonly type: 'string';
  readonly requiresArg: true;
  readonly describe: string;
} {
  return { type: 'string', requiresArg: true, describe };
}

function flag(describe: string): {
  readonly type: 'boolean';
  readonly default: false;
  readonly describe: string;
} {
  return { type: 'boolean', default: false, describe };
}

export const FUZZ_FLAGS = {
  seeds: text('Which seeds: A..B, both included (default: 1..100, or 1.. with --budget)'),
  seed: text('Count the seeds from here: decimal, 0x..., or a 40-hex commit'),
  budget: text('Stop after so much real time, like 90s, 5m or 8h'),
  shard: text('i/n: every n-th seed, from the i-th on; together they are all'),
  jobs: text('Threads (default: one a core)'),
  profile: PROFILE,
  variant: VARIANT,
  'only-faults': {
    ...text('Draw from these kinds of faults only: K,K; see `zabsim list faults`'),
    array: true,
  },
  recipe: text('What clients run in every seed: KIND, or KIND:MISTAKE to see it fail'),
  swarm: flag('A random subset of fault kinds in each run, where it hurts (the default)'),
  uniform: flag('All kinds alike in each run, spread evenly over time; to compare with'),
  'fail-fast': flag('Stop at the first failure'),
  'keep-going': flag('Go on after a failure (the default)'),
  corpus: text('Folder of scenario files to run before the seeds'),
  out: {
    ...text('Folder for failing scenarios and unfinished campaigns; made when there is one'),
    default: 'zabsim-failures',
  },
  resume: flag('Go on with the unfinished campaign of these options in --out'),
  'check-every': {
    ...text('Run each seed that this divides twice, and compare; 0: none'),
    default: '50',
  },
  'require-marks': {
    type: 'string',
    describe: 'Exit 2 if one of these rare paths is never taken: M,M or all',
  },
  format: {
    choices: FUZZ_FORMATS,
    default: 'text',
    requiresArg: true,
    describe: 'What to print: for people, scripts, test servers, or GitHub Actions',
  },
  json: { ...JSON_FLAG, describe: 'The same as --format json' },
} as const;
