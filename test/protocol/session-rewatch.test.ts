// Watches of a connection that comes back, and what an older release makes of watches altogether,
// row by row of what real servers did. [ZK-Java DataTree.setWatches, WatchManager]
import { describe, expect, it } from 'vitest';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { Server } from './session-server.js';
import { Story } from './session-story.js';

function tells(lines: readonly string[], service: Partial<ServiceSettings> = {}): void {
  expect(new Story(service).play(lines)).toEqual(lines);
}

/** Something to watch: A makes the znodes. */
const made = (...paths: readonly string[]): string[] =>
  paths.map((path) => `A create ${path} -> A created`);

describe('a connection that comes back', () => {
  it('has no watches until it sets them again', () =>
    tells([
      ...made('/n'),
      'B get /n ! -> B data=',
      'B add /n persistent -> B done',
      'B back ->',
      'A set /n -> A stat',
    ]));

  it('is told at once what it missed, before the answer; the rest waits on', () =>
    tells([
      ...made('/d', '/d2', '/gone', '/c', '/c2'),
      'B back ->',
      'A set /d -> A stat',
      'A delete /gone -> A done',
      'A create /new -> A created',
      'A create /c/k -> A created',
      'B setWatches since=7 data=/d,/d2,/gone exist=/new,/not child=/c,/c2,/gone -> ' +
        'B nodeDataChanged /d; B nodeDeleted /gone; B nodeCreated /new; ' +
        'B nodeChildrenChanged /c; B nodeDeleted /gone; B done',
      'A set /d -> A stat',
      'A set /d2 -> B nodeDataChanged /d2; A stat',
      'A create /not -> B nodeCreated /not; A created',
      'A create /c2/k -> B nodeChildrenChanged /c2; A created',
      'A create /c/l -> A created',
    ]));

  it('compares with the zxid that it brings, to the unit', () =>
    tells([
      ...made('/n'),
      'A set /n -> A stat',
      'B setWatches since=3 data=/n -> B done',
      'B setWatches since=2 data=/n -> B nodeDataChanged /n; B done',
    ]));

  it('misses what came and went, and takes a new life for a change', () =>
    tells([
      ...made('/n'),
      'A delete /n -> A done',
      'A create /n -> A created',
      'A create /m -> A created',
      'A delete /m -> A done',
      'A acl /n open -> A stat',
      'B setWatches since=2 data=/n exist=/m child=/n -> ' +
        'B nodeDataChanged /n; B nodeChildrenChanged /n; B done',
      'A create /m -> B nodeCreated /m; A created',
    ]));

  it('gets its persistent watches back, and nothing that happened meanwhile', () =>
    tells([
      ...made('/n', '/r'),
      'A set /n -> A stat',
      'B setWatches2 since=0 persistent=/n,/none recursive=/r -> B done',
      'A set /n -> B nodeDataChanged /n; A stat',
      'A create /none -> B nodeCreated /none; A created',
      'A create /r/k -> B nodeCreated /r/k; A created',
      'B check /r 5 -> B done',
    ]));

  it('may be told what it cannot read: setWatches does not ask', () =>
    tells([
      ...made('/n'),
      'A set /n -> A stat',
      'A acl /n hidden -> A stat',
      'B setWatches since=1 data=/n -> B nodeDataChanged /n; B done',
    ]));
});

describe('3.8.0', () => {
  const old = { compatibility: '3.8.0' } as const;

  it('keeps one way to watch for each path, the latest', () =>
    tells(
      [
        ...made('/n'),
        'B add /n persistent -> B done',
        'B get /n ! -> B data=',
        'A set /n -> B nodeDataChanged /n; A stat',
        'A set /n -> A stat',
        'A create /n/k -> B nodeChildrenChanged /n; A created',
        'B ls /n ! -> B children',
        'A create /n/l -> B nodeChildrenChanged /n; A created',
        'A create /n/m -> A created',
      ],
      old,
    ));

  it('replaces a recursive watch by a persistent one, and back', () =>
    tells(
      [
        ...made('/n', '/n/k'),
        'B add /n recursive -> B done',
        'B add /n persistent -> B done',
        'A set /n/k -> A stat',
        'A create /n/l -> B nodeChildrenChanged /n; A created',
        'B add /n recursive -> B done',
        'A set /n/k -> B nodeDataChanged /n/k; A stat',
        'A create /n/m -> B nodeCreated /n/m; A created',
      ],
      old,
    ));

  it('removes by table, knows three types, and takes anybody’s watch for one’s own', () =>
    tells(
      [
        ...made('/n'),
        'B add /n recursive -> B done',
        'B check /n 4 -> B MarshallingError',
        'B remove /n 5 -> B MarshallingError',
        'A check /n 3 -> A done',
        'A remove /n 3 -> A NoWatcher',
        'B remove /n 1 -> B done',
        'A set /n -> B nodeDataChanged /n; A stat',
        'B remove /n 2 -> B done',
        'A set /n -> A stat',
      ],
      old,
    ));

  it('does not say which transaction an event is about', () => {
    const server = new Server({ service: old });
    server.open(1);
    server.read(1, 1, '/', true).elsewhere({ kind: 'setData', path: '/', data: 'x', version: -1 });
    expect(server.takeSaid().at(-1)).toBe('1: nodeDataChanged / @-1');
  });
});
