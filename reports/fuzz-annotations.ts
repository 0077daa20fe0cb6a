// A campaign as workflow commands of GitHub Actions: lines that its runner turns into annotations
// of a build. What is found is an error at the scenario file, what proves less than it seems a
// warning.
import type { FuzzReport } from './fuzz-findings.js';

/** In a message. */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property, where `:` and `,` have a meaning. */
function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

type Level = 'error' | 'warning' | 'notice';

interface Properties {
  readonly file?: string;
  readonly title: string;
}

function annotation(level: Level, properties: Properties, message: string): string {
  const written = Object.entries(properties).map(
    ([key, value]: [string, string]) => `${key}=${escapedProperty(value)}`,
  );
  return `::${level} ${written.join(',')}::${escapedData(message)}`;
}

export function fuzzAnnotations(report: FuzzReport): string[] {
  const { totals, findings, missingMarks } = report;
  const { pass, fail, inconclusive } = totals.verdicts;
  const found = findings.map(({ checker, words, shape, seeds, file, reproduce }) => {
    const lines = [
      words,
      `seeds: ${seeds.join(' ')}`,
      `shape: ${shape}`,
      `to reproduce: ${reproduce}`,
    ];
    return annotation('error', { file, title: `zabsim: ${checker}` }, lines.join('\n'));
  });
  const parted = totals.diverged.map(({ seed, lines }) =>
    annotation(
      'error',
      { title: `zabsim: seed ${seed} differs from run to run` },
      lines.join('\n'),
    ),
  );
  const lost = totals.crashed.map(({ seed, message }) =>
    annotation('error', { title: `zabsim: a bug in zabsim, seed ${seed}` }, message),
  );
  const missing = missingMarks.map((name) =>
    annotation('error', { title: 'zabsim: a rare path was never taken' }, name),
  );
  const vacuous =
    totals.vacuous === 0
      ? []
      : [
          annotation(
            'warning',
            { title: 'zabsim: vacuous runs' },
            `${totals.vacuous} of ${totals.runs}`,
          ),
        ];
  const sum = `${totals.runs} runs: ${pass} pass, ${fail} fail, ${inconclusive} inconclusive`;
  return [
    ...[...found, ...parted, ...lost, ...missing, ...vacuous],
    annotation('notice', { title: 'zabsim fuzz' }, sum),
  ];
}
