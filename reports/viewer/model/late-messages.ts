// Messages that came too late: lost or held up on their way, overtaken by a successor, never sent
// because nobody was connected any more, or orders that had aged when they were carried out.
import type { Zxid } from '../../../protocol/ids.js';
import { clock, duration, isServer, listed, serverName } from '../../format.js';
import { isEpochStart, packetWords } from '../../packet-words.js';
import type { About, Late } from './late.js';
import { lateMessage, packetOf, zxidText } from './late.js';
import { CHATTER, IGNORED, LOST, SLOW } from './messages.js';
import { lowerBound } from './trace-view.js';

/** Packets that tell a learner which history to take over. */
const ORDERS: ReadonlySet<string> = new Set(['diff', 'trunc', 'snap']);
const SYNCHRONIZING: ReadonlySet<string> = new Set([...ORDERS, 'newLeader', 'upToDate']);
/** That something came a shorter while before is nothing to be told. */
const TOLD_US = 1000;
const CARRIERS: ReadonlySet<string> = new Set([
  ...SYNCHRONIZING,
  ...['proposal', 'commit', 'inform', 'ack'],
]);

function unusualWords(about: About, at: number, others: number): string {
  const { trace, messages, violation } = about;
  const [sentUs, endUs] = [messages.sentUs[at] as number, messages.endUs[at] as number];
  const flags = messages.flags[at] as number;
  const sent = `sent at ${clock(sentUs)}`;
  const alike = others === 0 ? '' : ` (and ${others} more like it)`;
  if ((flags & LOST) !== 0) return `${packetOf(about, at)}, ${sent}, never arrived${alike}`;
  if ((flags & IGNORED) !== 0) {
    const why = trace.at((messages.ended[at] as number) + 1).text;
    return `${packetOf(about, at)}, ${sent}, was of no use any more (${why})${alike}`;
  }
  const afterUs = endUs - violation.atUs;
  const after = afterUs > 0 ? `, and came ${duration(afterUs)} after this` : '';
  return `${packetOf(about, at)}, ${sent}, was under way for ${duration(endUs - sentUs)}${after}`;
}

/** How much an unusual message tells; 0: nothing. */
function unusualWeight(about: About, at: number): number {
  const { trace, messages, violation, who, parting } = about;
  const flags = messages.flags[at] as number;
  if ((flags & (LOST | SLOW | IGNORED)) === 0 || (flags & CHATTER) !== 0) return 0;
  const record = messages.ended[at] as number;
  const kind = trace.textOf(record);
  if (!CARRIERS.has(kind)) return 0;
  const [from, to] = [messages.source[at] as number, messages.target[at] as number];
  if (!isServer(from) || !isServer(to)) return 0;
  const zxid = trace.columns.zxid[record] as number;
  const own = from === who || to === who ? 6 : 0;
  const carried =
    parting?.zxid === zxid ? 70 : about.parted.has(zxid) ? 52 : about.named.has(zxid) ? 45 : 0;
  if (carried === 0 && (own === 0 || !SYNCHRONIZING.has(kind))) return 0;
  const recent = ((messages.sentUs[at] as number) / Math.max(1, violation.atUs)) * 8;
  return Math.max(carried, 20) + own + recent + ((flags & LOST) !== 0 ? 6 : 0);
}

/** Lost, ignored or slow, and about the transactions in question or for the server in question. */
export function unusual(about: About): Late[] {
  const { trace, messages, violation } = about;
  const best = new Map<string, { at: number; weight: number; count: number }>();
  for (let at = 0; at < messages.count; at++) {
    if ((messages.sentUs[at] as number) > violation.atUs) continue;
    const weight = unusualWeight(about, at);
    if (weight === 0) continue;
    const record = messages.ended[at] as number;
    const lost = (messages.flags[at] as number) & LOST;
    const key = `${trace.textOf(record)}/${trace.columns.zxid[record] as number}/${lost}`;
    const known = best.get(key);
    if (known === undefined) best.set(key, { at, weight, count: 1 });
    else {
      known.count += 1;
      if (weight > known.weight) Object.assign(known, { at, weight });
    }
  }
  return [...best.values()].map(({ at, weight, count }) =>
    lateMessage(about, at, weight, unusualWords(about, at, count - 1)),
  );
}

/** The last packet of the synchronization that the server in question is in, or was in last. */
function lastOrder({ trace, messages, violation, who }: About): number | undefined {
  for (let at = lowerBound(messages.endUs, violation.atUs + 1) - 1; at >= 0; at--) {
    const record = messages.ended[at] as number;
    if (record > violation.record || messages.target[at] !== who) continue;
    const isLost = ((messages.flags[at] as number) & LOST) !== 0;
    if (!isLost && ORDERS.has(trace.textOf(record))) return at;
  }
  return undefined;
}

/** A synchronization that ended before its NEWLEADER leaves half of its work behind. */
export function cutShort(about: About): Late[] {
  const { trace, messages, violation, who } = about;
  const order = lastOrder(about);
  if (order === undefined) return [];
  const arrived = messages.ended[order] as number;
  const after = trace
    .ofKinds(['left', 'serving', 'crash'])
    .filter((at) => at > arrived && at <= violation.record && trace.columns.actor[at] === who);
  const [end] = after;
  if (end === undefined || trace.kindOf(end) === 'serving') return [];
  const name = serverName(who);
  const why = trace.textOf(end);
  const words =
    `${packetOf(about, order)} came at ${clock(messages.endUs[order] as number)}, and the rest ` +
    `of that synchronization never came: ${name} left it at ${clock(trace.atUs(end))}` +
    (why === '' ? '' : ` (${why})`);
  const late = lateMessage(about, order, 82, words);
  return [{ ...late, toUs: trace.atUs(end) }];
}

/** The order that is carried out was given before somebody learned better. */
export function aged(about: About): Late[] {
  const { trace, messages, violation, who, parting } = about;
  const order = lastOrder(about);
  if (order === undefined || parting === undefined) return [];
  const [sent, arrived] = [messages.sent[order] as number, messages.ended[order] as number];
  // Of no interest once the server has been in step, or if the order knew of the transaction.
  const knows = (trace.columns.zxid[arrived] as number) >= parting.zxid;
  const within = (kinds: Parameters<typeof trace.ofKinds>[0], from: number): number[] =>
    trace.ofKinds(kinds).filter((at) => at > from && at <= violation.record);
  const actorOf = (at: number): number => trace.columns.actor[at] as number;
  const isOver = within(['serving', 'left'], arrived).some((at) => actorOf(at) === who);
  if (knows || isOver) return [];
  const better = within(['committed'], sent).find(
    (at) => trace.columns.zxid[at] === parting.zxid && actorOf(at) !== who,
  );
  if (better === undefined) return [];
  const words =
    `${packetOf(about, order)} was sent at ${clock(messages.sentUs[order] as number)}; by ` +
    `${clock(violation.atUs)}, when it was carried out, ${serverName(actorOf(better))} had ` +
    `committed ${zxidText(parting.zxid)} (at ${clock(trace.atUs(better))})`;
  return [lateMessage(about, order, 84, words)];
}

/** Something was heard before what should have come first: when did that come? */
export function overtaken(about: About): Late[] {
  const { trace, messages, violation, who } = about;
  const event = trace.eventOf(violation.record);
  if (trace.kindOf(event) !== 'received') return [];
  const source = trace.columns.peer[event];
  const isOrder = violation.checker.includes('order');
  for (let at = lowerBound(messages.endUs, violation.atUs); at < messages.count; at++) {
    const record = messages.ended[at] as number;
    if (record <= event || messages.source[at] !== source || messages.target[at] !== who) continue;
    const isStart = isEpochStart(trace.columns.zxid[record] as Zxid);
    const awaited = isOrder && isStart && trace.textOf(record) === trace.textOf(event);
    const earlier = (messages.sent[at] as number) < (trace.columns.cause[event] as number);
    if (!awaited && !earlier) continue;
    const first = packetWords(trace.textOf(event), trace.columns.zxid[event] as number);
    const lateUs = trace.atUs(record) - violation.atUs;
    const words =
      `${packetOf(about, at)} came only at ${clock(trace.atUs(record))}, ${duration(lateUs)} ` +
      `after ${first}, which should have followed it`;
    return [lateMessage(about, at, 95, words)];
  }
  return [];
}

/** A proposal that was never sent, as the connection it belonged on had ended. */
export function neverSent(about: About): Late[] {
  const { trace, violation, parted } = about;
  const { zxid, actor, peer } = trace.columns;
  const late: Late[] = [];
  const closed = trace.ofKinds(['closed']).filter((at) => at <= violation.record);
  const arrived = trace.ofKinds(['appended', 'lost', 'received']);
  for (const at of trace.ofKinds(['proposed'])) {
    if (at > violation.record || !parted.has(zxid[at] as number)) continue;
    const who = actor[at] as number;
    const ends = closed.filter((end) => end < at && actor[end] === who);
    const peers = [...new Set(ends.map((end) => peer[end] as number))].filter(isServer);
    const heard = new Set(
      arrived
        .filter((one) => zxid[one] === zxid[at] && one <= violation.record)
        .filter((one) => trace.kindOf(one) === 'appended' || trace.textOf(one) === 'proposal')
        .map((one) => (trace.kindOf(one) === 'lost' ? peer[one] : actor[one])),
    );
    const deaf = peers.filter((one) => !heard.has(one)).sort((a, b) => a - b);
    const last = ends.findLast((end) => deaf.includes(peer[end] as number));
    if (last === undefined) continue;
    const words =
      `PROPOSAL ${zxidText(zxid[at] as number)} of ${serverName(who)} never reached ` +
      `${listed(deaf.map(serverName))}: it was made at ${clock(trace.atUs(at))}, ` +
      `${duration(trace.atUs(at) - trace.atUs(last))} after their connections had ended`;
    const span = { fromUs: trace.atUs(last), toUs: trace.atUs(at) };
    late.push({ record: at, words, weight: 80, servers: [who, ...deaf], ...span });
  }
  return late;
}

/** What is missing in a log had been sent there: when did it come, or was it there and not used? */
export function delivered(about: About): Late[] {
  const { trace, messages, violation, parting, who } = about;
  const lacking = parting?.groups.find(({ servers }) => servers.includes(who));
  if (parting?.kind !== 'behind' || lacking?.holding !== 'ends') return [];
  const middle = lowerBound(messages.endUs, violation.atUs + 1);
  for (const at of around(middle, messages.count)) {
    const record = messages.ended[at] as number;
    if (messages.target[at] !== who || trace.columns.zxid[record] !== parting.zxid) continue;
    const isLost = ((messages.flags[at] as number) & LOST) !== 0;
    if (isLost || !CARRIERS.has(trace.textOf(record))) continue;
    const lateUs = (messages.endUs[at] as number) - violation.atUs;
    if (lateUs <= 0 && lateUs > -TOLD_US) return [];
    const words =
      lateUs > 0
        ? `${packetOf(about, at)} arrived ${duration(lateUs)} after this`
        : `${packetOf(about, at)} had arrived ${duration(-lateUs)} before this, and is not in ` +
          'its log yet';
    return [lateMessage(about, at, 64, words)];
  }
  return [];
}

/** Positions before a place, the nearest first, and then those after it. */
function* around(middle: number, count: number): Generator<number> {
  for (let at = middle - 1; at >= 0; at--) yield at;
  for (let at = middle; at < count; at++) yield at;
}
