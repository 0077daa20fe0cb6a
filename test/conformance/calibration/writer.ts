// A client that does nothing but write, and for how long it could not.
import { Connection } from '../script/connection.js';
import type { Endpoint } from '../script/endpoint.js';
import { requestOf } from '../script/request.js';

const SESSION_MS = 40_000;
const PAUSE_MS = 4;
const RETRY_MS = 10;
/** Longer than any server may take to find out that it has no leader. */
const PATIENCE_MS = 30_000;
const WRITES = 50;
const NO_PASSWORD = Buffer.alloc(16);

export class Writer {
  readonly #endpoint: Endpoint;
  readonly #servers: readonly number[];
  #connection: Connection | undefined;
  #next = 0;

  /** Connects to the first of these servers that lets it, then to the next. */
  constructor(endpoint: Endpoint, servers: readonly number[]) {
    this.#endpoint = endpoint;
    this.#servers = servers;
  }

  async #connect(): Promise<Connection | undefined> {
    const server = this.#servers[this.#next % this.#servers.length] ?? 1;
    this.#next += 1;
    const channel = await this.#endpoint.dial(server);
    if (channel === undefined) return undefined;
    const connection = new Connection('writer', channel, this.#endpoint);
    const connected = await connection.connect({
      lastZxid: 0n,
      timeoutMs: SESSION_MS,
      session: 0n,
      password: NO_PASSWORD,
      readOnly: false,
      withReadOnly: true,
    });
    if (connected && connection.session !== 0n) return connection;
    connection.shut();
    return undefined;
  }

  /** False: it is not known to have been done. */
  async write(): Promise<boolean> {
    this.#connection ??= await this.#connect();
    const connection = this.#connection;
    if (connection === undefined) {
      await this.#endpoint.sleep(RETRY_MS);
      return false;
    }
    const request = requestOf({ op: 'setData', path: '/', data: 'x' }, 0n);
    const reply = await connection.reply(connection.send('setData', request), PATIENCE_MS);
    if (typeof reply === 'object') return reply.code === 0;
    connection.shut();
    this.#connection = undefined;
    return false;
  }

  /** Writes until so many are done; the longest time between two of them, milliseconds. */
  async longestSilence(count: number, limitMs: number): Promise<number> {
    const startMs = this.#endpoint.nowMs();
    let lastMs = startMs;
    let longestMs = 0;
    for (let done = 0; done < count;) {
      const ok = await this.write();
      const nowMs = this.#endpoint.nowMs();
      if (nowMs - startMs > limitMs) return Infinity;
      if (!ok) continue;
      longestMs = Math.max(longestMs, nowMs - lastMs);
      lastMs = nowMs;
      done += 1;
      await this.#endpoint.sleep(PAUSE_MS);
    }
    return longestMs;
  }

  close(): void {
    this.#connection?.hangUp();
  }
}

/** The client's longest silence from when `disturb` is over until it can write again. */
export async function outage(
  endpoint: Endpoint,
  servers: readonly number[],
  disturb: () => Promise<void>,
): Promise<number> {
  const writer = new Writer(endpoint, servers);
  await writer.longestSilence(WRITES, PATIENCE_MS);
  await disturb();
  const silenceMs = await writer.longestSilence(WRITES, 2 * PATIENCE_MS);
  writer.close();
  return silenceMs;
}
