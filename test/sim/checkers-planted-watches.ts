// Faults planted in watches, numbers, permissions, quotas and reaping; and what only looks like one.
import type { SessionId } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { Legal } from './checkers-planted-service.js';
import {
  GET_A_WATCHED,
  made,
  OURS,
  SEQUENTIAL,
  Service,
  setData,
} from './checkers-service-stories.js';
import type { Planted } from './checkers-stories.js';
import { A, dataOfA, NO_NODE, opening, statOfA, withA } from './checkers-stories.js';
import type { Story } from './trace-story.js';
import { create, sessionOf, txn } from './trace-story.js';

const NOBODY = 0 as SessionId;
const SET_A: Operation = { kind: 'setData', path: '/a', data: 'y', version: -1 };
const EXISTS_B: Operation = { kind: 'exists', path: '/b', watch: true };
const SYNC: Operation = { kind: 'sync', path: '/' };
const SYNCED: Result = { kind: 'synced', path: '/' };
const CHANGED_A = 'nodeDataChanged /a';

/** Client 0 watches /a, which is 'x'. */
function watching(): Service {
  return new Service(withA(), 1, 4).attach().watchSet('/a').read(GET_A_WATCHED, dataOfA('x'));
}

/** Client 0 watches for /b, which is not there, and has gone away. */
function away(): Service {
  const service = new Service(withA(), 1, 4).attach().watchSet('/b').read(EXISTS_B, NO_NODE);
  return service.client('disconnected');
}

function secret(): Service {
  return new Service(withA(), 1, 4).attach().decide(made('/secret', 2, { acl: OURS }));
}

function limited(): Service {
  return new Service(withA(), 1, 4).quota();
}

/** Decided one after the other before any is applied: the last by client 1, a stranger. */
function inFlight(...writes: Parameters<Service['decide']>[0][]): Story {
  const { story, next } = secret().show('digest us:hash');
  const txns = writes.map((op, index) => ({
    ...txn(1, next + index, op, [0, 0]),
    session: sessionOf(index === writes.length - 1 ? 1 : 0),
  }));
  for (const one of txns) story.propose(3, one);
  for (const one of txns) for (const sid of [1, 2, 3]) story.log(sid, one);
  for (const one of txns) story.commit(3, one).apply(3, one);
  return story;
}

const WATCHES: readonly Planted[] = [
  {
    fault: 'a server answers without having told of a change that is watched',
    found: ['no-lost-watch'],
    story: () => watching().ask(SET_A, setData('/a', 'y')).reply().story,
  },
  {
    fault: 'a server tells of a change that nobody watches',
    found: ['no-lost-watch'],
    story: () => watching().decide(setData('/a', 'y')).fire('nodeDeleted /a').story,
  },
  {
    fault: 'a watch that fires once fires again',
    found: ['no-lost-watch'],
    story: () => {
      const service = watching().decide(setData('/a', 'y')).fire(CHANGED_A);
      return service.decide(setData('/a', 'z', 2)).fire(CHANGED_A).story;
    },
  },
  {
    fault: 'a persistent watch misses the second change',
    found: ['no-lost-watch'],
    story: () => {
      const service = new Service(withA(), 1, 4).attach().watchSet('/a', 3);
      service.decide(setData('/a', 'y')).fire(CHANGED_A);
      return service.ask(SET_A, setData('/a', 'y', 2)).reply().story;
    },
  },
  {
    fault: 'an event is withheld from somebody who may read the znode',
    found: ['no-lost-watch'],
    story: () => watching().decide(setData('/a', 'y')).fire(CHANGED_A, true).story,
  },
  {
    fault: 'a client sees a change before it hears of it',
    found: ['watch-before-data'],
    story: () => {
      const service = watching().ask(SET_A, setData('/a', 'y')).fire(CHANGED_A);
      return service.reply().answer({ kind: 'stat', stat: changedA(service) }).story;
    },
  },
  {
    fault: 'a client that was away is never told what it has missed',
    found: ['watch-before-data'],
    story: () => {
      const service = watching().client('disconnected').decide(setData('/a', 'y'));
      return service.attach(2).watchSet('/a', 1, 2).read(SYNC, SYNCED).story;
    },
  },
];

function changedA(service: Service) {
  return statOfA({ version: 1, mzxid: service.last });
}

const PERMISSIONS: readonly Planted[] = [
  {
    fault: 'a stranger writes what only others may',
    found: ['acl-never-bypassed'],
    story: () => secret().decide(setData('/secret', 'z')).story,
  },
  {
    fault: 'a stranger creates below what only others may',
    found: ['acl-never-bypassed'],
    story: () => {
      const parts = [made('/secret/x', 1), setData('/secret/x', 'z')];
      return secret().decide({ kind: 'multi', parts }).story;
    },
  },
  {
    // Clients alone would wonder, too: none of them has made /secret.
    fault: 'a stranger reads what only others may',
    found: ['acl-never-bypassed', 'client-history'],
    story: () => {
      const service = secret();
      const stat = statOfA({
        ...{ czxid: service.last, mzxid: service.last, pzxid: service.last, dataLength: 0 },
      });
      const op: Operation = { kind: 'getData', path: '/secret', watch: false };
      return service.read(op, { kind: 'data', data: '', stat }).story;
    },
  },
  {
    fault: 'a stranger is told of what only others may read',
    found: ['acl-never-bypassed'],
    story: () => {
      const service = secret().watchSet('/secret', 3).decide(setData('/secret', 'z'), sessionOf(1));
      return service.fire('nodeDataChanged /secret').story;
    },
  },
];

const OTHERS: readonly Planted[] = [
  {
    fault: 'a number is given again',
    found: ['linearizable-writes', 'sequential-numbers'],
    story: () => {
      const service = new Service(withA(), 1, 4);
      service.ask(SEQUENTIAL, create('/n-0000000001', '', NOBODY, 2));
      return service.ask(SEQUENTIAL, create('/n-0000000001', '', NOBODY, 3)).story;
    },
  },
  {
    fault: 'a quota has more znodes than it may',
    found: ['quota-honoured'],
    story: () => limited().decide(made('/q/1', 1)).decide(made('/q/2', 2)).story,
  },
  {
    fault: 'a quota has more bytes than it may',
    found: ['quota-honoured'],
    story: () => limited().decide(setData('/q', '12345')).story,
  },
  {
    fault: 'a container is taken away from its child',
    found: ['reaped-when-due'],
    story: () => {
      const service = new Service(withA(), 1, 4).container().look('/c');
      return service.decide(made('/c/y', 2)).reap('/c').story;
    },
  },
  {
    fault: 'a container goes that has never had a child',
    found: ['reaped-when-due'],
    story: () => {
      const service = new Service(withA(), 1, 4);
      return service.decide(made('/c', 2, { life: { kind: 'container' } })).look('/c').story;
    },
  },
  {
    fault: 'a znode goes before its time is over',
    found: ['reaped-when-due'],
    story: () => {
      const service = new Service(withA(), 1, 4);
      service.decide(made('/t', 2, { life: { kind: 'ttl', ttlMs: 1000 } }));
      return service.look('/t', 1000).story;
    },
  },
  {
    fault: 'a znode is taken away that nobody has looked at',
    found: ['reaped-when-due'],
    story: () => new Service(withA(), 1, 4).reap('/a').story,
  },
  {
    fault: 'two servers know different sessions',
    found: ['session-table'],
    story: () => {
      const story = opening();
      for (const sid of [1, 2]) {
        story.tell(sid, 'sessionOpened', { zxid: A.zxid, value: 7, digest: sid });
      }
      return story;
    },
  },
  {
    fault: "an ephemeral is another session's than who created it",
    found: ['ephemeral-exactness'],
    story: () => {
      const op = createOperation('/e', '', 'ephemeral');
      const service = new Service(opening(), 1, 3);
      service.story.invoke(1, 1, op);
      return service.decide(create('/e', '', sessionOf(1))).story;
    },
  },
];

export const PLANTED_IN_WATCHES: readonly Planted[] = [...WATCHES, ...PERMISSIONS, ...OTHERS];

export const LEGAL_IN_WATCHES: readonly Legal[] = [
  {
    what: 'a writer that watches what it writes hears of it before its answer',
    story: (): Story => {
      const service = watching().ask(SET_A, setData('/a', 'y')).fire(CHANGED_A).reply();
      const told = service.hear(CHANGED_A);
      return told.answer({ kind: 'stat', stat: changedA(service) }).story;
    },
  },
  {
    what: 'what was created and deleted while a client was away is never told',
    story: (): Story => {
      const service = away().decide(made('/b', 2)).decide({ kind: 'delete', path: '/b' });
      return service.attach(2).watchSet('/b', 1, 2).read(SYNC, SYNCED).story;
    },
  },
  {
    what: 'who may not read a znode hears nothing of it and its watch is used up',
    story: (): Story => {
      const service = secret().watchSet('/secret').decide(setData('/secret', 'z'), NOBODY);
      return service.fire('nodeDataChanged /secret', true).read(SYNC, SYNCED).story;
    },
  },
  {
    what: 'a list that is not applied yet keeps nobody out, nor does what is decided behind it',
    story: (): Story => {
      const closed = { kind: 'setACL', path: '/a', acl: OURS, version: 1 } as const;
      return inFlight(closed, setData('/a', 'y'), setData('/a', 'z', 2));
    },
  },
  {
    what: 'two writes that do not see each other fill a quota beyond its limit',
    story: (): Story => {
      const { story, next } = limited();
      const both = [txn(1, next, made('/q/1', 1)), txn(1, next + 1, made('/q/2', 2))];
      for (const one of both) story.propose(3, one);
      for (const one of both) for (const sid of [1, 2, 3]) story.log(sid, one);
      for (const one of both) story.commit(3, one).apply(3, one);
      return story;
    },
  },
  {
    what: 'a znode that one transaction writes twice counts with what is left in it',
    story: (): Story => {
      const parts = [setData('/q', 'ab'), setData('/q', 'abc', 2)];
      return limited()
        .decide({ kind: 'multi', parts })
        .decide(setData('/q', 'abcd', 3)).story;
    },
  },
  {
    what: 'a number follows upon another life of its parent',
    story: (): Story => {
      const under = createOperation('/p/n-', '', 'persistentSequential');
      const service = new Service(withA(), 1, 4);
      for (const nth of [2, 3]) {
        service.decide(made('/p', nth)).ask(under, create('/p/n-0000000000', '', NOBODY, 1));
        service.decide({ kind: 'delete', path: '/p/n-0000000000' });
        service.decide({ kind: 'delete', path: '/p' });
      }
      return service.story;
    },
  },
];
