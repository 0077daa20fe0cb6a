// What a program hears of what it watches: where a request leaves a watch, what uses it up, what
// comes back after a reconnect. [ZK-Java ZKWatchManager, ClientCnxn.SendThread.primeConnection]
import { describe, expect, it } from 'vitest';
import type { Zxid } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { WatchEventType } from '../../protocol/watch-event.js';
import { toSetAgain } from '../../protocol/client/watches.js';
import { Program } from './client-program.js';

const OK: Result = { kind: 'done' };
const NO_NODE: Result = { kind: 'error', code: 'NoNode' };
const NO_AUTH: Result = { kind: 'error', code: 'NoAuth' };

const exists = (path: string): Operation => ({ kind: 'exists', path, watch: true });
const get = (path: string): Operation => ({ kind: 'getData', path, watch: true });
const ls = (path: string): Operation => ({ kind: 'getChildren2', path, watch: true });
const add = (path: string, mode: number): Operation => ({ kind: 'addWatch', path, mode });
const remove = (path: string, type: number): Operation => ({ kind: 'removeWatches', path, type });

/** Asked for and answered, one after the other. */
function watching(...asked: readonly (readonly [Operation, Result])[]): Program {
  const program = new Program().online();
  asked.forEach(([op, result], at) => program.invoke(op).reply(1, at + 1, 3, result));
  program.heard();
  return program;
}

/** The tables as setWatches would have them. */
function tables(program: Program): Record<string, readonly string[]> {
  const [op] = toSetAgain(program.state.standing.watches, 0 as Zxid);
  if (op?.kind !== 'setWatches' && op?.kind !== 'setWatches2') return {};
  const { data, exist, child, persistent, recursive } = op;
  const all = { data, exist, child, persistent, recursive };
  return Object.fromEntries(Object.entries(all).filter(([, paths]) => paths.length > 0));
}

describe('a watch is left', () => {
  it.each<[string, Operation, Result, Record<string, string[]>]>([
    ['by exists that found it', exists('/n'), OK, { data: ['/n'] }],
    ['by exists that found nothing', exists('/n'), NO_NODE, { exist: ['/n'] }],
    ['not by exists that may not know', exists('/n'), NO_AUTH, {}],
    ['by getData', get('/n'), OK, { data: ['/n'] }],
    ['not by getData that found nothing', get('/n'), NO_NODE, {}],
    ['by getChildren', ls('/n'), OK, { child: ['/n'] }],
    ['not by getChildren that found nothing', ls('/n'), NO_NODE, {}],
    ['not by a read that does not ask', { kind: 'exists', path: '/n', watch: false }, OK, {}],
    ['by addWatch', add('/n', 0), OK, { persistent: ['/n'] }],
    ['by addWatch, everything below as well', add('/n', 1), OK, { recursive: ['/n'] }],
    ['not by addWatch that failed', add('/n', 9), { kind: 'error', code: 'MarshallingError' }, {}],
  ])('%s', (_, op, result, expected) => {
    expect(tables(watching([op, result]))).toEqual(expected);
  });

  it('not by a read whose answer never came', () => {
    const program = new Program().online().invoke(get('/n')).closed(1);
    expect(tables(program)).toEqual({});
  });
});

describe('an event', () => {
  const everything = (): Program =>
    watching(
      [exists('/n'), OK],
      [exists('/n'), NO_NODE],
      [ls('/n'), OK],
      [add('/n', 0), OK],
      [add('/n', 1), OK],
    );
  const lasting = { persistent: ['/n'], recursive: ['/n'] };

  it.each<[WatchEventType, Record<string, string[]>]>([
    ['nodeCreated', { child: ['/n'], ...lasting }],
    ['nodeDataChanged', { child: ['/n'], ...lasting }],
    ['nodeChildrenChanged', { data: ['/n'], exist: ['/n'], ...lasting }],
    ['nodeDeleted', lasting],
  ])('%s uses up what waited for it, and reaches the program once', (type, left) => {
    const program = everything().watchEvent(1, type, '/n');
    expect(program.heard()).toEqual([`${type} /n`]);
    expect(tables(program)).toEqual(left);
  });

  it('is kept from a program that does not wait for it', () => {
    const program = watching([get('/n'), OK]);
    program.watchEvent(1, 'nodeChildrenChanged', '/n').watchEvent(1, 'nodeDataChanged', '/m');
    expect(program.heard()).toEqual([]);
    program.watchEvent(1, 'nodeDataChanged', '/n').watchEvent(1, 'nodeDataChanged', '/n');
    expect(program.heard()).toEqual(['nodeDataChanged /n']);
  });

  it('of anything below reaches a recursive watch, but for children: those it hears of itself', () => {
    const program = watching([add('/n', 1), OK]);
    program.watchEvent(1, 'nodeCreated', '/n/k/j').watchEvent(1, 'nodeChildrenChanged', '/n/k');
    program.watchEvent(1, 'nodeDeleted', '/nn').watchEvent(1, 'nodeChildrenChanged', '/n');
    expect(program.heard()).toEqual(['nodeCreated /n/k/j']);
    expect(
      watching([add('/', 1), OK])
        .watchEvent(1, 'nodeDeleted', '/x/y')
        .heard(),
    ).toEqual(['nodeDeleted /x/y']);
  });

  it('is noted with the zxid of its message, and does not count as seen', () => {
    const program = watching([get('/n'), OK]);
    program.notes.length = 0;
    program.watchEvent(1, 'nodeDataChanged', '/n', 9);
    expect(program.notes).toMatchObject([
      { kind: 'watched', zxid: 9, value: 77, text: 'nodeDataChanged /n' },
    ]);
    expect(program.state.login.lastZxid).toBe(3);
  });

  it('comes before the answer that it was sent before', () => {
    const program = watching([get('/n'), OK]).invoke(get('/n'));
    program.watchEvent(1, 'nodeDataChanged', '/n').reply(1, 2, 5);
    expect(program.heard()).toEqual(['nodeDataChanged /n', '2 ok']);
  });
});

describe('removing watches', () => {
  const all: readonly (readonly [Operation, Result])[] = [
    [get('/n'), OK],
    [ls('/n'), OK],
    [add('/n', 0), OK],
    [add('/n', 1), OK],
  ];

  it.each<[number, string[], Record<string, string[]>]>([
    [1, ['childWatchRemoved'], { data: ['/n'], persistent: ['/n'], recursive: ['/n'] }],
    [2, ['dataWatchRemoved'], { child: ['/n'], persistent: ['/n'], recursive: ['/n'] }],
    [3, ['childWatchRemoved', 'dataWatchRemoved', 'persistentWatchRemoved'], {}],
    [4, ['persistentWatchRemoved'], { data: ['/n'], child: ['/n'], recursive: ['/n'] }],
    [5, ['persistentWatchRemoved'], { data: ['/n'], child: ['/n'], persistent: ['/n'] }],
  ])('of type %i is heard of, kind by kind, before the answer', (type, heard, left) => {
    const program = watching(...all)
      .invoke(remove('/n', type))
      .reply(1, 5, 4);
    expect(program.heard()).toEqual([...heard.map((word) => `${word} /n`), '5 ok']);
    expect(tables(program)).toEqual(left);
  });

  it('that the server knows nothing of changes nothing', () => {
    const program = watching([get('/n'), OK]).invoke(remove('/n', 3));
    program.reply(1, 2, 4, { kind: 'error', code: 'NoWatcher' });
    expect(program.heard()).toEqual(['2 error']);
    expect(tables(program)).toEqual({ data: ['/n'] });
  });
});

describe('a new connection', () => {
  it('hears of the watches first, then of what waited', () => {
    const program = watching([get('/b'), OK], [get('/a'), OK], [exists('/c'), NO_NODE]);
    program.closed(1).invoke(get('/x')).timer('reconnect').dialed(2, 2).take();
    program.connected(2, 77, 9000, 3);
    expect(program.take().filter((line) => line.startsWith('2:'))).toEqual([
      '2: operation -8',
      '2: operation 4',
    ]);
  });

  it('gets them with the newest zxid seen, sorted, and by the older request where that does', () => {
    const program = watching([get('/b'), OK], [get('/a'), OK], [exists('/c'), NO_NODE]);
    const { watches } = program.state.standing;
    expect(toSetAgain(watches, 3 as Zxid)).toEqual([
      {
        kind: 'setWatches',
        relativeZxid: 3,
        data: ['/a', '/b'],
        exist: ['/c'],
        child: [],
        persistent: [],
        recursive: [],
      },
    ]);
    const more = watching([add('/p', 0), OK], [add('/r', 1), OK]).state.standing.watches;
    expect(toSetAgain(more, 3 as Zxid)).toMatchObject([
      { kind: 'setWatches2', persistent: ['/p'], recursive: ['/r'] },
    ]);
    expect(toSetAgain(new Program().state.standing.watches, 3 as Zxid)).toEqual([]);
  });

  it('gets at most 128 KiB of paths at once, and a little more', () => {
    const long = (letter: string): string => `/${letter.repeat(50_000 - 1)}`;
    const program = watching(
      ...['a', 'b', 'c', 'd'].map((letter) => [get(long(letter)), OK] as const),
      [ls(long('e')), OK],
      [add(long('f'), 1), OK],
    );
    const batches = toSetAgain(program.state.standing.watches, 0 as Zxid);
    expect(batches).toMatchObject([
      { kind: 'setWatches', data: ['a', 'b', 'c'].map(long), child: [] },
      { kind: 'setWatches2', data: [long('d')], child: [long('e')], recursive: [long('f')] },
    ]);
  });

  it('answers, and what it missed arrives first', () => {
    const program = watching([get('/n'), OK]).again();
    program.heard();
    program.watchEvent(2, 'nodeDeleted', '/n', -1).reply(2, -8, 12).invoke(get('/n'));
    program.reply(2, 2, 12, NO_NODE);
    expect(program.heard()).toEqual(['nodeDeleted /n', '2 error']);
    expect([tables(program), program.state.login.lastZxid]).toEqual([{}, 12]);
  });

  it('of a new session has none: they went with the old one', () => {
    const program = watching([get('/n'), OK])
      .closed(1)
      .timer('reconnect')
      .dialed(2, 2);
    program.connected(2, 0, 0);
    expect(tables(program)).toEqual({});
  });
});
