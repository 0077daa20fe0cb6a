// Quotas: what is counted, where, and what is refused for it.

import { describe, expect, it } from 'vitest';
import type { LeaderOperation } from '../../protocol/operation.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { contentOf, create, digestAnew, Leader, multi, remove, setData } from './tree-leader.js';

const QUOTA = '/zookeeper/quota';
const ENFORCING = { ...DEFAULT_SERVICE, enforceQuota: true };

const withData = (path: string, data: string | null): LeaderOperation =>
  create(path, 'persistent', { data });

/** As zkCli does: parents, limits, usage. */
function setQuota(leader: Leader, subtree: string, limits: string): void {
  const parts = subtree.split('/').slice(1);
  parts.forEach((_, index) => {
    leader.do(create(`${QUOTA}/${parts.slice(0, index + 1).join('/')}`));
  });
  expect(leader.do(withData(`${QUOTA}${subtree}/zookeeper_limits`, limits))).toBe('ok');
  expect(leader.do(withData(`${QUOTA}${subtree}/zookeeper_stats`, 'count=1,bytes=0'))).toBe('ok');
}

function usage(leader: Leader, subtree: string): string {
  const path = `${QUOTA}${subtree}/zookeeper_stats`;
  return String(leader.tree.znodes.get(path)?.content.data);
}

/** /q with two children and five bytes, counted. */
function counted(limits = 'count=-1,bytes=-1', settings = DEFAULT_SERVICE): Leader {
  const leader = new Leader(settings);
  leader.do(withData('/q', 'abc'));
  leader.do(withData('/q/a', 'de'));
  leader.do(create('/q/b'));
  setQuota(leader, '/q', limits);
  return leader;
}

describe('usage', () => {
  it('is counted when it begins, the znode itself included, and kept up to date', () => {
    const leader = counted();
    expect(usage(leader, '/q')).toBe('count=3,bytes=5');
    leader.do(withData('/q/a/x', '123'));
    expect(usage(leader, '/q')).toBe('count=4,bytes=8');
    leader.do(setData('/q/a', null));
    expect(usage(leader, '/q')).toBe('count=4,bytes=6');
    leader.do(remove('/q/b'));
    leader.do(withData('/qq', 'xxxx'));
    leader.do(setData('/q', 'four'));
    expect(usage(leader, '/q')).toBe('count=3,bytes=7');
    leader.do(multi(create('/q/m'), remove('/q/m'), remove('/no')));
    expect(usage(leader, '/q')).toBe('count=3,bytes=7');
  });

  it('changes no version, no zxid and no digest, and only what it says changes', () => {
    const leader = counted();
    const path = `${QUOTA}/q/zookeeper_stats`;
    const before = leader.stat(path);
    leader.do(withData('/q/new', 'a'));
    expect(leader.stat(path)).toEqual({ ...before, dataLength: 'count=4,bytes=6'.length });
    expect(leader.tree.digest).toBe(digestAnew(leader.tree));
    // Somebody may write there, and is counted on.
    leader.do(setData(path, 'count=0,bytes=0'));
    leader.do(remove('/q/new'));
    expect(usage(leader, '/q')).toBe('count=-1,bytes=-1');
  });

  it('is that of the deepest subtree', () => {
    const leader = counted();
    setQuota(leader, '/q/a', 'count=9,bytes=-1');
    leader.do(withData('/q/a/x', '12'));
    leader.do(setData('/q/a', '1'));
    expect(usage(leader, '/q')).toBe('count=3,bytes=5');
    expect(usage(leader, '/q/a')).toBe('count=2,bytes=3');
  });

  it('is frozen when the limits are gone', () => {
    const leader = counted();
    leader.do(remove(`${QUOTA}/q/zookeeper_limits`));
    leader.do(create('/q/new'));
    expect(usage(leader, '/q')).toBe('count=3,bytes=5');
    expect(leader.tree.registers.quotas.size).toBe(0);
  });

  it('counts ephemerals and sees them go', () => {
    const leader = counted();
    leader.do({ kind: 'createSession', timeoutMs: 1000 }, 7);
    leader.do(create('/q/e', 'ephemeral', { data: 'xy' }), 7);
    expect(usage(leader, '/q')).toBe('count=4,bytes=7');
    leader.do({ kind: 'closeSession' }, 7);
    expect(usage(leader, '/q')).toBe('count=3,bytes=5');
  });

  it('that nobody can read is left alone, and so is the root', () => {
    const leader = counted();
    for (const text of ['', 'nonsense', 'count=', 'count=x', '=', null]) {
      leader.do(setData(`${QUOTA}/q/zookeeper_stats`, text));
      leader.do(create('/q/new'));
      leader.do(remove('/q/new'));
    }
    leader.do(create(`${QUOTA}/zookeeper_limits`));
    leader.do(create(`${QUOTA}/zookeeper_stats`));
    expect(usage(leader, '')).toMatch(/^count=\d\d,bytes=\d+$/);
    leader.do(create('/other'));
    leader.do(remove(`${QUOTA}/zookeeper_limits`));
    expect([...leader.tree.registers.quotas]).toEqual(['/q']);
  });

  it('keeps limits that it does not know', () => {
    const leader = counted();
    leader.do(setData(`${QUOTA}/q/zookeeper_stats`, 'bytes=5,count=3=;z=1,a=2'));
    leader.do(create('/q/new'));
    expect(usage(leader, '/q')).toBe('count=4,bytes=5=;a=2;z=1');
  });
});

const HARD = 'count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=4';

describe('a hard limit', () => {
  it('is enforced if the servers are told so', () => {
    const leader = counted(HARD, ENFORCING);
    expect(leader.do(withData('/q/c', '12345'))).toBe('ok');
    expect(leader.do(create('/q/d'))).toBe('QuotaExceeded');
    expect(leader.do(setData('/q/c', '123456'))).toBe('QuotaExceeded');
    expect(leader.do(setData('/q/c', '54321'))).toBe('ok');
    expect(leader.do(setData('/q/c', '1'))).toBe('ok');
    expect(leader.do(create('/elsewhere'))).toBe('ok');
    const lenient = counted(HARD);
    expect(lenient.do(withData('/q/c', '123456'))).toBe('ok');
    expect(lenient.do(create('/q/d'))).toBe('ok');
  });

  it('comes after NodeExists and before BadVersion', () => {
    const leader = counted(HARD, ENFORCING);
    leader.do(create('/q/c'));
    expect(leader.do(create('/q/c'))).toBe('NodeExists');
    expect(leader.do(setData('/q/c', '123456', 9))).toBe('QuotaExceeded');
    expect(leader.do(setData('/q/c', '1', 9))).toBe('BadVersion');
  });

  it('looks at what is applied, and at nothing on its way', () => {
    const leader = counted(HARD, ENFORCING);
    expect(leader.pipeline(create('/q/c'), create('/q/d'), create('/q/e'))).toEqual([
      ...['ok', 'ok', 'ok'],
    ]);
    expect(leader.do(multi(remove('/q/c'), create('/q/f')))).toBe('ok QuotaExceeded');
  });

  it('takes the size of the data that will be there when it is changed', () => {
    const leader = counted(HARD, ENFORCING);
    expect(leader.pipeline(setData('/q/b', '12345'), setData('/q/b', '54321'))).toEqual([
      ...['ok', 'ok'],
    ]);
  });

  it('that is a soft one is no limit', () => {
    const leader = counted('count=1,bytes=1', ENFORCING);
    expect(leader.do(withData('/q/c', 'long')).concat(leader.do(setData('/q', 'longer')))).toBe(
      'okok',
    );
  });

  it('that nobody can read makes the request unreadable', () => {
    const leader = counted(HARD, ENFORCING);
    leader.do(setData(`${QUOTA}/q/zookeeper_limits`, 'nonsense'));
    expect(leader.do(create('/q/c'))).toBe('MarshallingError');
    const before = contentOf(leader.tree);
    expect(leader.do(multi(create('/x'), create('/q/c')))).toBe('MarshallingError');
    expect(contentOf(leader.tree)).toEqual(before);
  });
});
