// Answers of a disk that came too late, or work of an old role that was done in a new one.
import { clock, duration, serverName } from '../../format.js';
import type { About, Late } from './late.js';
import { zxidText } from './late.js';

/** What was claimed was not on disk, or not in memory, yet: when was it? */
export function disk(about: About): Late[] {
  const { trace, violation, parting, who } = about;
  const lacking = parting?.groups.find(
    ({ holding, servers }) => holding !== 'durable' && servers.includes(who),
  );
  if (parting === undefined || lacking === undefined) return [];
  if (parting.kind === 'contradiction' || parting.kind === 'twice') return [];
  const ofMemory = parting.kind === 'memory' && lacking.zxid === parting.zxid;
  const wanted = ofMemory ? 'applied' : 'flushed';
  const claims = Object.keys(violation.facts).some((fact) => /disk|applied/i.test(fact));
  const weight = claims ? 90 : lacking.holding === 'buffered' ? 76 : 50;
  const after = trace
    .ofKinds([wanted, 'crash'])
    .filter((at) => at > violation.record && trace.columns.actor[at] === who);
  const done = after.find(
    (at) => trace.kindOf(at) === wanted && (trace.columns.zxid[at] as number) >= parting.zxid,
  );
  const end = after.find((at) => trace.kindOf(at) === 'crash' && (done === undefined || at < done));
  const record = end ?? done ?? violation.record;
  const when = trace.atUs(record);
  const what = ofMemory ? `the memory of ${serverName(who)}` : `the disk of ${serverName(who)}`;
  const ending = end === undefined ? '' : `: the process ended at ${clock(when)}`;
  const words =
    record === done
      ? `${what} had ${zxidText(parting.zxid)} only at ${clock(when)}, ` +
        `${duration(when - violation.atUs)} after this`
      : `${what} never got ${zxidText(parting.zxid)}${ending}`;
  const span = { fromUs: violation.atUs, toUs: when };
  return [{ record, words, weight, servers: [who], ...span }];
}

/** A transaction is logged in another role than the one in which it was received. */
export function leftOver({ trace, violation, who }: About): Late[] {
  const { record } = violation;
  if (trace.kindOf(record) !== 'appended' || trace.columns.actor[record] !== who) return [];
  const zxid = trace.columns.zxid[record] as number;
  const own = trace
    .ofKinds(['received', 'proposed', 'left'])
    .filter((at) => at < record && trace.columns.actor[at] === who);
  const came = own.find(
    (at) =>
      trace.columns.zxid[at] === zxid &&
      (trace.kindOf(at) === 'proposed' || trace.textOf(at) === 'proposal'),
  );
  const left = own.find((at) => came !== undefined && at > came && trace.kindOf(at) === 'left');
  if (came === undefined || left === undefined) return [];
  const words =
    `${zxidText(zxid)} came to ${serverName(who)} at ${clock(trace.atUs(came))} and is logged ` +
    `only now, ${duration(violation.atUs - trace.atUs(left))} after the role it came in had ended`;
  const span = { fromUs: trace.atUs(came), toUs: violation.atUs };
  return [{ record: came, words, weight: 88, servers: [who], ...span }];
}
