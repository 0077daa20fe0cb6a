// What `zabsim check` prints for people: the verdict, and if it is no, the few operations that show
// why. The whole of it is in the JSON and on the page.
import type { Painter, Tone } from '../reports/painter.js';
import type { CheckedHistory } from '../sim/linearizability/check-text.js';
import type { FailureView, Judgement, OpView } from '../sim/linearizability/judge.js';
import type { Verdict } from '../sim/linearizability/verdict.js';

/** More than this are counted, not listed. */
const LISTED = 12;
const ATTEMPTS = 2;

const TONES: Readonly<Record<Verdict, Tone>> = {
  linearizable: 'good',
  'not-linearizable': 'violation',
  unknown: 'warn',
};

const WORDS: Readonly<Record<Judgement['consistency'], readonly [yes: string, no: string]>> = {
  linearizable: ['linearizable', 'not linearizable'],
  sequential: ['sequentially consistent', 'not sequentially consistent'],
  session: [
    'linearizable in its writes, with reads in the order of their sessions',
    'not linearizable, even if reads may be stale',
  ],
  sync: [
    'linearizable in its writes, with reads in the order of their sessions and fresh after a sync',
    'not linearizable, even if reads may be stale unless a sync came before',
  ],
};

export function checkedLines(file: string, checked: CheckedHistory, paint: Painter): string[] {
  const { name, format, judgement } = checked;
  const { operations, clients, pending, model, parts, steps, failure } = judgement;
  const keys = parts.length > 1 ? `, ${parts.length} keys` : '';
  const counts = `${operations} operations by ${clients} clients, ${pending} of unknown outcome`;
  const lines = [
    `history   ${file}${name === '' ? '' : ` (${name})`}, ${format}`,
    `          ${counts}${keys}`,
    `model     ${model}`,
    `verdict   ${headline(judgement, paint)}`,
    `steps     ${steps}`,
  ];
  if (parts.length > 1) {
    lines.push(...keysLine('failing', parts, 'not-linearizable'));
    lines.push(...keysLine('undecided', parts, 'unknown'));
  }
  for (const { ops, because } of judgement.objections) {
    lines.push(
      `zxids     ${paint('warn', because)}`,
      ...ops.map((op) => `          ${opLine(op)}`),
    );
  }
  if (failure !== null) lines.push('', ...failureLines(failure, paint), '');
  return lines;
}

function headline({ verdict, consistency, reason }: Judgement, paint: Painter): string {
  const [yes, no] = WORDS[consistency];
  const unknown = `unknown: ${reason ?? 'not decided'}`;
  const text = verdict === 'unknown' ? unknown : verdict === 'linearizable' ? yes : no;
  return paint(TONES[verdict], text);
}

function keysLine(name: string, parts: Judgement['parts'], verdict: Verdict): string[] {
  const keys = parts.filter((part) => part.verdict === verdict).map(({ key }) => key);
  return keys.length === 0 ? [] : [`${name.padEnd(10)}${listed(keys).join(', ')}`];
}

function listed(items: readonly string[]): string[] {
  const more = items.length - LISTED;
  return more <= 0 ? [...items] : [...items.slice(0, LISTED), `… and ${more} more`];
}

function failureLines(failure: FailureView, paint: Painter): string[] {
  const { key, prefix, prefixExact, operations, offending, core, minimal, because, attempts } =
    failure;
  const where = key === '' ? '' : ` of key ${key}`;
  const answers = prefix === 1 ? 'The first answer' : `The first ${prefix} answers`;
  const lines = [
    prefixExact
      ? `${answers}${where} (${operations} operations) can be explained; the next cannot:`
      : `What cannot be explained${where}, or comes after what cannot (time was short):`,
    `  ${paint('bad', opLine(offending))}`,
    minimal
      ? 'Smallest part that fails (all other operations may happen late or never, to no avail):'
      : 'A part that fails (there was no time to find the smallest):',
    ...listed(core.map((op) => `  ${opLine(op)}`)),
  ];
  if (because !== '') lines.push(`Because: ${because}.`);
  for (const { order, before, state, stuck } of attempts.slice(0, ATTEMPTS)) {
    const last = order.slice(-LISTED).map(({ text }) => text);
    const skipped = before + order.length - last.length;
    if (last.length > 0) {
      lines.push(`As far as one gets: ${skipped > 0 ? `… (${skipped}) ` : ''}${last.join('; ')}`);
    }
    if (state !== '') lines.push(`  which leaves ${state}; then`);
    lines.push(
      ...listed(stuck.map(({ op, reason }) => `  ${op.text} cannot come next: ${reason}`)),
    );
  }
  const others = attempts.length - ATTEMPTS;
  if (others > 0)
    lines.push(`Other ways that get as far: ${others} (--json and --report show them)`);
  return lines;
}

function opLine({ text, client, invokedAt, completedAt, line }: OpView): string {
  const end = completedAt === null ? 'never answered' : `${completedAt}`;
  const place = line === 0 ? '' : `, line ${line}`;
  return `client ${client}: ${text}  [${invokedAt} to ${end}${place}]`;
}
