// A stretch of a trace as a Mermaid sequence diagram, for an issue or a wiki page: the messages of
// the protocol as arrows, turning points as notes. Diagrams stop being readable long before Mermaid
// stops drawing, so there is a limit, and the diagram says when it was reached.
import type { TraceRecord } from '../sim/trace/record.js';
import { clock, isServer, serverName } from './format.js';
import { packetWords } from './packet-words.js';
import { sentence } from './phrase.js';
import { phraseOf } from './words.js';

export interface MermaidOptions {
  readonly servers: readonly number[];
  readonly title: string;
  /** At most this many arrows and notes. */
  readonly limit: number;
}

/** Packets that repeat without telling anything new. */
const CHATTER: ReadonlySet<string> = new Set([
  ...['greeting', 'notification', 'ping', 'clientPing', 'clientPong', 'connect', 'connected'],
  ...['operation', 'reply', 'closeSession', 'sessionClosed', 'request', 'revalidate'],
]);

const NOTES: ReadonlySet<string> = new Set([
  ...['boot', 'crash', 'elected', 'established', 'newLeaderAcked', 'activated', 'serving'],
  ...['left', 'committed', 'truncated', 'halted', 'rollover'],
]);

const ACROSS: ReadonlySet<string> = new Set(['fault', 'healed', 'effect', 'quiet']);

function isDrawn(record: TraceRecord): boolean {
  if (record.kind === 'received') return !CHATTER.has(record.text);
  return (NOTES.has(record.kind) && isServer(record.actor)) || ACROSS.has(record.kind);
}

/** Semicolons end statements and a hash begins an entity, also within text. */
function escaped(text: string): string {
  return text.replace(/[#;<>]/g, (char) => `#${char.charCodeAt(0)};`);
}

function statement(record: TraceRecord, servers: readonly number[]): string | undefined {
  const names = servers.map(serverName);
  const actor = serverName(record.actor);
  if (record.kind === 'received') {
    const sender = serverName(record.peer);
    if (!names.includes(sender) || !names.includes(actor)) return undefined;
    return `${sender}->>${actor}: ${escaped(packetWords(record.text, record.zxid))}`;
  }
  const words = escaped(`${clock(record.atUs)} ${sentence(phraseOf(record))}`);
  if (names.includes(actor)) return `Note over ${actor}: ${words}`;
  return `Note over ${names[0] ?? ''},${names[names.length - 1] ?? ''}: ${words}`;
}

export function mermaid(records: Iterable<TraceRecord>, options: MermaidOptions): string[] {
  const { servers, title, limit } = options;
  const lines = ['sequenceDiagram', `  title ${escaped(title)}`];
  for (const sid of servers) lines.push(`  participant ${serverName(sid)}`);
  let drawn = 0;
  for (const record of records) {
    if (!isDrawn(record)) continue;
    const line = statement(record, servers);
    if (line === undefined) continue;
    if (drawn === limit) {
      const text = `${limit} entries are shown: narrow it down with --from and --to`;
      lines.push(`  Note over ${serverName(servers[0] ?? 0)}: ${text}`);
      break;
    }
    drawn += 1;
    lines.push(`  ${line}`);
  }
  return lines;
}
