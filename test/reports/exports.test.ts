// The formats of other tools: a real run is written in each, read back by somebody else's parser
// where there is one, and held against what the format says where there is none.
import { readFileSync } from 'node:fs';
import { parse as parseCsv } from 'csv-parse/sync';
import DOMPurify from 'dompurify';
import { parseEDNString } from 'edn-data';
import mermaidLibrary from 'mermaid';
import { describe, expect, it } from 'vitest';
import type { ExportInput } from '../../reports/exports/export.js';
import type { ExportFormat } from '../../reports/exports/formats.js';
import { EXPORTS } from '../../reports/exports/formats.js';
import { SHIVIZ_REGEX } from '../../reports/exports/shiviz.js';
import { checkText } from '../../sim/linearizability/check-text.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import { happensBefore } from '../../sim/trace/causality.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import { ELECTION, story } from './story.js';

const FILE = 'scenarios/broadcast/leader-crash.yaml';

function realRun(): ExportInput {
  const scenario = parseScenario(readFileSync(FILE, 'utf8'), FILE).ok;
  if (scenario === undefined) throw new Error(`${FILE} is no scenario`);
  const { recorder } = runScenario(scenario, { level: 'full', checkers: 'none', seed: '1' });
  return {
    records: [...recorder.records()],
    selected: () => true,
    servers: scenario.cluster.voters,
    clients: scenario.clients.map((_, index) => FIRST_CLIENT + index),
    title: 'a leader crash; "quoted" <b>#1</b>',
  };
}

const RUN = realRun();
/** One server is asked for, and one second. */
const PART: ExportInput = {
  ...RUN,
  selected: ({ atUs, actor }) => atUs > 6e6 && atUs < 7e6 && actor !== 2,
};
const SHORT: ExportInput = {
  records: story(ELECTION),
  selected: () => true,
  ...{ servers: [1, 2, 3], clients: [], title: 'an election; #1' },
};

const lines = (format: ExportFormat, input: ExportInput): string[] => [...EXPORTS[format](input)];
const text = (format: ExportFormat, input: ExportInput): string =>
  `${lines(format, input).join('\n')}\n`;

// Without a page there is nothing to sanitize for; the library asks for it all the same.
Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (dirty: string) => dirty });
mermaidLibrary.initialize({ securityLevel: 'loose' });

describe('sequence diagrams', () => {
  it('have messages as arrows and turning points as notes', () => {
    expect(lines('mermaid', SHORT).slice(0, 9)).toEqual([
      'sequenceDiagram',
      '  title an election#59; #35;1',
      '  participant s1',
      '  participant s2',
      '  participant s3',
      '  Note over s1: 0.000s s1 starts with an empty disk',
      '  Note over s2: 0.000s s2 starts with an empty disk',
      '  Note over s3: 0.000s s3 starts with an empty disk',
      '  Note over s3: 0.210s s3 wins round 1: a quorum votes for it',
    ]);
  });

  it.each([RUN, PART, SHORT])('are read by Mermaid (%#)', async (input) => {
    await expect(mermaidLibrary.parse(text('mermaid', input))).resolves.toMatchObject({
      diagramType: 'sequence',
    });
    await expect(mermaidLibrary.parse('sequenceDiagram\n  s1->>>>s2: x')).rejects.toThrow();
  });

  it('say so where they stop', () => {
    for (const format of ['mermaid', 'plantuml'] as const) {
      expect(text(format, RUN)).toMatch(/50 entries are shown: narrow it down/);
    }
  });

  it('in PlantUML are statements of its grammar, markup escaped', () => {
    const [first = '', title = '', ...rest] = lines('plantuml', RUN);
    expect([first, rest.pop()]).toEqual(['@startuml', '@enduml']);
    expect(title).toBe('title a leader crash; "quoted" ~<b>#1~</b>');
    const statement = /^(participant s\d|s\d -> s\d : .+|note over s\d(, s\d)? : .+)$/;
    expect(rest.filter((line) => !statement.test(line))).toEqual([]);
  });
});

interface TraceEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid?: number;
  readonly id?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly name: string;
}

describe('Perfetto', () => {
  it.each([RUN, PART])(
    'gets slices, and flows that begin and end inside of slices (%#)',
    (input) => {
      const { traceEvents } = JSON.parse(text('perfetto', input)) as { traceEvents: TraceEvent[] };
      const slices = new Set<string>();
      for (const { ph, pid, tid, ts } of traceEvents)
        if (ph === 'X') slices.add(`${pid}/${tid}/${ts}`);
      const flows = traceEvents.filter(({ ph }) => ph === 's' || ph === 'f');
      expect(flows.length).toBeGreaterThan(100);
      const lost = flows.filter(({ pid, tid, ts }) => !slices.has(`${pid}/${tid}/${ts}`));
      expect(lost).toEqual([]);
      const open = new Map<number | undefined, number>();
      for (const { ph, id, ts = 0 } of flows) {
        if (ph === 's') open.set(id, ts);
        else expect(open.get(id)).toBeLessThanOrEqual(ts);
      }
      const roles = traceEvents.filter(({ ph, tid }) => ph === 'X' && tid === 1);
      expect(roles.map(({ name }) => name)).toContain('leading/broadcast');
      expect(roles.every(({ dur = -1 }) => dur >= 0)).toBe(true);
    },
  );
});

describe('ShiViz', () => {
  const shown = (input: ExportInput): TraceRecord[] =>
    input.records.filter((record) => record.actor > 0 && input.selected(record));

  it.each([RUN, PART])(
    'gets clocks that tick by one and agree with happens-before (%#)',
    (input) => {
      const [regex = '', blank, ...log] = lines('shiviz', input);
      expect([regex, blank]).toEqual([SHIVIZ_REGEX, '']);
      const events = [
        ...log.join('\n').matchAll(new RegExp(regex.replace('{.*}', '\\{.*\\}'), 'g')),
      ];
      const records = shown(input);
      expect(events.length).toBe(records.length);
      const clocks = events.map(({ groups }) => ({
        host: groups?.['host'] ?? '',
        clock: JSON.parse(groups?.['clock'] ?? '{}') as Record<string, number>,
      }));
      const ticks = new Map<string, number>();
      for (const { host, clock } of clocks) {
        expect(clock[host]).toBe((ticks.get(host) ?? 0) + 1);
        ticks.set(host, clock[host] ?? 0);
      }
      const trace = { at: (index: number) => input.records[index] as TraceRecord };
      for (let n = 0; n < 300; n++) {
        const [a, b] = [(n * 7919) % clocks.length, (n * 104_729) % clocks.length].sort(
          (x, y) => x - y,
        );
        const [before, after] = [clocks[a ?? 0], clocks[b ?? 0]];
        if (a === b || before === undefined || after === undefined) continue;
        const knows = (after.clock[before.host] ?? 0) >= (before.clock[before.host] ?? 0);
        const [first, last] = [records[a ?? 0]?.index ?? 0, records[b ?? 0]?.index ?? 0];
        expect(knows, `#${first} and #${last}`).toBe(happensBefore(trace, first, last));
      }
    },
  );
});

describe('histories', () => {
  it('in our own format are judged by `zabsim check` as the run was', () => {
    const checked = checkText(text('history', RUN));
    expect(checked).toMatchObject({ ok: true, verdict: 'linearizable' });
    if (checked.ok) expect(checked.histories[0]?.judgement.operations).toBeGreaterThan(200);
  });

  it('in EDN are maps with a process that does one thing at a time', () => {
    const events = lines('jepsen-edn', RUN).map(
      (line) => parseEDNString(line, { mapAs: 'object', keywordAs: 'string' }) as Event,
    );
    interface Event {
      readonly type: string;
      readonly process: number;
      readonly index: number;
    }
    const busy = new Set<number>();
    events.forEach(({ type, process, index }, place) => {
      expect(index).toBe(place);
      expect(busy.has(process)).toBe(type !== 'invoke');
      if (type === 'invoke') busy.add(process);
      else if (type !== 'info') busy.delete(process);
    });
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['invoke', 'ok', 'fail', 'info']),
    );
  });

  it.each(['jepsen-edn', 'porcupine-kv'] as const)('%s is read back', (format) => {
    const history = text(format, RUN);
    const model = format === 'porcupine-kv' ? 'kv' : 'register';
    const checked = checkText(history, { format, model });
    expect(checked.ok && checked.histories[0]?.judgement.operations).toBeGreaterThan(100);
  });
});

describe('states and metrics', () => {
  it('ITF has every variable for every server in every state, and one leader at the end', () => {
    const { vars, states } = JSON.parse(text('itf', RUN)) as {
      vars: string[];
      states: Record<string, { '#map': [number, unknown][] }>[];
    };
    for (const state of states) {
      for (const name of vars) {
        expect(state[name]?.['#map'].map(([sid]) => sid)).toEqual(RUN.servers);
      }
    }
    const roles = states.at(-1)?.['role']?.['#map'].map(([, role]) => role);
    expect(roles?.filter((role) => role === 'leading/broadcast')).toHaveLength(1);
    const logs = states.at(-1)?.['lastLogged']?.['#map'].map(([, zxid]) => JSON.stringify(zxid));
    expect(new Set(logs).size).toBe(1);
  });

  it('CSV has a row a second that adds up to the run', () => {
    const options = { columns: true, cast: true } as const;
    const rows = parseCsv<Record<string, number>>(text('csv', RUN), options);
    const sum = (column: string): number => rows.reduce((all, row) => all + (row[column] ?? 0), 0);
    const count = (kind: string, told?: string): number =>
      RUN.records.filter((one) => one.kind === kind && (told === undefined || one.text === told))
        .length;
    expect(rows.map(({ second }) => second)).toEqual(rows.map((_, index) => index));
    expect(sum('ok')).toBe(count('completed', 'ok'));
    expect(sum('unknown')).toBe(count('completed', 'unknown'));
    expect(sum('delivered')).toBe(count('received'));
    expect(sum('elections')).toBe(count('lookingAgain'));
    expect(
      rows.every(({ p50Ms = 0, p99Ms = 0, maxMs = 0 }) => p50Ms <= p99Ms && p99Ms <= maxMs),
    ).toBe(true);
  });
});
