// What the search for something that came too late goes by, and what it finds.
import type { Zxid } from '../../../protocol/ids.js';
import { formatZxid } from '../../../protocol/ids.js';
import type { Violation } from '../../../sim/checkers/verdict.js';
import { isServer, serverName } from '../../format.js';
import { packetWords } from '../../packet-words.js';
import type { Messages } from './messages.js';
import type { Parting } from './parting.js';
import type { TraceView } from './trace-view.js';

export interface Late {
  /** To look at. */
  readonly record: number;
  readonly words: string;
  /** How telling it is. */
  readonly weight: number;
  /** Whom it concerns, and when: which fault may be behind it. */
  readonly servers: readonly number[];
  readonly fromUs: number;
  readonly toUs: number;
}

export interface LateInput {
  readonly trace: TraceView;
  readonly messages: Messages;
  readonly violation: Violation;
  readonly parting: Parting | undefined;
}

export interface About extends LateInput {
  /** The server that breaks the claim; 0 for none. */
  readonly who: number;
  /** The transactions at which the logs part: each side's. */
  readonly parted: ReadonlySet<number>;
  /** Those that the violation names. */
  readonly named: ReadonlySet<number>;
}

/** The transactions that a violation names. */
export function zxidsIn(violation: Violation): Set<number> {
  const found = new Set<number>();
  for (const value of Object.values(violation.facts)) {
    for (const [, epoch, counter] of String(value).matchAll(/\b(\d+):(\d+)\b/g)) {
      found.add(Number(epoch) * 2 ** 32 + Number(counter));
    }
  }
  return found;
}

/** The one server that lacks something, if it is one. */
function onlyLacking(parting: Parting | undefined): number {
  const lacking = parting?.groups.filter(({ holding }) => holding !== 'durable') ?? [];
  const servers = lacking.flatMap((group) => group.servers);
  return servers.length === 1 ? (servers[0] ?? 0) : 0;
}

export function aboutOf(input: LateInput): About {
  const { violation, parting } = input;
  const odd = parting?.groups.filter(({ holding }) => holding === 'other') ?? [];
  const parted = parting === undefined ? [] : [parting.zxid, ...odd.map(({ zxid }) => zxid)];
  return {
    ...input,
    who: violation.actors.find(isServer) ?? onlyLacking(parting),
    parted: new Set(parted),
    named: zxidsIn(violation),
  };
}

export function zxidText(zxid: number): string {
  return formatZxid(zxid as Zxid);
}

/** `TRUNC back to 2:2 from s4 to s1` */
export function packetOf({ trace, messages }: About, message: number): string {
  const record = messages.ended[message] as number;
  const words = packetWords(trace.textOf(record), trace.columns.zxid[record] as number);
  const from = serverName(messages.source[message] as number);
  return `${words} from ${from} to ${serverName(messages.target[message] as number)}`;
}

export function lateMessage(
  { messages }: About,
  message: number,
  weight: number,
  words: string,
): Late {
  return {
    ...{ record: messages.ended[message] as number, words, weight },
    servers: [messages.source[message] as number, messages.target[message] as number],
    fromUs: messages.sentUs[message] as number,
    toUs: messages.endUs[message] as number,
  };
}
