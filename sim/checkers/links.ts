// What connections promise: what is sent first arrives first, and nothing arrives after the end.
// The cause of a delivery is the event that sent the message, so on one connection causes never
// go down; messages sent by one event are not told apart.
import { FIRST_CLIENT } from '../trace/record.js';
import { checker } from './checker.js';

const ACTOR_SPAN = 65_536;
const CLOSED = Infinity;

export const linkFifo = checker(
  {
    id: 'link-fifo',
    kind: 'safety',
    claim:
      'Messages on a connection arrive in the order in which they were sent, none is left out, ' +
      'none arrives after the connection has ended, and no server receives while it is down.',
    cites: ['Zab11 FIFO channels', 'ZK-Java QuorumCnxManager'],
    kinds: ['received', 'lost', 'closed'],
  },
  (oracle, found) => {
    /** By connection and receiver: the cause of the last message. */
    const lastCause = new Map<number, number>();
    /**
     * The cause of the first that was lost. TCP delivers nothing that was sent after it; what was
     * sent before may still lie with a process that is stopped.
     */
    const gaps = new Map<number, number>();
    return (record) => {
      const key = record.value * ACTOR_SPAN + record.actor;
      if (record.kind === 'closed') {
        lastCause.set(key, CLOSED);
        return;
      }
      if (record.kind === 'lost') {
        // An election message may be dropped alone: that is a fault of its own, and harmless.
        const receiver = record.value * ACTOR_SPAN + record.peer;
        const gap = gaps.get(receiver) ?? Infinity;
        if (record.text !== 'notification') gaps.set(receiver, Math.min(gap, record.cause));
        return;
      }
      found.saw();
      const last = lastCause.get(key) ?? -1;
      const facts = { connection: record.value, message: record.text };
      if (record.actor < FIRST_CLIENT && !oracle.servers.of(record.actor).up) {
        found.broken(record, 'received-while-down', facts);
      } else if (record.cause > (gaps.get(key) ?? Infinity)) {
        found.broken(record, 'after-a-gap', facts);
      } else if (last === CLOSED) {
        found.broken(record, 'after-the-end', facts);
      } else if (record.cause >= 0 && record.cause < last) {
        found.broken(record, 'overtaken', facts, [record.cause, last]);
      } else {
        lastCause.set(key, record.cause);
      }
    };
  },
);
