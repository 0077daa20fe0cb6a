// What a timeline folds away between two of its lines, as one sentence: a quiet stretch in which
// transactions were committed, operations answered and pings exchanged.
import type { Zxid } from '../protocol/ids.js';
import { formatZxid } from '../protocol/ids.js';
import type { TraceRecord } from '../sim/trace/record.js';
import { counted, duration, thousands } from './format.js';

export class Tally {
  #records = 0;
  #pings = 0;
  #lost = 0;
  #repeated = 0;
  #commits = 0;
  #firstZxid = 0;
  #lastZxid = 0;
  readonly #outcomes = new Map<string, number>();

  get records(): number {
    return this.#records;
  }

  skip(): void {
    this.#records += 1;
  }

  /** A line that has been told often enough. */
  repeat(): void {
    this.#records += 1;
    this.#repeated += 1;
  }

  count(record: TraceRecord): void {
    this.#records += 1;
    if (record.kind === 'committed') {
      if (this.#commits === 0) this.#firstZxid = record.zxid;
      this.#lastZxid = record.zxid;
      this.#commits += 1;
    } else if (record.kind === 'completed') {
      this.#outcomes.set(record.text, (this.#outcomes.get(record.text) ?? 0) + 1);
    } else if (record.kind === 'lost') {
      this.#lost += 1;
    } else {
      this.#pings += 1;
    }
  }

  /** Were lines left out that would have been told? */
  get repeats(): boolean {
    return this.#repeated > 0;
  }

  /** Is there more to tell than that time went by? */
  get matters(): boolean {
    return this.#commits + this.#outcomes.size + this.#lost > 0;
  }

  sentence(spanUs: number): string {
    const parts: string[] = [];
    if (this.#commits > 0) parts.push(this.#commitWords());
    if (this.#outcomes.size > 0) parts.push(this.#outcomeWords());
    if (this.#lost > 0) parts.push(`${counted(this.#lost, 'message')} lost`);
    if (this.#repeated > 0)
      parts.push(counted(this.#repeated, 'more line like these', 'more lines like these'));
    if (this.#pings > 0) parts.push(counted(this.#pings, 'ping'));
    return `${duration(spanUs)}${parts.length === 0 ? ' quiet' : `: ${parts.join(', ')}`}`;
  }

  /** A refusal is an answer: the operation had no effect, and the client knows it. */
  #outcomeWords(): string {
    const parts: string[] = [];
    for (const [outcome, word] of [
      ['ok', 'ok'],
      ['error', 'refused'],
      ['unknown', 'unknown'],
    ] as const) {
      const count = this.#outcomes.get(outcome) ?? 0;
      if (count > 0) parts.push(`${thousands(count)} ${word}`);
    }
    return `operations ${parts.join(' + ')}`;
  }

  #commitWords(): string {
    const first = formatZxid(this.#firstZxid as Zxid);
    const last = formatZxid(this.#lastZxid as Zxid);
    const range = this.#commits === 1 ? first : `${first} to ${last}`;
    return `commits ${range}`;
  }
}
