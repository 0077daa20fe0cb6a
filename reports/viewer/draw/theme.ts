// Colours by meaning, for pictures. The page's style sheet has them as custom properties, for light
// and for dark; here they are read, so that they are written down once. Epochs go through the
// palette of Okabe and Ito, which people with any kind of colour vision can tell apart; red is for
// what is wrong, and for nothing else.
export interface Theme {
  readonly paper: string;
  readonly panel: string;
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly line: string;
  readonly bad: string;
  readonly late: string;
  readonly fault: string;
  readonly accent: string;
  readonly none: string;
  readonly epochs: readonly string[];
  readonly series: readonly string[];
}

const NAMES = ['paper', 'panel', 'ink', 'soft', 'faint', 'line', 'bad', 'late', 'fault'] as const;

export function themeFrom(read: (property: string) => string): Theme {
  const [paper, panel, ink, soft, faint, line, bad, late, fault] = NAMES.map((name) =>
    read(`--${name}`),
  ) as [string, string, string, string, string, string, string, string, string];
  const numbered = (stem: string, count: number): string[] =>
    Array.from({ length: count }, (_, at) => read(`--${stem}-${at + 1}`));
  return {
    ...{ paper, panel, ink, soft, faint, line, bad, late, fault },
    accent: read('--accent'),
    none: read('--none'),
    epochs: numbered('epoch', 6),
    series: numbered('series', 8),
  };
}

/** Epochs 1, 2, 3 ... take turns; 0 is no epoch. */
export function epochColor(theme: Theme, epoch: number): string {
  if (epoch <= 0) return theme.none;
  return theme.epochs[(epoch - 1) % theme.epochs.length] ?? theme.none;
}
