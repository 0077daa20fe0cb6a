// Where the page begins: unpacks the data that is in the file, reads the runs from it, and shows
// them. Nothing is loaded from anywhere.
import { render } from 'preact';
import { decodeTrace } from '../trace-bytes.js';
import { RunModel } from './model/run-model.js';
import { unpacked } from './unpack.js';
import { App } from './ui/app.js';
import { Journeys } from './ui/journeys.js';
import { listenToKeys } from './ui/keyboard.js';
import { keepLink, openLink } from './ui/links.js';
import { Store, StoreContext } from './ui/store.js';
import { watchTheme } from './ui/theme-choice.js';

async function start(page: HTMLElement): Promise<void> {
  const text = document.getElementById('data')?.textContent ?? '';
  const { data, columns } = await unpacked(text);
  const models = data.runs.map(
    (run, at) => new RunModel(run, decodeTrace(columns[at] as Uint8Array, run.trace)),
  );
  const journeys: Journeys = new Journeys(models, () => {
    store.set({ journey: store.state.journey + 1 });
  });
  const store: Store = new Store(models, journeys);
  openLink(store);
  render(
    <StoreContext.Provider value={store}>
      <App />
    </StoreContext.Provider>,
    page,
  );
  listenToKeys(store);
  keepLink(store);
  watchTheme(store);
  journeys.startUnasked();
  document.documentElement.dataset['ready'] = 'yes';
}

const page = document.getElementById('page');
if (page !== null) {
  start(page).catch((error: unknown) => {
    page.textContent = `This report cannot be shown: ${String(error)}`;
  });
}
