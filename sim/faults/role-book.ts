// Who plays which role just now, as far as the trace has told: a fold of the few records that say
// so. Faults that mean "the leader" look here and never into a server's state, so that they can be
// replayed and explained from the trace alone.
import type { RecordKind, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';

export const ROLE_RECORDS: readonly RecordKind[] = ['role', 'boot', 'crash'];

interface Part {
  /** `role/phase`, as in the records. */
  readonly role: string;
  readonly epoch: number;
  /** Index of the record that said so. */
  readonly since: number;
}

export class RoleBook {
  /** By server id; absent while the process is down. */
  readonly #parts = new Map<number, Part>();

  onRecord(record: TraceRecord): void {
    if (record.kind === 'crash') {
      this.#parts.delete(record.actor);
      return;
    }
    if (record.actor >= FIRST_CLIENT) return;
    const role = record.kind === 'role' ? record.text : 'booting';
    this.#parts.set(record.actor, { role, epoch: record.epoch, since: record.index });
  }

  plays(server: number, role: string): boolean {
    const part = this.#parts.get(server);
    return part?.role.startsWith(`${role}/`) ?? false;
  }

  /** Servers in this role, ascending. */
  playing(role: string): number[] {
    return [...this.#parts.keys()]
      .filter((server) => this.plays(server, role))
      .sort((a, b) => a - b);
  }

  /**
   * Who leads: one that broadcasts before one that only tries to; then by epoch, then the latest.
   */
  leader(): number | undefined {
    let best: number | undefined;
    let bestPart: Part | undefined;
    for (const [server, part] of this.#parts) {
      if (!part.role.startsWith('leading/')) continue;
      if (bestPart !== undefined && !leadsBefore(part, bestPart)) continue;
      best = server;
      bestPart = part;
    }
    return best;
  }
}

function leadsBefore(a: Part, b: Part): boolean {
  const broadcasts = (part: Part): boolean => part.role === 'leading/broadcast';
  if (broadcasts(a) !== broadcasts(b)) return broadcasts(a);
  if (a.epoch !== b.epoch) return a.epoch > b.epoch;
  return a.since > b.since;
}
