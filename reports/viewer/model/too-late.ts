// What came too late for a claim to hold: a message that was lost, held up, overtaken, or made from
// knowledge that had aged while it was under way; or the answer of a disk. Each candidate says in
// words why it is one, and the most telling come first.
import { disk, leftOver } from './late-disks.js';
import { aged, cutShort, delivered, neverSent, overtaken, unusual } from './late-messages.js';
import type { Late, LateInput } from './late.js';
import { aboutOf } from './late.js';

const SHOWN = 3;
const WAYS = [disk, leftOver, overtaken, aged, cutShort, neverSent, delivered, unusual];

export function whatCameTooLate(input: LateInput): Late[] {
  const about = aboutOf(input);
  const found = WAYS.flatMap((way) => way(about));
  const seen = new Set<number>();
  return found
    .sort((a, b) => b.weight - a.weight || b.record - a.record)
    .filter(({ record }) => !seen.has(record) && seen.add(record).size > 0)
    .slice(0, SHOWN);
}
