// The head of the page: the verdict, what was run, and the tools that belong to all of it.
import type { JSX } from 'preact';
import { counted, thousands } from '../../format.js';
import type { RunModel } from '../model/run-model.js';
import type { JourneyStatus } from './journeys.js';
import type { ThemeChoice } from './store.js';
import { useStore } from './store.js';
import { nextTheme } from './theme-choice.js';
import { search } from './actions.js';

const VERDICTS = {
  pass: { sign: '✓', word: 'Pass' },
  fail: { sign: '✗', word: 'Fail' },
  inconclusive: { sign: '?', word: 'Inconclusive' },
} as const;

const RERUN: Readonly<Record<JourneyStatus, string>> = {
  unavailable: 'made from a trace alone: states are not available',
  waiting: 'not re-run yet',
  working: 're-running …',
  ready: 're-run in this page: same hash',
  differs: 're-run in this page: ANOTHER hash; states are not shown',
};

function RunHead({ model, run }: { readonly model: RunModel; readonly run: number }): JSX.Element {
  const [, store] = useStore((state) => state.journey);
  const { report, label, rules } = model.about;
  const { sign, word } = VERDICTS[report.verdict];
  const status = store.journeys.statusOf(model);
  const name = store.isComparing ? `${run === 0 ? 'A' : 'B'}  ${report.scenario}` : report.scenario;
  return (
    <div class="run-head">
      <span class={`verdict ${report.verdict}`}>
        <span aria-hidden="true">{sign}</span> {word}
      </span>
      <div class="run-title">
        <h1>{name}</h1>
        <p class="soft meta">
          <span title="scenario or file">{label}</span>
          <span>
            seed <b class="num">{report.seed}</b>
          </span>
          <span>rules {rules}</span>
          <span>
            {report.virtualSeconds.toFixed(1)} s, {counted(report.events, 'event')},{' '}
            {counted(model.trace.length, 'record')}
          </span>
          <span class={status === 'differs' ? 'bad' : ''}>
            hash <code>{report.traceHash}</code> ({RERUN[status]})
          </span>
        </p>
      </div>
    </div>
  );
}

const THEMES: Readonly<Record<ThemeChoice, { sign: string; word: string }>> = {
  auto: { sign: '◐', word: 'as the system' },
  light: { sign: '☀', word: 'light' },
  dark: { sign: '☾', word: 'dark' },
};

function SearchBox(): JSX.Element {
  const [, store] = useStore(
    (now) => `${now.query}/${now.problem}/${now.hits?.length}/${now.searching}`,
  );
  const { state } = store;
  const { query, problem, hits, searching, follow } = state;
  const found = hits === undefined ? '' : thousands(hits.length);
  const note = problem !== '' ? problem : searching ? '…' : found;
  const following =
    follow === undefined ? '' : follow.what === 'zxid' ? 'following a zxid' : 'following a session';
  return (
    <div class="search" role="search">
      <input
        id="search"
        type="search"
        spellcheck={false}
        placeholder={following || 'Search: commit server:s2 zxid:1:7'}
        aria-label="Search records"
        value={query}
        onInput={(event) => search(store, event.currentTarget.value)}
      />
      <span class={problem === '' ? 'found num' : 'found bad'} role="status">
        {note}
      </span>
      <kbd>/</kbd>
    </div>
  );
}

export function Header(): JSX.Element {
  const [theme, store] = useStore((state) => state.theme);
  const { sign, word } = THEMES[theme];
  return (
    <header>
      <div class="heads">
        {store.models.map((model, run) => (
          <RunHead key={run} model={model} run={run} />
        ))}
      </div>
      <div class="tools">
        <SearchBox />
        <button type="button" title={`Colours: ${word} (t)`} onClick={() => nextTheme(store)}>
          {sign}
        </button>
        <button type="button" title="Keys (?)" onClick={() => store.set({ help: true })}>
          ?
        </button>
      </div>
    </header>
  );
}
