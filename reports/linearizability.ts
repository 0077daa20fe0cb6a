// A picture of why a history fails, as one HTML page that needs nothing else: the operations of
// each client as bars from invocation to answer, the attempted order as numbered points, and the
// operation that cannot be explained. It runs no script and loads nothing; every text that came
// from a history is escaped. Time is drawn by rank: each distinct moment is one step, so that
// pauses take no room.
import type { CheckedHistory } from '../sim/linearizability/check-text.js';
import type {
  AttemptView,
  FailureView,
  Judgement,
  ObjectionView,
  OpView,
} from '../sim/linearizability/judge.js';

export interface LinearizabilityReport {
  /** Name of the file, as it is shown. */
  readonly file: string;
  readonly histories: readonly CheckedHistory[];
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #59636e;
  --line: #d0d7de; --bar: #dbe9f9; --bar-line: #2f6fb5; --core: #ffe7b3; --core-line: #8a5a00;
  --bad: #ffd3d0; --bad-line: #b3261e; --good-line: #1a6b35; --order: #6a3fb0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #14171b; --soft: #a2abb5;
  --line: #363c44; --bar: #1d3550; --bar-line: #7db2ee; --core: #4a3a12; --core-line: #f0c050;
  --bad: #5a1f1b; --bad-line: #ff8a80; --good-line: #6fd08c; --order: #c3a3ff; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 2rem auto; padding: 0 1rem; max-width: 72rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
.verdict { font-weight: 700; } .linearizable { color: var(--good-line); }
.not-linearizable { color: var(--bad-line); } .unknown { color: var(--core-line); }
.soft { color: var(--soft); } code { font-size: 0.9em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.6rem;
  border-bottom: 1px solid var(--line); }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .soft { fill: var(--soft); }
.lane { stroke: var(--line); } .bar { fill: var(--bar); stroke: var(--bar-line); }
.open .bar { stroke-dasharray: 4 3; }
.core .bar { fill: var(--core); stroke: var(--core-line); stroke-width: 2; }
.offending .bar { fill: var(--bad); stroke: var(--bad-line); stroke-width: 3; }
.order { fill: none; stroke: var(--order); stroke-width: 1.5; }
.point { fill: var(--order); }
svg text.number { fill: var(--paper); font-size: 10px; font-weight: 700; }
@media print { .scroll { overflow: visible; } }
`;

/** The report as the text of an HTML file. */
export function renderLinearizability({ file, histories }: LinearizabilityReport): string {
  const sections = histories.map(({ name, judgement }) => section(name, judgement));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`Linearizability of ${file}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Linearizability of <code>${escape(file)}</code></h1>
${sections.join('\n')}
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in elements and in quoted attributes; control characters become visible. */
export function escape(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '\ufffd');
}

const VERDICTS: Readonly<Record<Judgement['verdict'], string>> = {
  linearizable: 'linearizable',
  'not-linearizable': 'not linearizable',
  unknown: 'unknown',
};

/** What the verdict is about. */
const CLAIMS: Readonly<Record<Judgement['consistency'], string>> = {
  linearizable: 'all operations take effect between invocation and answer',
  sequential: 'one order explains all sessions',
  session: 'writes are linearizable, reads follow their session',
  sync: 'writes are linearizable, reads follow their session, a sync follows all earlier writes',
};

function section(name: string, judgement: Judgement): string {
  const { verdict, reason, model, operations, clients, pending, consistency } = judgement;
  const why = reason === null ? '' : ` (${escape(reason)})`;
  const title = name === '' ? '' : `<h2>${escape(name)}</h2>\n`;
  return `${title}<p><span class="verdict ${verdict}">${VERDICTS[verdict]}</span>${why}
<span class="soft">— ${escape(CLAIMS[consistency])}; model ${escape(model)},
${operations} operations by ${clients} clients, ${pending} of unknown outcome</span></p>
${judgement.failure === null ? '' : failureSection(judgement.failure)}
${judgement.objections.map(objectionSection).join('\n')}
${partsTable(judgement)}`;
}

function objectionSection({ ops, because }: ObjectionView): string {
  return `<h3>The zxids cannot be right</h3>
<p>${escape(because)}: ${ops.map(opText).join('; ')}.</p>`;
}

function partsTable({ parts }: Judgement): string {
  if (parts.length < 2) return '';
  const rows = parts.map(
    ({ key, verdict, operations, method, steps, reason }) =>
      `<tr><td><code>${escape(key)}</code></td><td class="${verdict}">${VERDICTS[verdict]}</td>` +
      `<td>${operations}</td><td>${escape(method)}</td><td>${steps}</td>` +
      `<td>${escape(reason ?? '')}</td></tr>`,
  );
  return `<h3>By key</h3>
<table><thead><tr><th>key</th><th>verdict</th><th>operations</th><th>method</th><th>steps</th>
<th>reason</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function failureSection(failure: FailureView): string {
  const {
    key,
    offending,
    prefix,
    prefixExact,
    operations,
    core,
    minimal,
    because,
    attempts,
    around,
  } = failure;
  const where = key === '' ? '' : ` of key <code>${escape(key)}</code>`;
  const first = attempts[0];
  const steps = first?.order.slice(-STEPS_DRAWN) ?? [];
  const small = [...core, ...steps.filter((op) => !core.some((one) => sameOp(one, op)))];
  const answers = prefix === 1 ? 'The first answer' : `The first ${prefix} answers`;
  const said = prefixExact
    ? `${answers}${where} (${operations} operations) can be explained. The next one cannot`
    : `What cannot be explained${where}, or comes after what cannot, as time was short`;
  const size = minimal
    ? `These ${core.length} contradict each other, and no fewer do`
    : `These ${core.length} contradict each other; fewer might, but time was too short to tell`;
  return `<h3>What cannot be explained</h3>
<p>${said}: ${opText(offending)}.</p>
<div class="scroll">${drawing(small, offending, steps)}</div>
<p class="soft">Bars run from invocation to answer, dashed ones have none; every distinct moment is
one step to the right. Framed: the operations that contradict each other. Red: the one that cannot
be explained. Numbers: the last steps of the attempted order.</p>
<details><summary>Everything that happened around it (${around.length} operations)</summary>
<div class="scroll">${drawing(around, offending, [])}</div>
</details>
<h3>Why</h3>
<p>${size}; the others may take effect at any time after their invocation, or never, and it does
not help.</p>
<ol>
${core.map((op) => `<li>${opText(op)}</li>`).join('\n')}
</ol>
${because === '' ? '' : `<p>Because: ${escape(because)}.</p>`}
${attempts.map(attemptSection).join('\n')}`;
}

function attemptSection({ order, before, state, stuck }: AttemptView, index: number): string {
  const names = order.map((op) => `<code>${escape(op.text)}</code>`).join(', ');
  const more = before === 0 ? '' : `… after ${before} others, `;
  const reached = state === '' ? '' : `, which leaves <code>${escape(state)}</code>`;
  const said = order.length === 0 ? '' : `<p>${more}${names}${reached}.</p>`;
  const rows = stuck.map(
    ({ op, reason }) => `<tr><td>${opText(op)}</td><td>${escape(reason)}</td></tr>`,
  );
  return `<h3>As far as one gets${index === 0 ? '' : `, another way (${index + 1})`}</h3>
${said}
<table><thead><tr><th>what cannot come next</th><th>because</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function opText({ text, client, line, completedAt }: OpView): string {
  const place = line === 0 ? '' : `, line ${line}`;
  const open = completedAt === null ? ', never answered' : '';
  const who = `client ${client}${place}${open}`;
  return `<code>${escape(text)}</code> <span class="soft">(${escape(who)})</span>`;
}

const LABEL = 120;
const LANE = 46;
const BAR = 24;
const TOP = 14;
/** Room that the drawing fills, if its moments leave some. */
const WIDTH = 960;
const STEP = { least: 18, most: 90 };
const LETTER = 7.2;
/** Longer texts are cut in the drawing; pointing at a bar shows the whole. */
const LETTERS_MAX = 18;
const POINT = 8;
const STEPS_DRAWN = 7;

interface Axis {
  readonly at: (time: number) => number;
  readonly end: number;
}

/** Each distinct moment stands as far from the one before as the bars between them need. */
function axisOf(ops: readonly OpView[]): Axis {
  const times = new Set<number>();
  for (const { invokedAt, completedAt } of ops) {
    times.add(invokedAt);
    if (completedAt !== null) times.add(completedAt);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const ranks = new Map(sorted.map((time, rank) => [time, rank]));
  const rankOf = (time: number): number => ranks.get(time) ?? 0;
  const even = Math.floor(WIDTH / (sorted.length + 1));
  const step = Math.min(STEP.most, Math.max(STEP.least, even));
  const places = sorted.map((_time, rank) => LABEL + (rank + 0.5) * step);
  const answered = ops.filter(({ completedAt }) => completedAt !== null);
  const end = (op: OpView): number => rankOf(op.completedAt ?? 0);
  for (const op of answered.sort((a, b) => end(a) - end(b))) {
    const needed = Math.min(op.text.length, LETTERS_MAX) * LETTER + 12;
    const missing = needed - ((places[end(op)] ?? 0) - (places[rankOf(op.invokedAt)] ?? 0));
    const long = end(op) > rankOf(op.invokedAt);
    for (let rank = end(op); long && missing > 0 && rank < places.length; rank += 1) {
      places[rank] = (places[rank] ?? 0) + missing;
    }
  }
  return { at: (time) => places[rankOf(time)] ?? LABEL, end: (places.at(-1) ?? LABEL) + STEP.most };
}

function sameOp(a: OpView, b: OpView): boolean {
  return (
    a.invokedAt === b.invokedAt && a.client === b.client && a.text === b.text && a.line === b.line
  );
}

function drawing(ops: readonly OpView[], bad: OpView, steps: readonly OpView[]): string {
  const axis = axisOf(ops);
  // Those that matter on top, because there may be many.
  const first = [...ops].sort((a, b) => Number(b.role === 'core') - Number(a.role === 'core'));
  const clients = [...new Set(first.map(({ client }) => client))];
  const laneOf = new Map(clients.map((client, index) => [client, TOP + index * LANE]));
  const height = TOP + clients.length * LANE + 8;
  const lanes = clients.map((client) => {
    const y = (laneOf.get(client) ?? 0) + BAR / 2;
    return `<text class="soft" x="8" y="${y + 4}">${escape(`client ${client}`.slice(0, 17))}</text>
<line class="lane" x1="${LABEL}" x2="${axis.end}" y1="${y}" y2="${y}"/>`;
  });
  const bars = ops.map((op) => bar(op, laneOf.get(op.client) ?? 0, axis, sameOp(op, bad)));
  const order = orderPath(steps, laneOf, axis);
  const width = axis.end + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}"
viewBox="0 0 ${width} ${height}" aria-label="Operations by client and time">
${lanes.join('\n')}
${bars.join('\n')}
${order}
</svg>`;
}

function bar(op: OpView, y: number, axis: Axis, offending: boolean): string {
  const from = axis.at(op.invokedAt);
  const to = op.completedAt === null ? axis.end : axis.at(op.completedAt);
  const width = Math.max(6, to - from);
  const open = op.completedAt === null ? ' open' : '';
  const role = `${offending ? 'offending' : op.role}${open}`;
  const end = op.completedAt === null ? 'never answered' : `answered at ${op.completedAt}`;
  const title = `${op.text} — client ${op.client}, invoked at ${op.invokedAt}, ${end}`;
  return `<g class="${role}"><title>${escape(title)}</title>
<rect class="bar" x="${from}" y="${y}" width="${width}" height="${BAR}" rx="4"/>
<svg x="${from + 5}" y="${y}" width="${Math.max(0, width - 6)}" height="${BAR}">
<text x="0" y="15">${escape(op.text)}</text></svg></g>`;
}

/** Points on the bars' lower edges, from left to right in the attempted order. */
function orderPath(
  steps: readonly OpView[],
  laneOf: ReadonlyMap<string, number>,
  axis: Axis,
): string {
  let x = 0;
  const points = steps.map((op) => {
    x = Math.max(x + POINT, axis.at(op.invokedAt) + 2 * POINT);
    return { x, y: (laneOf.get(op.client) ?? 0) + BAR };
  });
  const path = points.map((point) => `${point.x},${point.y}`).join(' ');
  const marks = points.map(
    (point, index) => `<circle class="point" cx="${point.x}" cy="${point.y}" r="${POINT}"/>
<text class="number" x="${point.x}" y="${point.y + 3.5}" text-anchor="middle">${index + 1}</text>`,
  );
  return `<polyline class="order" points="${path}"/>\n${marks.join('\n')}`;
}
