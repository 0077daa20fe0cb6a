// The page: head, the one sentence, the picture with its inspector, and the panels below.
import type { JSX } from 'preact';
import { Charts } from './charts.js';
import { Compare } from './compare.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { Inspector } from './inspector.js';
import { Minimap } from './minimap.js';
import type { Tab } from './store.js';
import { TABS, useStore } from './store.js';
import { Story } from './story.js';
import { Checkers, Faults, ScenarioTab, Servers } from './tables.js';
import { Timeline } from './timeline.js';
import { Legend, Toolbar } from './toolbar.js';
import { Banner, ViolationPanel } from './violations.js';

const NAMES: Readonly<Record<Tab, string>> = {
  story: 'Story',
  charts: 'Charts',
  servers: 'Servers',
  faults: 'Faults',
  checkers: 'Checkers',
  scenario: 'Scenario and commands',
  compare: 'Compare',
};

const PANELS: Readonly<Record<Tab, () => JSX.Element>> = {
  story: Story,
  charts: Charts,
  servers: Servers,
  faults: Faults,
  checkers: Checkers,
  scenario: ScenarioTab,
  compare: Compare,
};

function Panels(): JSX.Element {
  const [tab, store] = useStore((state) => state.tab);
  const tabs = TABS.filter((one) => one !== 'compare' || store.isComparing);
  const Panel = PANELS[tab];
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.stopPropagation();
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? tab;
    store.set({ tab: next });
    const buttons = (event.currentTarget as HTMLElement).querySelectorAll('button');
    buttons[tabs.indexOf(next)]?.focus();
  };
  return (
    <section class="panels">
      <div role="tablist" onKeyDown={onKeyDown}>
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls="panel"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => store.set({ tab: one })}
          >
            {NAMES[one]}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <Panel />
      </div>
    </section>
  );
}

/** Which of two runs is selected in. */
function RunPicker(): JSX.Element | null {
  const [run, store] = useStore((state) => state.run);
  if (!store.isComparing) return null;
  return (
    <p class="run-picker small">
      <span class="soft">Details of</span>
      {store.models.map((model, at) => (
        <button
          key={at}
          type="button"
          aria-pressed={at === run}
          onClick={() => store.set({ run: at, record: undefined, hits: undefined, query: '' })}
        >
          {at === 0 ? 'A' : 'B'} {model.about.label}
        </button>
      ))}
      <kbd>c</kbd>
    </p>
  );
}

export function App(): JSX.Element {
  const [, store] = useStore(() => 0);
  return (
    <>
      <Header />
      <Banner />
      <RunPicker />
      <main>
        <div class="pictures">
          <Minimap />
          <Toolbar />
          {store.models.map((model, run) => (
            <div key={run} class="picture">
              {store.isComparing ? (
                <h2 class="picture-name">
                  {run === 0 ? 'A' : 'B'} <span class="soft">{model.about.label}</span>
                </h2>
              ) : null}
              <Timeline run={run} />
            </div>
          ))}
          <Legend />
        </div>
        <aside>
          <ViolationPanel />
          <Inspector />
        </aside>
        <Panels />
      </main>
      <Help />
    </>
  );
}
