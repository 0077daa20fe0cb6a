// What the clients saw, as histories for checkers: ours (`zabsim check` reads it back), Jepsen's
// EDN and Porcupine's key-value log. Sessions are processes; an operation whose outcome nobody
// knows stays open. The last two know registers, not znodes: get, set, create and delete become
// reads and writes of a key, and everything else is left out.
import type { ClientCall } from '../../sim/trace/client-history.js';
import { clientCalls } from '../../sim/trace/client-history.js';
import type { ExportInput } from './export.js';

function callsOf({ records, selected }: ExportInput): ClientCall[] {
  return clientCalls(records).filter(({ invokedAt }) => {
    const record = records[invokedAt];
    return record !== undefined && selected(record);
  });
}

/** Names of the znode model, as `zabsim check` knows them. */
const NAMES: Partial<Record<string, string>> = { setData: 'set', getData: 'get' };

/** Our own format: one operation a line, intervals in virtual microseconds. */
export function* zabsimHistory(input: ExportInput): Generator<string> {
  yield JSON.stringify({ zabsim: 'history', version: 1, model: 'znode' });
  for (const call of callsOf(input)) {
    const { client, invokedAt, completedAt, kind, path, value, expected, outcome } = call;
    const writes = kind === 'create' || kind === 'setData';
    yield JSON.stringify({
      client,
      invoked: invokedAt,
      completed: outcome === 'unknown' ? null : (completedAt ?? null),
      op: {
        f: NAMES[kind] ?? kind,
        path,
        value: writes ? value : undefined,
        version: expected === -1 ? undefined : expected,
        ephemeral: call.ephemeral ? true : undefined,
      },
      result:
        outcome === 'ok'
          ? { value: writes ? undefined : value, version: call.version, zxid: call.zxid }
          : undefined,
      outcome,
    });
  }
}

interface Moment {
  readonly atUs: number;
  readonly order: number;
  readonly process: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: 'read' | 'write';
  readonly key: string;
  readonly value: string | null;
}

/** A process does one thing at a time, and none after one whose outcome it never learned. */
class Processes {
  readonly #lanes = new Map<string, { readonly process: number; freeAt: number }[]>();
  #count = 0;

  /** For an operation of `client` from `from` until `until`, Infinity if it stays open. */
  take(client: string, from: number, until: number): number {
    const lanes = this.#lanes.get(client) ?? [];
    this.#lanes.set(client, lanes);
    let lane = lanes.find(({ freeAt }) => freeAt < from);
    if (lane === undefined) {
      lane = { process: this.#count, freeAt: until };
      this.#count += 1;
      lanes.push(lane);
    }
    lane.freeAt = until;
    return lane.process;
  }
}

const KINDS = new Set(['getData', 'create', 'setData', 'delete']);

/** Reads and writes of keys, as the moments at which they begin and end. */
function momentsOf(calls: readonly ClientCall[], open: (call: ClientCall) => boolean): Moment[] {
  const processes = new Processes();
  const moments: Moment[] = [];
  for (const call of calls) {
    if (!KINDS.has(call.kind)) continue;
    const f = call.kind === 'getData' ? 'read' : 'write';
    const written = call.kind === 'delete' ? null : (call.value ?? '');
    const { invokedAt, invokedUs, completedAt = Infinity, completedUs = Infinity } = call;
    const process = processes.take(call.client, invokedAt, open(call) ? Infinity : completedAt);
    const common = { process, f, key: call.path } as const;
    const asked = f === 'read' ? null : written;
    moments.push({ ...common, atUs: invokedUs, order: invokedAt, type: 'invoke', value: asked });
    if (completedAt === Infinity) continue;
    const place = { ...common, atUs: completedUs, order: completedAt };
    moments.push({ ...place, ...endOf(call, f, written) });
  }
  return moments.sort((a, b) => a.order - b.order);
}

const isUnknown = ({ outcome }: ClientCall): boolean => outcome === 'unknown';
/** That log knows no refusals: a refused write is left open, as if nobody knew. */
const isNotOk = (call: ClientCall): boolean =>
  call.outcome !== 'ok' && !(call.kind === 'getData' && call.outcome === 'error:NONODE');

function endOf(
  { outcome, value }: ClientCall,
  f: Moment['f'],
  written: string | null,
): Pick<Moment, 'type' | 'value'> {
  if (outcome === 'unknown') return { type: 'info', value: f === 'read' ? null : written };
  if (outcome === 'error:NONODE' && f === 'read') return { type: 'ok', value: null };
  if (outcome !== 'ok') return { type: 'fail', value: f === 'read' ? null : written };
  return { type: 'ok', value: f === 'read' ? (value ?? '') : written };
}

function ednText(text: string | null): string {
  if (text === null) return 'nil';
  const escaped = text.replace(/[\\"]/g, (char) => `\\${char}`).replace(/\n/g, '\\n');
  return `"${escaped.replace(/\r/g, '\\r').replace(/\t/g, '\\t')}"`;
}

/** Registers by `:key`. */
export function* jepsenEdn(input: ExportInput): Generator<string> {
  let index = 0;
  for (const { type, f, key, value, process, atUs } of momentsOf(callsOf(input), isUnknown)) {
    const call = `:f :${f}, :key ${ednText(key)}, :value ${ednText(value)}`;
    const where = `:process ${process}, :time ${atUs * 1000}, :index ${index}`;
    yield `{:type :${type}, ${call}, ${where}}`;
    index += 1;
  }
}

/** Absent reads as the empty text, which is what an unwritten key of that model holds. */
export function* porcupineKv(input: ExportInput): Generator<string> {
  for (const { type, f, key, value, process } of momentsOf(callsOf(input), isNotOk)) {
    if (type === 'fail' || type === 'info') continue;
    const name = f === 'read' ? ':get' : ':put';
    const shown = f === 'read' && type === 'invoke' ? 'nil' : ednText(value ?? '');
    const call = `:f ${name}, :key ${ednText(key)}, :value ${shown}`;
    yield `{:process ${String(process)}, :type :${type}, ${call}}`;
  }
}
