// The checkers of the service against real runs: of the servers as they are, in which they must find
// nothing though they have looked, and of servers with one thing changed, which they must find. A
// mutant replaces one function of the protocol; the checkers share none of them.
import { describe, expect, it, vi } from 'vitest';
import type { Request } from '../../protocol/operation.js';
import type { Prepared } from '../../protocol/tree/prepare.js';
import { failing, serviceLoad } from './service-load.js';

const now = vi.hoisted(() => ({ mutant: '', calls: 0 }));

/** Of every other call. */
const others = vi.hoisted(() => (): boolean => (now.calls += 1) % 2 === 0);

vi.mock('../../protocol/tree/access.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/access.js')>();
  const isAllowed: typeof real.isAllowed = (...args) =>
    now.mutant === 'open doors' || real.isAllowed(...args);
  return { ...real, isAllowed };
});

vi.mock('../../protocol/tree/quota.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/quota.js')>();
  const refusalOfQuota: typeof real.refusalOfQuota = (...args) =>
    now.mutant === 'no limits' ? undefined : real.refusalOfQuota(...args);
  return { ...real, refusalOfQuota };
});

vi.mock('../../protocol/tree/reaping.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/reaping.js')>();
  const reapable: typeof real.reapable = (tree, ...args) =>
    now.mutant === 'eager reaper'
      ? [...tree.registers.containers, ...tree.registers.ttls]
      : real.reapable(tree, ...args);
  return { ...real, reapable };
});

vi.mock('../../protocol/tree/create-request.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/create-request.js')>();
  const suffixed: typeof real.suffixed = (path, counter) =>
    real.suffixed(path, now.mutant === 'numbers again' ? counter >> 2 : counter);
  return { ...real, suffixed };
});

vi.mock('../../protocol/tree/prepare.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/prepare.js')>();
  const prepare = (...args: Parameters<typeof real.prepare>): Prepared => {
    const prepared = real.prepare(...args);
    const { op } = prepared;
    if (now.mutant !== 'what is in flight stays' || op.kind !== 'closeSession') return prepared;
    const request: Request = args[1];
    const owned = args[0].tree.ephemerals.get(request.session);
    return {
      ...prepared,
      op: { ...op, paths: op.paths.filter((path) => owned?.has(path)).slice(1) },
    };
  };
  return { ...real, prepare };
});

vi.mock('../../protocol/tree/store.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/store.js')>();
  const withSession: typeof real.withSession = (tree, session, timeoutMs) => {
    const wrong = now.mutant === 'other timeouts' && timeoutMs !== undefined && others();
    return real.withSession(tree, session, wrong ? timeoutMs + 1 : timeoutMs);
  };
  return { ...real, withSession };
});

vi.mock('../../protocol/tree/znode.js', async (load) => {
  const real = await load<typeof import('../../protocol/tree/znode.js')>();
  const makeGuard: typeof real.makeGuard = (acl, aversion) =>
    real.makeGuard(now.mutant === 'other lists' && others() ? acl.slice(1) : acl, aversion);
  const makeOrigin: typeof real.makeOrigin = (path, czxid, ctimeMs, life) => {
    const wrong = now.mutant === 'other times to live' && life.kind === 'ttl' && others();
    return real.makeOrigin(path, czxid, ctimeMs, wrong ? { ...life, ttlMs: 1 } : life);
  };
  return { ...real, makeGuard, makeOrigin };
});

vi.mock('../../protocol/session/watches/table.js', async (load) => {
  const real = await load<typeof import('../../protocol/session/watches/table.js')>();
  const fire: typeof real.fire = (table, path, type) => {
    if (now.mutant === 'deaf' && type === 'nodeDeleted') return { table, hit: [] };
    const fired = real.fire(table, path, type);
    return now.mutant === 'tells again' ? { table, hit: fired.hit } : fired;
  };
  return { ...real, fire };
});

vi.mock('../../protocol/session/watches/requests.js', async (load) => {
  const real = await load<typeof import('../../protocol/session/watches/requests.js')>();
  const answerAboutWatches: typeof real.answerAboutWatches = (ctx, lane, op) => {
    const blind = now.mutant === 'sees nothing missed' && op.kind.startsWith('setWatches');
    const never = { relativeZxid: Number.MAX_SAFE_INTEGER, exist: [] };
    return real.answerAboutWatches(ctx, lane, blind ? Object.assign({}, op, never) : op);
  };
  return { ...real, answerAboutWatches };
});

const SEEDS = ['1', '2', '3', '4', '5', '6'];

const OF_THE_SERVICE = [
  ...['tree-digest', 'session-table', 'ephemeral-exactness', 'sequential-numbers', 'no-lost-watch'],
  ...['watch-before-data', 'acl-never-bypassed', 'quota-honoured', 'reaped-when-due'],
];

describe('servers as they are', () => {
  it('break no claim, and each checker has looked', () => {
    const seen = new Map<string, number>();
    for (const seed of SEEDS) {
      const judgement = serviceLoad(seed);
      expect(judgement.violations).toEqual([]);
      for (const one of judgement.checkers) seen.set(one.id, (seen.get(one.id) ?? 0) + one.seen);
    }
    expect(OF_THE_SERVICE.filter((id) => (seen.get(id) ?? 0) < 10)).toEqual([]);
  });
});

/** Which checker finds which mutant, in some run. */
const MUTANTS = [
  ['open doors', 'acl-never-bypassed'],
  ['no limits', 'quota-honoured'],
  ['eager reaper', 'reaped-when-due'],
  ['numbers again', 'sequential-numbers'],
  ['what is in flight stays', 'ephemeral-exactness'],
  ['other timeouts', 'session-table'],
  ['other timeouts', 'tree-digest'],
  ['other lists', 'tree-digest'],
  ['other times to live', 'tree-digest'],
  ['deaf', 'no-lost-watch'],
  ['tells again', 'no-lost-watch'],
  ['sees nothing missed', 'watch-before-data'],
] as const;

describe('a mutant', () => {
  it.each(MUTANTS)('%s: found by %s', (mutant, checker) => {
    now.mutant = mutant;
    now.calls = 0;
    const found = SEEDS.some((seed) => failing(serviceLoad(seed)).includes(checker));
    now.mutant = '';
    expect(found).toBe(true);
  });

  it('answers under a zxid that is not applied: found by watch-before-data', () => {
    const options = { variants: ['reply-ahead-of-apply'] };
    const found = SEEDS.some((seed) =>
      failing(serviceLoad(seed, options)).includes('watch-before-data'),
    );
    expect(found).toBe(true);
  });
});
