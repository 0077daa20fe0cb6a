// What came of a step, in the form in which answers of a real ZooKeeper are kept (golden/README.md):
// session ids as names of connections, zxids relative to the first session's, no times.

/** A zxid: an offset; '0' and '-1' raw; 'E+1:5' in a later epoch. */
export type ZxidText = number | string;

export interface StatAnswer {
  readonly czxid: ZxidText;
  readonly mzxid: ZxidText;
  readonly pzxid: ZxidText;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: number | string;
  readonly dataLength: number;
  readonly numChildren: number;
}

/** Text; bytes that are no UTF-8; the length of many. */
export type DataAnswer = string | null | { readonly hex: string } | { readonly len: number };

/** The body of a reply, of which each operation fills in some. */
export interface BodyAnswer {
  bodyErr?: number;
  path?: string | null;
  data?: DataAnswer;
  children?: readonly string[];
  acl?: readonly string[];
  stat?: StatAnswer;
  paths?: readonly string[];
  count?: number;
  who?: readonly string[];
  results?: readonly PartAnswer[];
  /** The body ended too early. */
  decode?: string;
}

export interface PartAnswer extends BodyAnswer {
  type: string | number;
  rc?: number;
  err?: string;
}

/** Type, path, and the state if it is not SyncConnected. */
export type EventAnswer = readonly (string | number | null)[];

export interface ReplyAnswer extends BodyAnswer {
  rc?: number;
  err?: string;
  zxid?: ZxidText;
  closed?: boolean;
  garbled?: boolean;
  timeout?: boolean;
  ev?: readonly EventAnswer[];
}

export interface Answer extends Omit<ReplyAnswer, 'ev' | 'timeout'> {
  /** The step in words. */
  '#': string;
  session?: string | null;
  /** Negotiated, of a connect; else: no answer came. */
  timeout?: number | boolean;
  readOnly?: boolean | null;
  refused?: boolean;
  ok?: boolean;
  closedByServer?: boolean;
  lost?: string[];
  notConnected?: boolean;
  scriptError?: string;
  text?: string | null;
  replies?: ReplyAnswer[];
  ev?: Record<string, readonly EventAnswer[]>;
  evAfter?: Record<string, readonly EventAnswer[]>;
  evUnordered?: boolean;
}

export interface Golden {
  readonly script: string;
  readonly server: string;
  readonly results: readonly Answer[];
}

const LONE_ASCII = /[^\0-\x7f]/g;

/** As Python writes JSON: a space behind each comma and colon. */
export function spacedJson(value: unknown, ascii = false): string {
  if (Array.isArray(value)) return `[${value.map((item) => spacedJson(item, ascii)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    const texts = fields.map(([key, field]) => {
      return `${spacedJson(key, ascii)}: ${spacedJson(field, ascii)}`;
    });
    return `{${texts.join(', ')}}`;
  }
  const text = JSON.stringify(value);
  if (!ascii) return text;
  return text.replace(LONE_ASCII, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** One line for each answer, so that differences read well. */
export function goldenText(golden: Golden): string {
  const { results, ...head } = golden;
  const lines = results.map((answer) => spacedJson(answer)).join(',\n');
  return `${spacedJson(head).slice(0, -1)}, "results": [\n${lines}\n]}\n`;
}

const NAMED = ['path', 'mode', 'version', 'ms', 'resume', 'what', 'n', 'cmd'];

/** A step in words, from what its script says and not from defaults. */
export function stepText(step: object): string {
  const fields = step as Record<string, unknown>;
  const words = [textOf(fields['s']), textOf(fields['op'])];
  for (const name of NAMED) {
    const value = fields[name];
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : spacedJson(value, true);
    words.push(`${name === 'path' ? '' : `${name}=`}${text}`);
  }
  const parts = fields['ops'];
  if (Array.isArray(parts)) words.push(`[${(parts as object[]).map(stepText).join('; ')}]`);
  return words.filter((word) => word !== '').join(' ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
