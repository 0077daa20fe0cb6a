// The text timeline: one dense line per notable event with virtual time, record number, the lanes
// of the servers, and what happened in protocol words. Stretches in which nothing changes are
// folded into one line that counts what went on; servers that do the same one after another share a
// line.
import type { RecordKind, TraceRecord } from '../sim/trace/record.js';
import type { Violation } from '../sim/checkers/verdict.js';
import type { Sight, Sights } from './board.js';
import { Board, LEGEND } from './board.js';
import { clock, isServer, recordName, wrapped } from './format.js';
import type { Group } from './groups.js';
import { Groups } from './groups.js';
import type { Lanes } from './lanes.js';
import { drawLanes, laneNames, makeLanes } from './lanes.js';
import { Notable } from './notable.js';
import type { Painter, Tone } from './painter.js';
import { sentence } from './phrase.js';
import { Tally } from './tally.js';
import { violationWords } from './violation-words.js';
import { phraseOf } from './words.js';

export interface TimelineOptions {
  /** full: every record; short: what matters, see notable.ts. */
  readonly level: 'short' | 'full';
  readonly servers: readonly number[];
  readonly observers?: readonly number[];
  readonly width: number;
  readonly paint: Painter;
  readonly violations: readonly Violation[];
  /** Only this part of the trace; what comes before still counts for the lanes. */
  readonly inside?: (record: TraceRecord) => boolean;
  /** Exactly these records, and nothing folded. */
  readonly wanted?: (record: TraceRecord) => boolean;
}

const INDEX_WIDTH = 8;
/** Shorter pauses are not worth a line of their own. */
const FOLD_US = 250_000;
const PAUSE_US = 2_000_000;
/** What is said more often than this, and each time within that time of the last, is counted. */
const TOLD_MAX = 3;
const AGAIN_US = 1_000_000;

const TONES: Partial<Record<RecordKind, Tone>> = {
  fault: 'fault',
  effect: 'fault',
  crash: 'fault',
  halted: 'fault',
  healed: 'good',
  quiet: 'good',
  elected: 'strong',
  established: 'strong',
  activated: 'strong',
  mark: 'dim',
};

/**
 * What is broken once is mostly broken again and again: the first few of each checker tell the
 * story.
 */
const VIOLATIONS_EACH = 2;

function firstOfEach(violations: readonly Violation[]): Violation[] {
  const counts = new Map<string, number>();
  return violations.filter(({ checker }) => {
    const count = counts.get(checker) ?? 0;
    counts.set(checker, count + 1);
    return count < VIOLATIONS_EACH;
  });
}

class Timeline {
  readonly #options: TimelineOptions;
  /** Of the time column: milliseconds, or microseconds. */
  readonly #timeWidth: number;
  readonly #lanes: Lanes;
  readonly #board: Board;
  readonly #violations = new Map<number, Violation[]>();
  readonly #evidence = new Set<number>();
  readonly #notable: Notable;
  readonly #groups = new Groups();
  readonly #shown = new Map<number, Sight>();
  readonly #told = new Map<string, { atUs: number; times: number }>();
  #tally = new Tally();
  /** Has a record been inside of the part that is wanted? */
  #entered = false;
  /** When the last line was written. */
  #sinceUs = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#timeWidth = options.level === 'full' ? 10 : 9;
    this.#lanes = makeLanes(options.servers);
    this.#board = new Board(options.servers);
    this.#notable = new Notable(options.observers ?? []);
    for (const violation of firstOfEach(options.violations)) {
      const known = this.#violations.get(violation.record) ?? [];
      this.#violations.set(violation.record, [...known, violation]);
      for (const index of violation.evidence) this.#evidence.add(index);
    }
  }

  header(): string[] {
    const { paint, width } = this.#options;
    const names = laneNames(this.#lanes);
    const title = `${'time'.padStart(this.#timeWidth)} ${'record'.padStart(INDEX_WIDTH)}  ${names}`;
    const legend = this.#lanes.width > 0 ? wrapped(LEGEND, width) : [];
    return [...legend, title.trimEnd()].map((line) => paint('dim', line));
  }

  /** The lines that `record` completes; none, mostly. */
  add(record: TraceRecord): string[] {
    this.#board.observe(record);
    if (record.kind === 'role') {
      this.#groups.roleChanged(record, this.#board.sight(record.actor));
    }
    if (this.#options.inside?.(record) === false) {
      // Before the part that is wanted, time passes; after it, there is nothing more to say.
      if (!this.#entered) this.#sinceUs = record.atUs;
      return this.#flush();
    }
    this.#entered = true;
    const lines = this.#weigh(record) ? this.#show(record) : [];
    const violations = this.#violations.get(record.index);
    if (violations === undefined) return lines;
    const shown = violations.flatMap((violation) => this.#violationLines(violation));
    return [...lines, ...this.#flush(), ...shown];
  }

  finish(endUs: number): string[] {
    return [...this.#flush(), ...(this.#isWorth(endUs) ? this.#fold(endUs) : [])];
  }

  #weigh(record: TraceRecord): boolean {
    const { wanted, level } = this.#options;
    if (wanted !== undefined) return wanted(record);
    if (level === 'full') return true;
    const weight = this.#notable.weigh(record);
    if (weight === 'shown' || this.#evidence.has(record.index)) return true;
    if (weight === 'counted') this.#tally.count(record);
    else this.#tally.skip();
    return false;
  }

  #show(record: TraceRecord): string[] {
    const phrase = phraseOf(record);
    const alone = this.#isAlone(record);
    if (!alone && this.#isRepetition(sentence(phrase), record.atUs)) {
      this.#tally.repeat();
      return [];
    }
    const before = alone ? this.#flush() : [];
    const due = this.#isDue(record.atUs);
    const told = due ? this.#flush() : [];
    // Lines that were still open may have been told but a moment ago.
    const fold = this.#isDue(record.atUs) ? this.#fold(record.atUs) : [];
    const complete = this.#groups.add(record, phrase, this.#board.sights());
    return [...before, ...told, ...fold, ...complete.flatMap((group) => this.#render(group))];
  }

  /** Does it get a line of its own, whatever was told before? */
  #isAlone(record: TraceRecord): boolean {
    const { level, wanted } = this.#options;
    return level === 'full' || wanted !== undefined || this.#evidence.has(record.index);
  }

  #flush(): string[] {
    return this.#groups.flush().flatMap((group) => this.#render(group));
  }

  /** Is a fold worth its line before the next one? */
  #isDue(nowUs: number): boolean {
    const spanUs = nowUs - this.#sinceUs;
    const due = this.#tally.matters ? spanUs >= FOLD_US : spanUs >= PAUSE_US;
    return due && this.#tally.records > 0;
  }

  /** And at the end, when there is no next one? */
  #isWorth(nowUs: number): boolean {
    return this.#tally.matters || this.#tally.repeats || this.#isDue(nowUs);
  }

  #fold(nowUs: number): string[] {
    const skipped = `+${this.#tally.records}`.padStart(INDEX_WIDTH);
    const text = this.#tally.sentence(nowUs - this.#sinceUs);
    this.#tally = new Tally();
    const { paint, width } = this.#options;
    const left = this.#timeWidth + INDEX_WIDTH + 4;
    return wrapped(text, width - left).map((line, row) => {
      const margin = row === 0 ? `${'⋮'.padStart(this.#timeWidth)} ${skipped}` : '';
      return paint('dim', `${margin.padEnd(left)}${line}`);
    });
  }

  /**
   * Has the same been told three times, and each time but lately? Rounds go up and do not matter.
   */
  #isRepetition(text: string, atUs: number): boolean {
    const key = text.replace(/round \d+/g, 'round');
    const told = this.#told.get(key);
    if (told === undefined || atUs - told.atUs > AGAIN_US) {
      this.#told.set(key, { atUs, times: 1 });
      return false;
    }
    told.atUs = atUs;
    told.times += 1;
    return told.times > TOLD_MAX;
  }

  #render({ phrase, first, company, sights: then, lastUs }: Group): string[] {
    this.#sinceUs = Math.max(this.#sinceUs, lastUs);
    const { paint, width } = this.#options;
    const sights = this.#upToDate(then);
    const targets = phrase.form === 'does' ? targetsOf(first) : company.targets;
    const lanes = drawLanes(this.#lanes, sights, { actors: company.actors, targets }, paint);
    const tone = this.#evidence.has(first.index) ? 'violation' : TONES[first.kind];
    const time = this.#clock(first.atUs).padStart(this.#timeWidth);
    const index = recordName(first.index).padStart(INDEX_WIDTH);
    const left = this.#timeWidth + INDEX_WIDTH + 3 + this.#lanes.width + 1;
    const [head = '', ...rest] = wrapped(sentence(phrase, company), Math.max(30, width - left));
    return [
      `${time} ${paint('dim', index)}  ${lanes} ${paintWords(head, tone, sights, paint)}`,
      ...rest.map((line) => `${' '.repeat(left)}${paintWords(line, tone, sights, paint)}`),
    ];
  }

  #clock(atUs: number): string {
    return this.#options.level === 'full' ? (atUs / 1e6).toFixed(6) : clock(atUs);
  }

  /** A line never shows a server as it was before what an earlier line has shown. */
  #upToDate(then: Sights): Sights {
    for (const [sid, sight] of then) {
      const shown = this.#shown.get(sid);
      if (shown === undefined || shown.since < sight.since) this.#shown.set(sid, sight);
    }
    return this.#shown;
  }

  #violationLines(violation: Violation): string[] {
    const { paint } = this.#options;
    const text = `VIOLATION ${violation.checker}: ${violationWords(violation)}`;
    const left = this.#timeWidth + INDEX_WIDTH + 3;
    return wrapped(text, this.#options.width - left).map((line, row) => {
      const margin = row === 0 ? `${'✗'.padStart(left - 1)} ` : ' '.repeat(left);
      return `${margin}${paint('violation', line)}`;
    });
  }
}

/**
 * Colours whole lines that must stand out, and in the others the names of servers by their role.
 */
function paintWords(text: string, tone: Tone | undefined, sights: Sights, paint: Painter): string {
  if (tone !== undefined) return paint(tone, text);
  return text.replace(/(?<![/\w])s(\d+)\b/g, (name, digits: string) => {
    const sight = sights.get(Number(digits));
    return sight === undefined ? name : paint(sight.tone, name);
  });
}

const ADDRESSED: ReadonlySet<RecordKind> = new Set(['promised', 'refused', 'ackSent']);

/** Where the record points, for the arrow: an addressee, not just somebody it mentions. */
function targetsOf(record: TraceRecord): number[] {
  return ADDRESSED.has(record.kind) && isServer(record.peer) ? [record.peer] : [];
}

/** The whole timeline at once. */
export function* timelineOf(
  records: Iterable<TraceRecord>,
  options: TimelineOptions,
): Generator<string, void> {
  const timeline = new Timeline(options);
  yield* timeline.header();
  let endUs = 0;
  for (const record of records) {
    yield* timeline.add(record);
    if (options.inside?.(record) !== false) endUs = record.atUs;
  }
  yield* timeline.finish(endUs);
}
