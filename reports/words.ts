// One record of a trace in the words of the protocol: the only place that says what a record means.
// The slots of each kind are described in protocol/note.ts and sim/trace/record.ts. A reader who
// knows ZooKeeper's documentation, and not our code, should understand every sentence made here.
import type { Zxid } from '../protocol/ids.js';
import { epochOf, formatZxid } from '../protocol/ids.js';
import type { RecordKind, TraceRecord } from '../sim/trace/record.js';
import { effectWords } from './effect-words.js';
import { actorName, counted, faultName, isServer } from './format.js';
import { operationWords } from './operation-words.js';
import { historyWords, isEpochStart, packetWords } from './packet-words.js';
import type { Phrase } from './phrase.js';
import { does, sends, sentence, states } from './phrase.js';

type Words = (r: TraceRecord) => Phrase;

const zxidOf = (r: TraceRecord): string => formatZxid(r.zxid as Zxid);
const historyOf = (r: TraceRecord): string => historyWords(r.zxid as Zxid);
const sessionOf = (r: TraceRecord): string => `session 0x${r.value.toString(16)}`;

/** ` (text)`, or nothing. */
function aside(text: string): string {
  return text === '' ? '' : ` (${text})`;
}

/** A kind whose sentence is one verb and what follows it. */
function act(verb: string, rest: (r: TraceRecord) => string): Words {
  return (r) => does(r.actor, verb, rest(r));
}

const ELECTION = {
  vote: act('vote', (r) => {
    const whom = r.peer === r.actor ? 'itself' : actorName(r.peer);
    return r.peer === 0
      ? `for nobody in round ${r.value}: it is an observer`
      : `for ${whom} in round ${r.value} (epoch ${r.epoch}, ${historyOf(r)})`;
  }),
  elected: (r) => {
    if (r.peer === r.actor) return does(r.actor, 'win', `round ${r.value}: a quorum votes for it`);
    return r.text === 'settled'
      ? does(r.actor, 'find', `${actorName(r.peer)} established, with a quorum behind it`)
      : does(r.actor, 'accept', `${actorName(r.peer)} as leader: a quorum of round ${r.value}`);
  },
  role: act('be', (r) => `now ${r.text}${r.peer > 0 ? `, leader ${actorName(r.peer)}` : ''}`),
  left: act('leave', (r) => `its role${r.text === '' ? '' : `: ${r.text}`}`),
  lookingAgain: act('look', (r) => `for a leader again (epoch ${r.epoch}, ${historyOf(r)})`),
  rollover: act('have', (r) => `used every zxid of epoch ${r.epoch}: it needs a new epoch`),
} satisfies Partial<Record<RecordKind, Words>>;

const DISCOVERY = {
  epochProposed: act('propose', (r) => `epoch ${r.epoch}, above all it has heard of`),
  epochFile: act('write', (r) => `${r.text}Epoch ${r.epoch} to disk`),
  promised: act('promise', (r) =>
    r.value < 0
      ? `${actorName(r.peer)} nothing new: epoch ${r.epoch} was promised before (ACKEPOCH -1)`
      : `${actorName(r.peer)} epoch ${r.epoch} (ACKEPOCH: epoch ${r.value}, ${historyOf(r)})`,
  ),
  refused: act('refuse', (r) => `${r.peer > 0 ? actorName(r.peer) : 'a client'}${aside(r.text)}`),
  established: act('be', (r) => `established in epoch ${r.epoch}: a quorum promised it`),
} satisfies Partial<Record<RecordKind, Words>>;

const SYNCHRONIZATION = {
  syncChosen: (r) => {
    const packets = r.value > 0 ? `, then ${counted(r.value, 'packet')}` : '';
    return sends(r.actor, `${r.text.toUpperCase()} for ${historyOf(r)}${packets}`, r.peer);
  },
  syncing: act('receive', (r) => `${packetWords(r.text, r.zxid)} from ${actorName(r.peer)}`),
  newLeaderAcked: act(
    'have',
    (r) => `a quorum of ACKs in epoch ${r.epoch}: its history is committed`,
  ),
  activated: act('serve', (r) => `as leader of epoch ${r.epoch}`),
  serving: act('serve', (r) => `under ${actorName(r.peer)} in epoch ${r.epoch} (UPTODATE)`),
  stepBegun: act('begin', (r) => `step ${r.text}`),
  stepDone: act('complete', (r) => `step ${r.text}`),
  truncated: (r) => {
    const removed = r.value === 0 ? '' : ` (${counted(r.value, 'transaction')} removed)`;
    if (r.text === 'failed')
      return does(r.actor, 'find', `its log to end at ${zxidOf(r)}${removed}`);
    return r.text === 'reset'
      ? does(r.actor, 'replace', `its log: it begins anew at ${zxidOf(r)}${removed}`)
      : does(r.actor, 'cut', `its log back to ${zxidOf(r)}${removed}`);
  },
  installed: act(
    'replace',
    (r) => `its memory by the snapshot of ${actorName(r.peer)}, ${zxidOf(r)}`,
  ),
} satisfies Partial<Record<RecordKind, Words>>;

const STORAGE = {
  appended: act('append', (r) => `${zxidOf(r)} to its log (not yet durable)`),
  flushed: act('have', (r) => `its log durable up to ${zxidOf(r)}`),
  snapshot: act('write', (r) => `a snapshot named ${zxidOf(r)}${aside(r.text)}`),
  loaded: act('read', (r) => `its files: ${historyOf(r)}`),
  fastForwarded: act('bring', (r) => `its memory up to the end of its log, ${zxidOf(r)}`),
} satisfies Partial<Record<RecordKind, Words>>;

const BROADCAST = {
  proposed: act('propose', (r) => `${zxidOf(r)}${aside(operationWords(r.detail))}`),
  ackSent: act('acknowledge', (r) =>
    isEpochStart(r.zxid as Zxid)
      ? `NEWLEADER of epoch ${epochOf(r.zxid as Zxid)} to ${actorName(r.peer)}`
      : `${zxidOf(r)} to ${actorName(r.peer)}`,
  ),
  ackReceived: act('count', (r) =>
    isEpochStart(r.zxid as Zxid)
      ? `${ofWhom(r)} acknowledgement of NEWLEADER`
      : `${ofWhom(r)} acknowledgement of ${zxidOf(r)}`,
  ),
  committed: act('commit', zxidOf),
  learned: act('learn', (r) => `from ${actorName(r.peer)} that ${zxidOf(r)} is committed`),
  applied: act('apply', (r) => `${zxidOf(r)}${aside(r.text)}`),
} satisfies Partial<Record<RecordKind, Words>>;

function ofWhom(r: TraceRecord): string {
  return r.peer === r.actor ? 'its own' : `${actorName(r.peer)}'s`;
}

/** By the code in the record. */
const WATCHES: Partial<Record<number, string>> = {
  1: 'data ',
  2: 'child ',
  3: 'persistent ',
  4: 'recursive ',
};

const SESSIONS = {
  sessionOpened: act('open', (r) => `${sessionOf(r)} (${zxidOf(r)})`),
  sessionClosed: act('close', (r) => `${sessionOf(r)} (${zxidOf(r)})`),
  sessionExpired: act('expire', sessionOf),
  identified: act('believe', (r) => `${sessionOf(r)} to be ${r.text}`),
  reaping: act('find', (r) => `that ${r.text} may go`),
  attached: act('attach', (r) => `${sessionOf(r)}, having applied ${zxidOf(r)}`),
  replied: act('answer', (r) => `${sessionOf(r)}, request ${r.digest}: ${r.text} at ${zxidOf(r)}`),
  read: act('read', (r) => `${r.text} at ${zxidOf(r)} for ${sessionOf(r)}`),
  watchSet: act('set', (r) => `a ${WATCHES[r.digest] ?? ''}watch on ${r.text} for ${sessionOf(r)}`),
  watchGone: act('remove', (r) => `watches on ${r.text} of ${sessionOf(r)}`),
  watchFired: act(
    'tell',
    (r) => `${sessionOf(r)} of ${r.text}${aside(r.digest === 0 ? '' : 'withheld: no READ')}`,
  ),
  watched: act('hear', (r) => `of ${r.text}`),
  invoke: act('ask', (r) => `for ${operationWords(r.detail)}`),
  invoked: act('send', (r) => `request ${r.digest}: ${operationWords(r.detail)}`),
  completed: act('learn', (r) => `the outcome of request ${r.digest}: ${r.text}`),
  recipe: act('reach', (r) => {
    const token = r.zxid > 0 ? ` (token ${zxidOf(r)})` : '';
    return `${r.text}${token}${r.digest > 0 ? ` ${r.digest}` : ''}`;
  }),
  clientState: (r) => {
    if (r.text === 'expired') return does(r.actor, 'learn', 'that its session has expired');
    return does(r.actor, 'be', `${r.text}${r.peer > 0 ? ` (${actorName(r.peer)})` : ''}`);
  },
} satisfies Partial<Record<RecordKind, Words>>;

const CRASHES: Partial<Record<string, string>> = {
  process: 'crash',
  power: 'lose power',
  wipe: 'lose its disk',
  exit: 'end',
};

function keptOf(r: TraceRecord): string {
  return `epoch ${r.epoch}, ${r.zxid === 0 ? 'an empty log' : `log to ${zxidOf(r)}`}`;
}

const PROCESS = {
  boot: act('start', (r) => {
    if (!isServer(r.actor)) return 'to look for a server';
    return r.zxid === 0 && r.digest === 0
      ? 'with an empty disk'
      : `again (epoch ${r.epoch}, promised ${r.digest}, ${historyOf(r)})`;
  }),
  crash: (r) => {
    const [verb = 'end', ...object] = (CRASHES[r.text] ?? 'end').split(' ');
    const survives = r.digest === 0 ? 'its disk is empty' : `its disk keeps ${keptOf(r)}`;
    return does(r.actor, verb, `${object.join(' ')}: ${survives}`);
  },
  halted: act('halt', (r) => `by itself with exit code ${r.value}: ${r.text}`),
  ignored: act('ignore', (r) => `${r.text}${r.peer > 0 ? `, from ${actorName(r.peer)}` : ''}`),
  mark: act('take', (r) => `a rare path: ${r.text}`),
  timer: act('wake', (r) => `by timer ${r.text}`),
  disk: act('hear', (r) => `from its disk: ${r.text}`),
} satisfies Partial<Record<RecordKind, Words>>;

const NETWORK = {
  received: (r) => sends(r.peer, packetWords(r.text, r.zxid), r.actor),
  dialed: act('connect', (r) => `to ${actorName(r.peer)}${aside(r.text)}`),
  dialFailed: act('fail', (r) => `to connect to ${actorName(r.peer)}${aside(r.text)}`),
  accepted: act('accept', (r) => `a connection of ${actorName(r.peer)}${aside(r.text)}`),
  closed: act('lose', (r) => `its connection with ${actorName(r.peer)}${aside(r.text)}`),
  lost: (r) => states(`${packetWords(r.text, r.zxid)} to ${actorName(r.peer)} is lost`),
} satisfies Partial<Record<RecordKind, Words>>;

const RUN = {
  start: (r) => states(`the run begins, seed ${r.text}`),
  fault: (r) => states(`${faultName(r.value)} begins: ${r.text}`),
  healed: (r) => states(`${faultName(r.value)} is healed (${r.text})`),
  effect: (r) =>
    r.peer > 0
      ? does(r.peer, 'feel', `${faultName(r.value)}: ${effectWords(r.text)}`)
      : states(`${faultName(r.value)} takes effect: ${effectWords(r.text)}`),
  quiet: () => states('all faults are healed: now the ensemble must make progress'),
  end: () => states('the run ends'),
} satisfies Partial<Record<RecordKind, Words>>;

const WORDS: Record<RecordKind, Words> = {
  ...RUN,
  ...PROCESS,
  ...NETWORK,
  ...ELECTION,
  ...DISCOVERY,
  ...SYNCHRONIZATION,
  ...STORAGE,
  ...BROADCAST,
  ...SESSIONS,
};

export function phraseOf(record: TraceRecord): Phrase {
  return WORDS[record.kind](record);
}

/** `s2 promises s3 epoch 2 (ACKEPOCH: epoch 1, history to 1:7)` */
export function describe(record: TraceRecord): string {
  return sentence(phraseOf(record));
}
