// The house rules that a machine can check. Where a rule of the two strict presets is changed,
// the reason stands beside it; the pure rooms carry bans of their own at the end.

import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PURE = ['base/**/*.ts', 'protocol/**/*.ts', 'sim/**/*.ts', 'scenarios/**/*.ts'];
const PURE_AND_REPORTS = [...PURE, 'reports/**/*.ts'];
/** Runs in a page: it has the DOM, and re-runs the simulator there. */
const VIEWER = ['reports/viewer/**/*.{ts,tsx}'];
const TESTS = ['test/**/*.ts', '**/*.config.ts'];

const ban = (message) => (name) => ({ name, message });

const PLATFORM_GLOBALS = [
  ...['Date', 'performance', 'Temporal'].map(
    ban('Time is virtual: it arrives in the event or the config, in integer microseconds.'),
  ),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map(
    ban('Nothing waits here: ask the world for a timer with an effect.'),
  ),
  ...['clearTimeout', 'clearInterval', 'clearImmediate', 'Promise'].map(
    ban('Nothing waits here: a step is synchronous.'),
  ),
  ...['crypto', 'Intl', 'WeakRef', 'FinalizationRegistry'].map(
    ban('Its answer depends on the machine; a replay must not.'),
  ),
  ...['process', 'globalThis', 'console', 'fetch', 'Buffer'].map(
    ban('A pure room has no platform: return data, and let cli/ print or store it.'),
  ),
];

const PLATFORM_PROPERTIES = [
  { object: 'Math', property: 'random', message: 'Draw from a named stream (base/random.ts).' },
  { property: 'localeCompare', message: 'Use compareCodeUnits (base/order.ts).' },
];

const INEXACT_MATH = [
  'log log2 log10 log1p exp expm1 pow sin cos tan asin acos atan atan2',
  'sinh cosh tanh asinh acosh atanh cbrt hypot',
]
  .join(' ')
  .split(' ')
  .map((property) => ({
    object: 'Math',
    property,
    message: 'Its last bit may differ between engines; use + - * / only (see base/random.ts).',
  }));

const PLATFORM_SYNTAX = [
  {
    selector: ':function[async=true], AwaitExpression, ForOfStatement[await=true]',
    message: 'A step is synchronous: model the wait as a phase with a deadline.',
  },
  {
    selector: 'ForInStatement',
    message: 'for..in follows the prototype chain; iterate Object.keys or an array.',
  },
  {
    selector: 'MemberExpression[property.name=/^toLocale/]',
    message: 'Locale rules differ between machines; format it by hand.',
  },
];

const SPREAD_OF_STATE = {
  selector: 'ObjectExpression > SpreadElement',
  message: 'Copy state by one literal constructor per record type: spread is many times slower.',
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'node_modules/']),
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, namedFrom: true } },
      ],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', { max: 4 }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        {
          // A default may hold `unreachable`, but it must not hide a missing case.
          allowDefaultCaseForExhaustiveSwitch: true,
          considerDefaultExhaustiveForUnions: false,
          requireDefaultForNonUnion: true,
        },
      ],
      // Numbers and flags read well in a message and mean one thing.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => list.push(x)` and `return fail(...)` are clear enough.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Asks for `!`, which we do not write: `as T` after a bounds check says what is known.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // `while (true)` and `for (;;)` are how a loop with its exit in the middle is written.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'always' },
      ],
    },
  },
  {
    files: ['protocol/**/*.ts', 'sim/**/*.ts'],
    rules: { 'max-params': ['error', { max: 5 }] },
  },
  {
    files: PURE_AND_REPORTS,
    ignores: VIEWER,
    rules: {
      'no-restricted-globals': ['error', ...PLATFORM_GLOBALS],
      'no-restricted-properties': ['error', ...PLATFORM_PROPERTIES],
      'no-restricted-syntax': ['error', ...PLATFORM_SYNTAX],
    },
  },
  {
    files: PURE,
    // What these rooms may not do, they may not ask to be excused from.
    linterOptions: { noInlineConfig: true },
    rules: {
      'no-restricted-properties': ['error', ...PLATFORM_PROPERTIES, ...INEXACT_MATH],
      'no-param-reassign': 'error',
    },
  },
  {
    files: ['protocol/**/*.ts', 'sim/world/**/*.ts'],
    // Variants and rule tables are built once.
    ignores: ['protocol/variants/**', 'protocol/rules.ts'],
    rules: { 'no-restricted-syntax': ['error', ...PLATFORM_SYNTAX, SPREAD_OF_STATE] },
  },
  {
    files: ['protocol/**/*.ts'],
    rules: {
      // A step's context is made for being written to; a draft is a copy nobody has seen yet.
      'no-param-reassign': [
        'error',
        { props: true, ignorePropertyModificationsFor: ['ctx', 'draft'] },
      ],
      // A handler answers any other message or timer with a note; where a union is closed,
      // `unreachable` in the default makes a missing case a type error.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      // A `describe` is one function, and a table of cases may be as long as the facts.
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests cast bad input in order to see it refused.
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
    },
  },
  {
    files: ['**/*.d.ts', '**/*.config.{ts,js}', '**/*.mjs'],
    // The shape of these files is decided by who reads them.
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
