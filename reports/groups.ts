// Servers that do the same thing at nearly the same time share a line of the timeline. A group
// stays open for a moment, and a record may still join it past other lines, as long as nothing is
// told out of order for any one server and no turning point lies in between.
import type { TraceRecord } from '../sim/trace/record.js';
import type { Sight, Sights } from './board.js';
import { TURNING_POINTS } from './notable.js';
import type { Company, Phrase } from './phrase.js';
import { companyOf, joined } from './phrase.js';

/** How long a group stays open, virtual time. */
const TOGETHER_US = 20_000;

export interface Group {
  readonly phrase: Phrase;
  readonly first: TraceRecord;
  company: Company;
  lastUs: number;
  /** Of each member, the event it was in. */
  readonly causes: Map<number, number>;
  /** Everybody as they were, and each member once it had done its part. */
  readonly sights: Map<number, Sight>;
}

function involves({ company }: Group, phrase: Phrase): boolean {
  const { actors, targets } = companyOf(phrase);
  const members = [...company.actors, ...company.targets];
  return (
    actors.some((actor) => members.includes(actor)) || targets.some((sid) => members.includes(sid))
  );
}

export class Groups {
  #open: Group[] = [];

  /**
   * The record's line joins an open one or is a new one; returns the lines that are complete now.
   */
  add(record: TraceRecord, phrase: Phrase, sights: Sights): Group[] {
    const [oldest] = this.#open;
    const stale = oldest !== undefined && record.atUs - oldest.first.atUs > TOGETHER_US;
    if (!stale && this.#join(record, phrase, sights)) return [];
    const complete = stale || TURNING_POINTS.has(record.kind) ? this.flush() : [];
    this.#open.push({
      phrase,
      first: record,
      company: companyOf(phrase),
      lastUs: record.atUs,
      causes: new Map([[record.actor, record.cause]]),
      sights: new Map(sights),
    });
    return complete;
  }

  #join(record: TraceRecord, phrase: Phrase, sights: Sights): boolean {
    if (phrase.form === 'states') return false;
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const group = this.#open[at];
      if (group === undefined) return false;
      const company = joined(group.phrase, group.company, phrase);
      if (company !== undefined) {
        group.company = company;
        group.lastUs = record.atUs;
        group.causes.set(record.actor, record.cause);
        const sight = sights.get(record.actor);
        if (sight !== undefined) group.sights.set(record.actor, sight);
        return true;
      }
      if (involves(group, phrase) || TURNING_POINTS.has(group.first.kind)) return false;
    }
    return false;
  }

  /** A server has changed its role: the line of the event in which it did shows that already. */
  roleChanged(record: TraceRecord, sight: Sight | undefined): void {
    const group = this.#open.findLast(({ causes }) => causes.has(record.actor));
    if (sight === undefined || group?.causes.get(record.actor) !== record.cause) return;
    group.sights.set(record.actor, sight);
  }

  /** All open lines, complete or not. */
  flush(): Group[] {
    const complete = this.#open;
    this.#open = [];
    return complete;
  }
}
