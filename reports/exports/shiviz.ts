// A log for ShiViz: each event with its host and vector clock, two lines an event. The first line
// of the file is the regular expression that ShiViz needs, to be pasted into its form. Clocks count
// the events that are shown and are right for them: what is left out still carries what it knew.
// [Mattern89]
import { WORLD } from '../../sim/trace/record.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import { actorName } from '../format.js';
import { describe } from '../words.js';
import type { ExportInput } from './export.js';

export const SHIVIZ_REGEX = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})';

type Clock = readonly number[];

/** Vector clocks by actor and, for causes to be looked up, by record. */
class Clocks {
  readonly #places: ReadonlyMap<number, number>;
  readonly #now: Clock[];
  readonly #then = new Map<number, Clock>();
  readonly #zero: Clock;

  constructor(actors: readonly number[]) {
    this.#places = new Map(actors.map((actor, place) => [actor, place]));
    this.#zero = actors.map(() => 0);
    this.#now = actors.map(() => this.#zero);
  }

  /** The clock after `record`; it ticks only if the record is shown. */
  next({ index, actor, cause }: TraceRecord, shown: boolean): Clock {
    const past = cause < 0 ? undefined : this.#then.get(cause);
    const place = this.#places.get(actor);
    if (place === undefined) {
      // The world is no host: it hands on what caused it.
      const clock = past ?? this.#zero;
      this.#then.set(index, clock);
      return clock;
    }
    let clock = this.#now[place] ?? this.#zero;
    if (past !== undefined && past !== clock) clock = merged(clock, past);
    if (shown) clock = clock.with(place, (clock[place] ?? 0) + 1);
    this.#now[place] = clock;
    this.#then.set(index, clock);
    return clock;
  }
}

function merged(a: Clock, b: Clock): Clock {
  return b.every((count, place) => count <= (a[place] ?? 0))
    ? a
    : a.map((count, place) => Math.max(count, b[place] ?? 0));
}

export function* shiviz({ records, selected, servers, clients }: ExportInput): Generator<string> {
  const actors = [...servers, ...clients];
  const clocks = new Clocks(actors);
  yield SHIVIZ_REGEX;
  yield '';
  for (const record of records) {
    const shown = record.actor !== WORLD && actors.includes(record.actor) && selected(record);
    const clock = clocks.next(record, shown);
    if (!shown) continue;
    const entries = clock.flatMap((count, place) =>
      count === 0 ? [] : [[actorName(actors[place] ?? 0), count] as const],
    );
    yield describe(record).replace(/\s+/g, ' ');
    yield `${actorName(record.actor)} ${JSON.stringify(Object.fromEntries(entries))}`;
  }
}
