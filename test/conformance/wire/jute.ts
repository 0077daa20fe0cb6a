// Jute's binary encoding, as ZooKeeper's wire has it: big-endian numbers, strings and buffers with a
// length before them (-1: null), vectors with a count. [ZK-Java BinaryInputArchive,
// BinaryOutputArchive]

/** What arrived is no valid encoding of what was expected. */
export class JuteError extends Error {
  override readonly name = 'JuteError';
}

/** Half of a character, as if it were one. */
export function surrogateBytes(unit: number): Buffer {
  return Buffer.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
}

function halvesApart(text: string): Buffer {
  const parts = Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdfff) return Buffer.from(text.charAt(index), 'utf8');
    return surrogateBytes(unit);
  });
  return Buffer.concat(parts);
}

export class JuteWriter {
  readonly #parts: Buffer[] = [];

  int(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value | 0);
    return this.#push(bytes);
  }

  long(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt.asIntN(64, value));
    return this.#push(bytes);
  }

  bool(value: boolean): this {
    return this.#push(Buffer.of(value ? 1 : 0));
  }

  buffer(value: Uint8Array | null): this {
    if (value === null) return this.int(-1);
    return this.int(value.length).#push(Buffer.from(value));
  }

  string(value: string | null): this {
    return this.buffer(value === null ? null : Buffer.from(value, 'utf8'));
  }

  /** As Java writes it: each half of a character beyond U+FFFF by itself. */
  javaString(value: string | null): this {
    return this.buffer(value === null ? null : halvesApart(value));
  }

  vector<T>(items: readonly T[] | null, write: (item: T) => void): this {
    if (items === null) return this.int(-1);
    this.int(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Bytes that are encoded already. */
  raw(bytes: Uint8Array): this {
    return this.#push(Buffer.from(bytes));
  }

  #push(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const REPLACEMENT = Buffer.from('\ufffd');

/** Three bytes that would stand for half a character. */
function isSurrogate(bytes: Buffer, at: number): boolean {
  const [lead = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  return lead === 0xed && (second & 0xe0) === 0xa0 && (third & 0xc0) === 0x80;
}

function withoutSurrogates(bytes: Buffer): Buffer {
  if (!bytes.includes(0xed)) return bytes;
  const replaced = Buffer.from(bytes);
  for (let at = 0; at < replaced.length; at++) {
    if (isSurrogate(replaced, at)) REPLACEMENT.copy(replaced, at);
  }
  return replaced;
}

export class JuteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  get length(): number {
    return this.#bytes.length;
  }

  int(): number {
    return this.#take(4).readInt32BE();
  }

  long(): bigint {
    return this.#take(8).readBigInt64BE();
  }

  bool(): boolean {
    return this.#take(1).readUInt8() !== 0;
  }

  buffer(): Buffer | null {
    const length = this.int();
    if (length === -1) return null;
    if (length < 0) throw new JuteError(`a length of ${length}`);
    return this.#take(length);
  }

  /** What is no UTF-8 becomes U+FFFD, one for each byte that fits nowhere. */
  string(): string | null {
    return this.buffer()?.toString('utf8') ?? null;
  }

  /** As Java reads it: one U+FFFD for a surrogate. */
  javaString(): string | null {
    const bytes = this.buffer();
    return bytes === null ? null : withoutSurrogates(bytes).toString('utf8');
  }

  /** A negative count other than -1 is an empty vector. */
  vector<T>(read: () => T): T[] | null {
    const count = this.int();
    if (count === -1) return null;
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read());
    return items;
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) {
      throw new JuteError(`${count} bytes wanted, ${this.left} there`);
    }
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
