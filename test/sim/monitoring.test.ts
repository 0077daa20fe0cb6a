// What an operator is told of servers: the same as what their states and the trace say; and nobody
// who is not asked notices.
import { describe, expect, it } from 'vitest';
import { answerTo } from '../../reports/four-letter-words.js';
import { metricsTable } from '../../reports/metrics-table.js';
import { PLAIN } from '../../reports/painter.js';
import type { Sample } from '../../sim/monitoring/monitor.js';
import type { RunOptions } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import type { TraceRecord } from '../../sim/trace/record.js';

const TEXT = `
name: watched
duration: 8s
cluster: { voters: 3, observers: 1, timing: { tick: 500ms, max-notification: 1s } }
clients: 3
workload: { mix: { create: 4, set: 4, get: 4, ephemeral: 3, watch: 4 } }
faults:
  - { fault: crash, servers: leader, how: process, at: 4s, restart-after: 2s }
`;

function run(monitored: boolean, options: Partial<RunOptions> = {}) {
  const samples: Sample[] = [];
  const monitoring = {
    fromUs: 500_000,
    everyUs: 500_000,
    onSample: (sample: Sample) => void samples.push(sample),
  };
  const { ok, problems } = parseScenario(TEXT, 'watched.yaml');
  expect(problems).toBeUndefined();
  const more = monitored ? { monitoring } : {};
  const outcome = runScenario(ok!, { level: 'full', seed: '5', ...options, ...more });
  return { outcome, samples, records: [...outcome.recorder.records()] };
}

const { outcome, samples, records } = run(true);

function at(atUs: number): Sample['servers'] {
  return samples.find((sample) => sample.atUs === atUs)!.servers;
}

function until(atUs: number, ...kinds: TraceRecord['kind'][]): TraceRecord[] {
  return records.filter((record) => record.atUs <= atUs && kinds.includes(record.kind));
}

describe('monitoring', () => {
  it('changes nothing', () => {
    expect(run(false).outcome.traceHash).toBe(outcome.traceHash);
  });

  it('sees who leads, who follows, who observes, who is down', () => {
    const modes = at(3_500_000).map(({ mode }) => mode);
    const having = (mode: string): number => modes.filter((one) => one === mode).length;
    expect(['leader', 'follower', 'observer'].map(having)).toEqual([1, 2, 1]);
    expect(at(5_000_000).filter(({ up }) => !up)).toHaveLength(1);
    const leader = at(3_500_000).find(({ mode }) => mode === 'leader')!;
    expect(leader.leader).toMatchObject({ learners: 3, syncedFollowers: 2, syncedObservers: 1 });
  });

  it('counts what the trace tells', () => {
    const servers = at(3_500_000);
    const applied = new Map(until(3_500_000, 'applied').map((r) => [r.actor as number, r.zxid]));
    const replies = until(3_500_000, 'replied');
    for (const { sid, zxid, traffic } of servers) {
      expect(zxid).toBe(applied.get(sid));
      expect(traffic.answers).toBe(replies.filter((r) => r.actor === sid).length);
      const heard = until(3_500_000, 'received');
      const fromClients = heard.filter((r) => r.actor === sid && r.peer >= 128);
      expect(traffic.received).toBe(fromClients.length);
    }
    expect(servers.reduce((sum, { connections }) => sum + connections.length, 0)).toBe(3);
    expect(servers.map(({ globalSessions }) => globalSessions)).toEqual([3, 3, 3, 3]);
    const ephemerals = servers[0]!.sessions.flatMap((session) => session.ephemerals);
    expect(servers[0]!.ephemerals).toBe(ephemerals.length);
    expect(ephemerals.length).toBeGreaterThan(0);
    const fired = servers.reduce((sum, { watches }) => sum + watches.total, 0);
    expect(fired).toBeGreaterThan(0);
    expect(servers.some(({ traffic }) => traffic.maxUs > traffic.minUs)).toBe(true);
  });

  it('answers in the shape of the real words, and refuses where nobody serves', () => {
    const leader = at(3_500_000).find(({ mode }) => mode === 'leader')!;
    const srvr = answerTo('srvr', leader);
    expect(srvr.map((line) => line.split(':')[0])).toEqual([
      ...['Zookeeper version', 'Latency min/avg/max', 'Received', 'Sent', 'Connections'],
      ...['Outstanding', 'Zxid', 'Mode', 'Node count', 'Proposal sizes last/min/max'],
    ]);
    expect(srvr).toContain('Mode: leader');
    expect(answerTo('mntr', leader)).toContain(`zk_znode_count\t${leader.znodes}`);
    expect(answerTo('mntr', leader).every((line) => /^zk_\w+\t\S/.test(line))).toBe(true);
    expect(answerTo('dump', leader)[0]).toBe('SessionTracker dump:');
    const busy = at(3_500_000).find(({ connections }) => connections.length > 0)!;
    expect(answerTo('cons', busy)[0]).toMatch(
      /^ \/10\.\d+\.\d+\.\d+:\d+\[1\]\(queued=\d+,recved=\d+,sent=\d+,sid=0x[0-9a-f]+,/,
    );
    expect(answerTo('stat', busy)).toContain('Clients:');
    const deposed = samples
      .flatMap(({ servers }) => servers)
      .find(({ up, mode }) => up && mode === undefined)!;
    expect(answerTo('srvr', deposed)).toEqual([
      'This ZooKeeper instance is not currently serving requests',
    ]);
    expect(answerTo('ruok', deposed)).toEqual(['imok']);
    expect(answerTo('isro', deposed)).toEqual(['null']);
    expect(answerTo('isro', leader)).toEqual(['rw']);
  });

  it('has a line for each server in each table', () => {
    const sample = samples.find(({ atUs }) => atUs === 5_000_000)!;
    for (const view of ['mntr', 'srvr', 'wchs'] as const) {
      const lines = metricsTable(sample, view, PLAIN);
      expect(lines).toHaveLength(5);
      expect(lines.filter((line) => line.includes(' down '))).toHaveLength(1);
    }
  });
});
