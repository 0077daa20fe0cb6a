// Light or dark: as the system says, unless the reader says otherwise. Pictures read their colours
// from the style sheet, so they are drawn again when it changes.
import type { Theme } from '../draw/theme.js';
import { themeFrom } from '../draw/theme.js';
import type { Store, ThemeChoice } from './store.js';

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = {
  auto: 'light',
  light: 'dark',
  dark: 'auto',
};

let known: Theme | undefined;

export function currentTheme(): Theme {
  if (known === undefined) {
    const style = getComputedStyle(document.documentElement);
    known = themeFrom((property) => style.getPropertyValue(property).trim());
  }
  return known;
}

function applyTheme(choice: ThemeChoice): void {
  const { dataset } = document.documentElement;
  if (choice === 'auto') delete dataset['theme'];
  else dataset['theme'] = choice;
  known = undefined;
}

export function nextTheme(store: Store): void {
  const theme = NEXT[store.state.theme];
  applyTheme(theme);
  store.set({ theme });
}

/** The system changes its mind; and paper is white. */
export function watchTheme(store: Store): void {
  const redraw = (): void => {
    known = undefined;
    store.set({ journey: store.state.journey + 1 });
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => {
    applyTheme('light');
    redraw();
  });
  addEventListener('afterprint', () => {
    applyTheme(store.state.theme);
    redraw();
  });
}
