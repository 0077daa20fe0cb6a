// Network addresses as bytes: four of them, or sixteen. [ZK-Java IPAuthenticationProvider]

const DIGITS: Readonly<Record<10 | 16, RegExp>> = {
  10: /^[+-]?[0-9]+$/,
  16: /^[+-]?[0-9a-f]+$/i,
};

/** As Java's Integer.parseInt: with a sign, if somebody likes, and in 32 bits. */
export function parseInteger(text: string, radix: 10 | 16): number | undefined {
  if (!DIGITS[radix].test(text)) return undefined;
  const value = Number.parseInt(text, radix);
  return (value | 0) === value ? value : undefined;
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    const value = parseInteger(part, 10);
    if (value === undefined || value < 0 || value > 255) return undefined;
    bytes.push(value);
  }
  return bytes;
}

const GROUPS = 8;

/** The bytes of groups between colons; undefined if one is no number of up to four digits. */
function groupBytes(text: string): readonly number[] | undefined {
  const bytes: number[] = [];
  for (const group of text === '' ? [] : text.split(':')) {
    const value = group.length > 4 ? undefined : parseInteger(group, 16);
    if (value === undefined) return undefined;
    bytes.push((value >> 8) & 0xff, value & 0xff);
  }
  return bytes;
}

/** `::` stands for as many zeros as are missing, and for one group of them at least. */
function ipv6Bytes(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  const front = groupBytes(halves[0] ?? '');
  const back = groupBytes(halves[1] ?? '');
  if (front === undefined || back === undefined || halves.length > 2) return undefined;
  const missing = 2 * GROUPS - front.length - back.length;
  const isWhole = halves.length === 1 ? missing === 0 && text !== '' : missing >= 2;
  return isWhole ? [...front, ...new Array<number>(missing).fill(0), ...back] : undefined;
}

/** Undefined: this is no address. */
export function addressBytes(text: string, ipv6: boolean): readonly number[] | undefined {
  if (text.includes(':')) return ipv6 ? ipv6Bytes(text) : undefined;
  return ipv4Bytes(text);
}
