// Watches, row by row of what real servers did: what is told to whom because of what, and what
// comes before what. B watches, A changes things. [ZK-Java WatchManager, DataTree]
import { describe, expect, it } from 'vitest';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { NO_WATCHES } from '../../protocol/session/watches/watches.js';
import { Server } from './session-server.js';
import { Story } from './session-story.js';

function tells(lines: readonly string[], service: Partial<ServiceSettings> = {}): void {
  expect(new Story(service).play(lines)).toEqual(lines);
}

/** Something to watch: A makes the znodes. */
const made = (...paths: readonly string[]): string[] =>
  paths.map((path) => `A create ${path} -> A created`);

describe('a one-shot watch', () => {
  it('of exists waits for the znode, and once only', () =>
    tells([
      'B exists /n ! -> B NoNode',
      'A create /n -> B nodeCreated /n; A created',
      'A set /n -> A stat',
      'B exists /n ! -> B stat',
      'A set /n -> B nodeDataChanged /n; A stat',
      'B exists /n ! -> B stat',
      'A delete /n -> B nodeDeleted /n; A done',
    ]));

  it('of getData or getChildren is not left where there is no znode', () =>
    tells([
      'B get /n ! -> B NoNode',
      'B ls /n ! -> B NoNode',
      'A create /n -> A created',
      'A set /n -> A stat',
      'A create /n/k -> A created',
    ]));

  it('is one for a connection and path, whoever asked and however often', () =>
    tells([
      ...made('/n'),
      'B exists /n ! -> B stat',
      'B get /n ! -> B data=',
      'B get /n ! -> B data=',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A set /n -> A stat',
    ]));

  it('is told of a deletion once, data and children together', () =>
    tells([
      ...made('/n'),
      'B exists /n ! -> B stat',
      'B get /n ! -> B data=',
      'B ls /n ! -> B children',
      'A delete /n -> B nodeDeleted /n; A done',
      'A create /n -> A created',
    ]));

  it('of children alone is told of the deletion as well', () =>
    tells([...made('/n'), 'B ls /n ! -> B children', 'A delete /n -> B nodeDeleted /n; A done']));

  it('of a parent comes after those of the child', () =>
    tells([
      ...made('/p', '/p/k'),
      'B ls /p ! -> B children',
      'B get /p/k ! -> B data=',
      'B ls /p/k ! -> B children',
      'A delete /p/k -> B nodeDeleted /p/k; B nodeChildrenChanged /p; A done',
      'B ls /p ! -> B children',
      'B exists /p/k ! -> B NoNode',
      'A create /p/k -> B nodeCreated /p/k; B nodeChildrenChanged /p; A created',
    ]));

  it('of the root is about its children like any other', () =>
    tells(['B ls / ! -> B children', 'A create /n -> B nodeChildrenChanged /; A created']));

  it('does not care for ACLs, nor for what happens further down', () =>
    tells([
      ...made('/p', '/p/k'),
      'B get /p ! -> B data=',
      'B ls /p ! -> B children',
      'B get /p/k ! -> B data=',
      'A acl /p open -> A stat',
      'A set /p/k -> B nodeDataChanged /p/k; A stat',
      'A set /p/k -> A stat',
      'A create /p/k/j -> A created',
      'A delete /none -> A NoNode',
      'A create /p -> A NodeExists',
    ]));

  it('of a read in a multiRead is not set', () => {
    const story = new Story();
    story.play([...made('/n'), 'B whoAmI ->']);
    const parts = [{ kind: 'getData', path: '/n', watch: true }] as const;
    story.server.ask(2, 50, { kind: 'multiRead', parts });
    expect(story.server.takeSaid()).toEqual(['2: 50 [data=] @3']);
    expect(story.server.ctx.front.watches).toBe(NO_WATCHES);
  });
});

describe('a persistent watch', () => {
  it('stays, and is told of its znode and of its children', () =>
    tells([
      ...made('/n'),
      'B add /n persistent -> B done',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A create /n/k -> B nodeChildrenChanged /n; A created',
      'A set /n/k -> A stat',
      'A create /n/k/j -> A created',
      'A delete /n/k/j -> A done',
      'A delete /n/k -> B nodeChildrenChanged /n; A done',
      'A delete /n -> B nodeDeleted /n; A done',
      'A create /n -> B nodeCreated /n; A created',
    ]));

  it('that is recursive is told of everything below instead', () =>
    tells([
      ...made('/n'),
      'B add /n recursive -> B done',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A create /n/k -> B nodeCreated /n/k; A created',
      'A set /n/k -> B nodeDataChanged /n/k; A stat',
      'A create /n/k/j -> B nodeCreated /n/k/j; A created',
      'A delete /n/k/j -> B nodeDeleted /n/k/j; A done',
      'A delete /n/k -> B nodeDeleted /n/k; A done',
      'A delete /n -> B nodeDeleted /n; A done',
      'A create /n -> B nodeCreated /n; A created',
      'A create /nn -> A created',
    ]));

  it('that is recursive at the root sees everything', () =>
    tells([
      'B add / recursive -> B done',
      'A create /n -> B nodeCreated /n; A created',
      'A set / x -> B nodeDataChanged /; A stat',
      'A create /zookeeper/quota/q -> B nodeCreated /zookeeper/quota/q; A created',
    ]));

  it('beside a child watch further down: the server tells both', () =>
    tells([
      ...made('/n', '/n/k'),
      'B add /n recursive -> B done',
      'B ls /n/k ! -> B children',
      'A create /n/k/a -> B nodeCreated /n/k/a; B nodeChildrenChanged /n/k; A created',
      'A create /n/k/b -> B nodeCreated /n/k/b; A created',
    ]));

  it('is not disturbed by a one-shot watch of the same path', () =>
    tells([
      ...made('/n'),
      'B add /n recursive -> B done',
      'B get /n ! -> B data=',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A set /n -> B nodeDataChanged /n; A stat',
    ]));

  it('of both kinds is told of each change once', () =>
    tells([
      ...made('/n'),
      'B add /n persistent -> B done',
      'B add /n recursive -> B done',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A create /n/k -> B nodeCreated /n/k; B nodeChildrenChanged /n; A created',
      'A set /n/k -> B nodeDataChanged /n/k; A stat',
    ]));

  it('is added for any path, and in two modes only', () =>
    tells([
      'B add /n 2 -> B MarshallingError',
      'B add /n -1 -> B MarshallingError',
      'B add foo persistent -> B done',
      'B check foo 4 -> B done',
    ]));
});

describe('removing watches', () => {
  it('goes by their kind', () =>
    tells([
      ...made('/n'),
      ...[1, 2, 3, 4, 5].map((type) => `B remove /n ${type} -> B NoWatcher`),
      'B remove /n 9 -> B MarshallingError',
      'B check /n 0 -> B MarshallingError',
      'B get /n ! -> B data=',
      'B remove /n 1 -> B NoWatcher',
      'B check /n 2 -> B done',
      'B remove /n 2 -> B done',
      'B ls /n ! -> B children',
      'B remove /n 3 -> B done',
      'A set /n -> A stat',
      'A create /n/k -> A created',
    ]));

  it('does not mistake a persistent watch for a one-shot', () =>
    tells([
      ...made('/n'),
      'B add /n persistent -> B done',
      'B check /n 4 -> B done',
      'B check /n 5 -> B NoWatcher',
      'B check /n 2 -> B NoWatcher',
      'B check /n 1 -> B NoWatcher',
      'B check /n 3 -> B done',
      'B remove /n 2 -> B NoWatcher',
      'B remove /n 4 -> B done',
      'A set /n -> A stat',
    ]));

  it('leaves those of other clients', () =>
    tells([
      ...made('/n'),
      'A get /n ! -> A data=',
      'B get /n ! -> B data=',
      'A remove /n 3 -> A done',
      'A check /n 3 -> A NoWatcher',
      'A set /n -> B nodeDataChanged /n; A stat',
    ]));
});

describe('several watchers', () => {
  it('are told all, in one order, and a writer that watches before its answer', () =>
    tells([
      ...made('/n'),
      'C get /n ! -> C data=',
      'B get /n ! -> B data=',
      'A get /n ! -> A data=',
      'A set /n -> A nodeDataChanged /n; C nodeDataChanged /n; B nodeDataChanged /n; A stat',
    ]));

  it('of ephemerals hear of each when their session closes, before the answer', () =>
    tells([
      ...made('/p'),
      'C create /p/a ephemeral -> C created',
      'C create /p/b ephemeral -> C created',
      'B exists /p/a ! -> B stat',
      'B exists /p/b ! -> B stat',
      'B ls /p ! -> B children',
      'C close -> B nodeDeleted /p/a; B nodeChildrenChanged /p; B nodeDeleted /p/b; ' +
        'C sessionClosed; C closed',
    ]));

  it('are told of the parts of a multi in their order', () =>
    tells([
      ...made('/p', '/p/x'),
      'B exists /p/n ! -> B NoNode',
      'B ls /p ! -> B children',
      'B get /p/x ! -> B data=',
      'A multi create /p/n, set /p/x, delete /p/n -> B nodeCreated /p/n; ' +
        'B nodeChildrenChanged /p; B nodeDataChanged /p/x; A [created,stat,done]',
      'B exists /q ! -> B NoNode',
      'A multi create /q, delete /none -> A [done,NoNode]',
    ]));
});

describe('a client without READ', () => {
  it('hears nothing, and its watch is used up', () =>
    tells([
      ...made('/n'),
      'B add /n persistent -> B done',
      'C get /n ! -> C data=',
      'A acl /n hidden -> A stat',
      'A set /n -> A stat',
      'A acl /n open -> A stat',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A acl /n hidden -> A stat',
      'A delete /n -> A done',
      'B exists /s ! -> B NoNode',
      'A create /s persistent hidden -> A created',
      'A acl /s open -> A stat',
      'A set /s -> A stat',
    ]));

  it('of a parent hears nothing of its children, though of a child that it may read', () =>
    tells([
      ...made('/p', '/p/k'),
      'B ls /p ! -> B children',
      'B get /p/k ! -> B data=',
      'A acl /p hidden -> A stat',
      'A delete /p/k -> B nodeDeleted /p/k; A done',
    ]));
});

describe('an event', () => {
  it('names the transaction that it is about, but for what a setWatches finds', () => {
    const server = new Server();
    server.open(1);
    server.read(1, 1, '/', true).elsewhere({ kind: 'setData', path: '/', data: 'x', version: -1 });
    const op = { kind: 'setWatches', relativeZxid: 1 as never, data: ['/'], exist: [] } as const;
    server.takeSaid();
    server.ask(1, 2, { ...op, child: [], persistent: [], recursive: [] });
    expect(server.takeSaid()).toEqual(['1: nodeDataChanged / @-1', '1: 2 done @2']);
    expect(server.notes.filter((line) => line.startsWith('watch'))).toEqual([
      `watchSet 1 ${server.sessionOf(1)} 1 /`,
      `watchFired 2 ${server.sessionOf(1)} 0 nodeDataChanged /`,
      `watchFired -1 ${server.sessionOf(1)} 0 nodeDataChanged /`,
    ]);
  });
});

describe('nobody who watches', () => {
  it('costs nothing, also after somebody has', () => {
    const story = new Story();
    const watches = (): unknown => story.server.ctx.front.watches;
    story.play(['B get / !', 'B add /n recursive', 'B exists /k !']);
    expect(watches()).not.toBe(NO_WATCHES);
    story.play(['A set / x', 'B remove /n 3', 'A create /k']);
    expect(watches()).toBe(NO_WATCHES);
    story.play(['B get / !', 'B add /n persistent', 'B close']);
    expect(watches()).toBe(NO_WATCHES);
  });
});
