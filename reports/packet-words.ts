// What travels on the wires, in the words of the ZooKeeper documentation: packet names in capitals,
// with the one number that matters for each. [ZK-Java QuorumPacket, Leader]
import type { MessageKind } from '../protocol/message.js';
import type { Zxid } from '../protocol/ids.js';
import { epochOf, formatZxid } from '../protocol/ids.js';

type Words = (zxid: Zxid) => string;

const plain = (name: string): Words => {
  return () => name;
};
const withZxid = (name: string): Words => {
  return (zxid) => `${name} ${formatZxid(zxid)}`;
};
const withEpoch = (name: string): Words => {
  return (zxid) => `${name} of epoch ${epochOf(zxid)}`;
};

const WORDS: Record<MessageKind, Words> = {
  greeting: plain('greeting'),
  notification: plain('NOTIFICATION'),
  followerInfo: (zxid) => `FOLLOWERINFO, accepted epoch ${epochOf(zxid)}`,
  observerInfo: (zxid) => `OBSERVERINFO, accepted epoch ${epochOf(zxid)}`,
  leaderInfo: withEpoch('LEADERINFO'),
  ackEpoch: (zxid) => `ACKEPOCH, ${historyWords(zxid)}`,
  diff: (zxid) => `DIFF up to ${formatZxid(zxid)}`,
  trunc: (zxid) => `TRUNC back to ${formatZxid(zxid)}`,
  snap: (zxid) => `SNAP as of ${formatZxid(zxid)}`,
  proposal: withZxid('PROPOSAL'),
  commit: withZxid('COMMIT'),
  inform: withZxid('INFORM'),
  newLeader: withEpoch('NEWLEADER'),
  ack: (zxid) => (isEpochStart(zxid) ? `ACK of epoch ${epochOf(zxid)}` : `ACK ${formatZxid(zxid)}`),
  upToDate: plain('UPTODATE'),
  request: plain('REQUEST'),
  sync: plain('SYNC'),
  ping: plain('PING'),
  revalidate: plain('REVALIDATE'),
  connect: plain('connect request'),
  connected: plain('connect response'),
  operation: plain('operation'),
  reply: withZxid('reply at'),
  watchEvent: plain('watch event'),
  clientPing: plain('client ping'),
  clientPong: plain('client pong'),
  closeSession: plain('close session'),
  sessionClosed: plain('session closed'),
};

/** No transaction has counter 0: `e:0` names the epoch, in NEWLEADER and the answer to it. */
export function isEpochStart(zxid: Zxid): boolean {
  return zxid > 0 && zxid % 2 ** 32 === 0;
}

/** `history to 1:7` */
export function historyWords(zxid: Zxid): string {
  if (zxid < 0) return 'no history';
  return zxid === 0 ? 'empty history' : `history to ${formatZxid(zxid)}`;
}

/** A kind that a trace of another version may hold is shown by its name. */
export function packetWords(kind: string, zxid: number): string {
  const words = (WORDS as Partial<Record<string, Words>>)[kind];
  return words === undefined ? kind : words(zxid as Zxid);
}
