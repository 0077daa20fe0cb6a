// What a sequence diagram shows of a trace, whoever draws it: the messages of the protocol as
// arrows, turning points as notes. Diagrams stop being readable long before the tools stop drawing,
// so there is a limit, and the last step says when it was reached.
import type { TraceRecord } from '../../sim/trace/record.js';
import { clock, isServer, serverName } from '../format.js';
import { packetWords } from '../packet-words.js';
import { sentence } from '../phrase.js';
import { phraseOf } from '../words.js';
import type { ExportInput } from './export.js';

export type SequenceStep =
  | { readonly kind: 'arrow'; readonly from: string; readonly to: string; readonly text: string }
  | { readonly kind: 'note'; readonly over: readonly string[]; readonly text: string };

const STEPS_MAX = 50;

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

function stepOf(record: TraceRecord, names: readonly string[]): SequenceStep | undefined {
  const actor = serverName(record.actor);
  if (record.kind === 'received') {
    const from = serverName(record.peer);
    if (!names.includes(from) || !names.includes(actor)) return undefined;
    return { kind: 'arrow', from, to: actor, text: packetWords(record.text, record.zxid) };
  }
  const text = `${clock(record.atUs)} ${sentence(phraseOf(record))}`;
  const all = [names[0] ?? '', names[names.length - 1] ?? ''];
  return { kind: 'note', over: names.includes(actor) ? [actor] : all, text };
}

export function* sequenceOf({ records, selected, servers }: ExportInput): Generator<SequenceStep> {
  const names = servers.map(serverName);
  let drawn = 0;
  for (const record of records) {
    const step = selected(record) && isDrawn(record) ? stepOf(record, names) : undefined;
    if (step === undefined) continue;
    if (drawn === STEPS_MAX) {
      const text = `${String(STEPS_MAX)} entries are shown: narrow it down with --from and --to`;
      yield { kind: 'note', over: [names[0] ?? ''], text };
      return;
    }
    drawn += 1;
    yield step;
  }
}
