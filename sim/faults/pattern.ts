// Does a record set a fault off? A pattern names the kind of record and whatever else must hold;
// the n-th match counts.
import type { TraceRecord } from '../trace/record.js';
import type { Stage } from './casting.js';
import { isHost } from './casting.js';
import type { RecordPattern } from './kind.js';
import type { RoleBook } from './role-book.js';

function matchesText(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

export function matches(
  pattern: RecordPattern,
  record: TraceRecord,
  book: RoleBook,
  stage: Stage,
): boolean {
  if (pattern.record !== record.kind || record.atUs < pattern.afterUs) return false;
  if (pattern.text !== undefined && !matchesText(pattern.text, record.text)) return false;
  if (pattern.zxid !== undefined && pattern.zxid !== record.zxid) return false;
  if (pattern.epoch !== undefined && pattern.epoch !== record.epoch) return false;
  if (pattern.actor !== undefined && !isHost(pattern.actor, record.actor, book, stage))
    return false;
  return pattern.peer === undefined || isHost(pattern.peer, record.peer, book, stage);
}
