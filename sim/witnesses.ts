// What a run is expected to contain: rare paths and records without which it has not told its
// story.
import { RoleBook, ROLE_RECORDS } from './faults/role-book.js';
import type { Stage } from './faults/casting.js';
import type { RecordPattern } from './faults/kind.js';
import { matches } from './faults/pattern.js';
import type { Mark } from '../protocol/marks.js';
import { isMark } from '../protocol/marks.js';
import type { Expectation } from './scenario/scenario.js';
import type { RecordKind, TraceRecord } from './trace/record.js';

function patternText({ record, actor, peer, text }: RecordPattern): string {
  const parts = [record, text ?? '', actor === undefined ? '' : `of ${actor}`];
  if (peer !== undefined) parts.push(`about ${peer}`);
  return parts.filter((part) => part !== '').join(' ');
}

export class Witnesses {
  /** Rare paths that were taken, in the order of the first time, with how often. */
  readonly marks = new Map<Mark, number>();
  readonly #stage: Stage;
  readonly #book = new RoleBook();
  /** Expected records that have not occurred, with the matches still to come. */
  readonly #awaited: Map<RecordPattern, number>;

  constructor(expect: Expectation, stage: Stage) {
    this.#stage = stage;
    this.#awaited = new Map(expect.happens.map((pattern) => [pattern, pattern.nth]));
  }

  /** Kinds of records to listen to. */
  get kinds(): RecordKind[] {
    const awaited = [...this.#awaited.keys()].map(({ record }) => record);
    const roles = awaited.length > 0 ? ROLE_RECORDS : [];
    return [...new Set<RecordKind>(['mark', ...awaited, ...roles])];
  }

  onRecord(record: TraceRecord): void {
    if (record.kind === 'mark' && isMark(record.text)) {
      this.marks.set(record.text, (this.marks.get(record.text) ?? 0) + 1);
    }
    if (ROLE_RECORDS.includes(record.kind)) this.#book.onRecord(record);
    for (const [pattern, left] of this.#awaited) {
      if (!matches(pattern, record, this.#book, this.#stage)) continue;
      if (left > 1) this.#awaited.set(pattern, left - 1);
      else this.#awaited.delete(pattern);
    }
  }

  missing(): string[] {
    return [...this.#awaited.keys()].map(patternText);
  }
}
