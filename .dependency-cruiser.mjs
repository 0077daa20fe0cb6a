// Who may import whom (ARCHITECTURE.md has the table). Data flows scenario -> world -> reducers ->
// effects -> world -> trace -> checkers -> reports; imports run the other way. Type-only imports
// count. Each rule's comment says what to do instead.

/** Values of the protocol that are words, not behaviour: ids, votes, transactions, messages. */
const REDUCERS = '^protocol/([^/]+/|(peer|rules|state|config|context)[.]ts$)';
const ROOMS = 'base|protocol|sim|scenarios|reports|cli|bench|test';
const PURE = '^(base|protocol|sim|scenarios|reports)/';
const VIEWER = '^reports/viewer/';

/** Everything of ours outside the given rooms. */
const outside = (...allowed) => ({ path: `^(${ROOMS})/`, pathNot: `^(${allowed.join('|')})` });

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    forbid(
      'no-circular',
      'Two files that need each other are one idea or three: merge them, or move what both need ' +
        'into a file that neither imports. A type-only import counts too.',
      {},
      { circular: true },
    ),
    forbid(
      'resolvable',
      'The import leads nowhere: relative imports name the file with a .js ending, and packages ' +
        'stand in package.json.',
      {},
      { couldNotResolve: true },
    ),
    forbid(
      'pure-rooms-have-no-platform',
      'base, protocol, sim, scenarios and reports run unchanged in a browser. Let cli/ read the ' +
        'file or ask the clock, and hand the result over as data.',
      { path: PURE, pathNot: 'reports/viewer/build[.]mjs$' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'pure-rooms-use-few-packages',
      'A pure room may use seedrandom, immutable, yaml, zod, fast-check and @noble/hashes, which ' +
        'are pure as well. Anything for terminals, files or workers belongs to cli/.',
      { path: PURE, pathNot: VIEWER },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'],
        pathNot: 'node_modules/(@types/)?(seedrandom|immutable|yaml|zod|fast-check|@noble/hashes)/',
      },
    ),
    forbid(
      'viewer-uses-preact-only',
      'The page is small because it has one library for its panels and draws its pictures itself.',
      { path: VIEWER, pathNot: 'build[.]mjs$' },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'],
        pathNot: 'node_modules/preact/',
      },
    ),
    forbid(
      'published-rooms-use-no-development-package',
      'The package would be missing where zabsim is installed: move it to "dependencies", or the ' +
        'code to test/ or bench/.',
      { path: '^(base|protocol|sim|scenarios|reports|cli)/', pathNot: VIEWER },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'base-imports-nothing',
      'base/ is words the language lacks. If it needs a word of another room, it belongs there.',
      { path: '^base/' },
      outside('base/'),
    ),
    forbid(
      'protocol-imports-base',
      'A reducer knows neither the world nor its clock. What it needs to know arrives in the ' +
        'event or the config; what it wants done leaves as an effect.',
      { path: '^protocol/' },
      outside('base/', 'protocol/'),
    ),
    forbid(
      'core-knows-no-variant',
      'The core never asks which bug it has. Name the decision in the Rules record and let the ' +
        'variant override it.',
      { path: '^protocol/', pathNot: '^protocol/variants/' },
      { path: '^protocol/variants/' },
    ),
    forbid(
      'sim-imports-downwards',
      'The simulator neither prints nor draws. Return data; reports/ renders it and cli/ shows it.',
      { path: '^sim/' },
      outside('base/', 'protocol/', 'sim/'),
    ),
    forbid(
      'trace-stands-alone',
      'A saved trace must be readable without the world that wrote it. Put what is missing into ' +
        'the record, as plain data.',
      { path: '^sim/trace/' },
      outside('base/', 'protocol/', 'sim/trace/'),
    ),
    forbid(
      'checkers-see-the-trace-only',
      'A checker that peeks at live state cannot judge a saved trace. If it needs to know more, ' +
        'the trace is missing a record: add it to sim/trace.',
      { path: '^sim/checkers/' },
      outside('base/', 'protocol/', 'sim/trace/', 'sim/checkers/', 'sim/linearizability/'),
    ),
    forbid(
      'readers-run-no-reducer',
      'Traces, checkers and reports use the words of the protocol (ids, votes, transactions, ' +
        'messages) and otherwise its types only: write `import type`.',
      { path: '^(sim/(trace|checkers)|reports)/', pathNot: VIEWER },
      { path: REDUCERS, dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'reports-render',
      'A report is a function of a trace and its verdicts. Compute in sim/, then render here.',
      { path: '^reports/', pathNot: VIEWER },
      outside(
        'base/',
        'protocol/',
        'sim/(trace|checkers|linearizability|campaign|monitoring)/',
        'reports/(?!viewer/)',
      ),
    ),
    forbid(
      'reports-judge-nothing',
      'Reports know what a verdict looks like, not how it is reached: import the types of ' +
        'sim/checkers, sim/linearizability and sim/campaign with `import type`.',
      { path: '^reports/', pathNot: VIEWER },
      {
        path: '^sim/(checkers|linearizability|campaign|monitoring)/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'viewer-uses-public-entries',
      'The page re-runs the simulator through its public entries, the files directly in sim/, ' +
        'and draws with reports/.',
      { path: VIEWER },
      outside('base/', 'protocol/', 'sim/[^/]+$', 'sim/(trace|checkers)/', 'reports/'),
    ),
    forbid(
      'scenarios-are-data',
      'A scenario is YAML, or at most a constant of the scenario type.',
      { path: '^scenarios/' },
      outside('base/', 'protocol/', 'sim/scenario', 'scenarios/'),
    ),
    forbid(
      'cli-embeds-the-viewer-as-text',
      'The viewer is compiled for a page. Read the built page as text.',
      { path: '^cli/' },
      { path: VIEWER },
    ),
    forbid(
      'nobody-imports-the-edge',
      'cli, bench and test are where imports end. Move what you need into a room below.',
      { path: '^(base|protocol|sim|scenarios|reports|cli)/' },
      { path: '^(bench|test)/' },
    ),
    forbid(
      'nobody-imports-the-command-line',
      'Only tests and benchmarks may call cli/. Move what you need into a room below.',
      { path: '^(base|protocol|sim|scenarios|reports)/' },
      { path: '^cli/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
