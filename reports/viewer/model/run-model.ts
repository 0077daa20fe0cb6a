// Everything that the page knows of one run, read from its trace once when the page opens: rows,
// bands, arrows, the story, both axes. What only some readers look at is made when they do.
import type { Violation } from '../../../sim/checkers/verdict.js';
import type { PageRun } from '../../report-data.js';
import type { TraceColumns } from '../../trace-bytes.js';
import { Axis, quietStretches } from './axis.js';
import type { Bands } from './bands.js';
import { readBands } from './bands.js';
import type { Explanation } from './explanation.js';
import { explain } from './explanation.js';
import type { Lanes } from './lanes.js';
import { layLanes, packRows } from './lanes.js';
import { Logs } from './logs.js';
import type { Messages } from './messages.js';
import { readMessages } from './messages.js';
import type { ClientOperations } from './operations.js';
import { readOperations } from './operations.js';
import type { Measures } from './series.js';
import { measure } from './series.js';
import type { Story } from './story.js';
import { foldWords, tellStory } from './story.js';
import { TraceView } from './trace-view.js';

/** Rows for faults that overlap. */
const FAULT_ROWS = 3;

export class RunModel {
  readonly about: PageRun;
  readonly trace: TraceView;
  readonly bands: Bands;
  readonly messages: Messages;
  readonly story: Story;
  readonly lanes: Lanes;
  /** Of each fault span its row. */
  readonly faultRows: readonly number[];
  readonly plain: Axis;
  readonly folded: Axis;
  readonly logs: Logs;
  readonly operations: ReadonlyMap<number, ClientOperations>;
  readonly #foldWords = new Map<number, string>();
  readonly #explanations = new Map<Violation, Explanation>();
  #measures: Measures | undefined;
  #pivotal: ReadonlySet<number> | undefined;

  constructor(about: PageRun, columns: TraceColumns) {
    this.about = about;
    const { servers, observers, clients, report } = about;
    this.trace = new TraceView(columns);
    const { trace } = this;
    this.bands = readBands(trace, servers);
    this.messages = readMessages(trace);
    this.story = tellStory(trace, { observers, violations: report.violations });
    // A fault takes the room of its label even when it is over at once.
    const label = trace.endUs * 0.12;
    const spans = this.bands.faults.map(({ fromUs, toUs }) => ({
      from: fromUs,
      to: Math.max(toUs, fromUs + label),
    }));
    this.faultRows = packRows(spans, FAULT_ROWS);
    const faultRows = Math.max(0, ...this.faultRows) + 1;
    this.lanes = layLanes(trace, { servers, observers, clients, faultRows });
    this.plain = new Axis(trace.endUs, []);
    const moments = this.story.records.map((at) => trace.atUs(at));
    this.folded = new Axis(trace.endUs, quietStretches(moments, trace.endUs));
    this.logs = new Logs(trace, servers);
    this.operations = readOperations(trace);
  }

  get measures(): Measures {
    this.#measures ??= measure(this.trace, this.about.servers);
    return this.#measures;
  }

  /** What went on in a folded stretch. */
  foldWords(fromUs: number, toUs: number): string {
    const known = this.#foldWords.get(fromUs);
    if (known !== undefined) return known;
    const words = foldWords(this.trace, this.story, { fromUs, toUs });
    this.#foldWords.set(fromUs, words);
    return words;
  }

  explanationOf(violation: Violation): Explanation {
    const known = this.#explanations.get(violation);
    if (known !== undefined) return known;
    const { trace, messages, bands, logs, about } = this;
    const input = { trace, messages, bands, logs, violations: about.report.violations };
    const explanation = explain(input, violation);
    this.#explanations.set(violation, explanation);
    return explanation;
  }

  /** Records of what came too late for the first violation: their messages stand out. */
  get pivotal(): ReadonlySet<number> {
    const { firstViolation: first } = this;
    this.#pivotal ??= new Set(
      first === undefined
        ? []
        : this.explanationOf(first)
            .late.slice(0, 2)
            .map((one) => one.record),
    );
    return this.#pivotal;
  }

  /** Worth folding by default: when most of the time is quiet. */
  get foldsByDefault(): boolean {
    return this.folded.foldedUs > this.trace.endUs * 0.4;
  }

  /** The violation that is told first: the earliest, before its consequences. */
  get firstViolation(): Violation | undefined {
    return this.about.report.violations[0];
  }
}
