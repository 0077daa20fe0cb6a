// The data of a page: base64 of deflated bytes, which are the length of a JSON text, the text, and
// the columns of each run's trace.
import type { PageData } from '../report-data.js';

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export interface Unpacked {
  readonly data: PageData;
  /** Of each run. */
  readonly columns: readonly Uint8Array[];
}

export async function unpacked(base64: string): Promise<Unpacked> {
  const bytes = await inflated(bytesOf(base64));
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const data = JSON.parse(text) as PageData;
  let from = 4 + length;
  const columns = data.runs.map((run) => {
    const part = bytes.subarray(from, from + run.bytes);
    from += run.bytes;
    return part;
  });
  return { data, columns };
}
