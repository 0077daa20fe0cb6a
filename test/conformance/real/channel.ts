// A connection to a real server: frames over a socket, and four-letter words.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Channel } from '../script/endpoint.js';

type Incoming = Buffer | 'closed' | 'timeout';

class SocketChannel implements Channel {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
      this.#wake?.();
    });
    const closed = (): void => {
      this.#closed = true;
      this.#wake?.();
    };
    socket.on('end', closed).on('close', closed).on('error', closed);
  }

  send(body: Uint8Array): void {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    if (this.#socket.writable) this.#socket.write(Buffer.concat([length, body]));
  }

  async receive(waitMs: number): Promise<Incoming> {
    const endMs = performance.now() + waitMs;
    for (;;) {
      const frame = this.#take();
      if (frame !== undefined) return frame;
      if (this.#closed) return 'closed';
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return 'timeout';
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
  }

  #take(): Buffer | undefined {
    const { length } = this.#bytes;
    if (length < 4) return undefined;
    const end = 4 + this.#bytes.readInt32BE(0);
    if (length < end) return undefined;
    const frame = this.#bytes.subarray(4, end);
    this.#bytes = this.#bytes.subarray(end);
    return frame;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Undefined: nobody listens there. */
export async function dialPort(port: number): Promise<Channel | undefined> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  return new SocketChannel(socket);
}

/** Null: nobody listens there, or says nothing. */
export async function fourLetterWord(
  port: number,
  word: string,
  waitMs = 2000,
): Promise<string | null> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  const text = await new Promise<string | null>((resolve) => {
    socket.setTimeout(waitMs, () => resolve(null));
    socket.on('connect', () => socket.write(word));
    socket.on('data', (bytes) => chunks.push(bytes));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', () => resolve(null));
  });
  socket.destroy();
  return text;
}
