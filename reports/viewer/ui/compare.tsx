// Two runs: the first record that differs, with what each run did instead; then both stories side
// by side, what both tell in one row.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TraceRecord } from '../../../sim/trace/record.js';
import { clock, counted, recordName, thousands } from '../../format.js';
import { describe } from '../../words.js';
import type { Divergence, Pair } from '../model/compare.js';
import { divergenceOf, pairStories } from '../model/compare.js';
import type { RunModel } from '../model/run-model.js';
import { visit } from './actions.js';
import { useStore } from './store.js';

function Side({
  record,
  run,
  name,
}: {
  record: TraceRecord | undefined;
  run: number;
  name: string;
}): JSX.Element {
  const [, store] = useStore(() => 0);
  return (
    <div class="side">
      <h3>{name}</h3>
      {record === undefined ? (
        <p class="soft">nothing: it has ended</p>
      ) : (
        <p class="link" onClick={() => visit(store, record.index, run)}>
          <span class="num soft">
            {(record.atUs / 1e6).toFixed(6)} s {recordName(record.index)}
          </span>
          <br />
          {describe(record)}
        </p>
      )}
    </div>
  );
}

function FirstDifference({
  models,
  parting,
}: {
  models: readonly RunModel[];
  parting: Divergence;
}): JSX.Element {
  if (parting.identical) return <p>The two runs are the same, record by record.</p>;
  const [a, b] = models as [RunModel, RunModel];
  const common = a.trace.atUs(Math.max(0, parting.at - 1));
  return (
    <>
      <p>
        {parting.at === 0
          ? 'They differ from the first record.'
          : `The same for ${counted(parting.at, 'record')}, up to ${clock(common)}. Then:`}
      </p>
      <div class="sides">
        <Side record={parting.a} run={0} name={`A  ${a.about.label}`} />
        <Side record={parting.b} run={1} name={`B  ${b.about.label}`} />
      </div>
    </>
  );
}

interface Facts {
  readonly name: string;
  readonly of: (model: RunModel) => string;
}

const FACTS: readonly Facts[] = [
  { name: 'verdict', of: ({ about }) => about.report.verdict },
  { name: 'seed', of: ({ about }) => about.report.seed },
  { name: 'rules', of: ({ about }) => about.rules },
  { name: 'violations', of: ({ about }) => thousands(about.report.violations.length) },
  { name: 'virtual time', of: ({ about }) => `${about.report.virtualSeconds.toFixed(1)} s` },
  { name: 'records', of: ({ trace }) => thousands(trace.length) },
  { name: 'elections', of: ({ measures }) => thousands(measures.elections.length) },
  { name: 'messages lost', of: ({ trace }) => thousands(trace.ofKinds(['lost']).length) },
  { name: 'commits', of: ({ trace }) => thousands(trace.ofKinds(['committed']).length) },
  {
    name: 'operations ok / refused / unknown',
    of: ({ about }) => {
      const { ok, error, unknown } = about.report.operations;
      return `${ok} / ${error} / ${unknown}`;
    },
  },
  { name: 'trace hash', of: ({ about }) => about.report.traceHash },
];

function FactTable({ models }: { models: readonly RunModel[] }): JSX.Element {
  return (
    <table class="data">
      <thead>
        <tr>
          <th />
          <th>A</th>
          <th>B</th>
        </tr>
      </thead>
      <tbody>
        {FACTS.map(({ name, of }) => {
          const values = models.map(of);
          return (
            <tr key={name} class={values[0] === values[1] ? 'pale' : ''}>
              <th scope="row">{name}</th>
              {values.map((value, at) => (
                <td key={at} class="num">
                  {value}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Told({
  model,
  record,
  run,
}: {
  model: RunModel;
  record: number | undefined;
  run: number;
}): JSX.Element {
  const [, store] = useStore(() => 0);
  if (record === undefined) return <td class="nothing" />;
  return (
    <td class="link" onClick={() => visit(store, record, run)}>
      <span class="num soft">{clock(model.trace.atUs(record))}</span>{' '}
      {describe(model.trace.at(record))}
    </td>
  );
}

/** Rows in which both tell the same, as one, when there are many. */
function folded(pairs: readonly Pair[]): (Pair | number)[] {
  const rows: (Pair | number)[] = [];
  let run: Pair[] = [];
  const flush = (): void => {
    if (run.length > 6) rows.push(...run.slice(0, 2), run.length - 4, ...run.slice(-2));
    else rows.push(...run);
    run = [];
  };
  for (const pair of pairs) {
    if (pair.a !== undefined && pair.b !== undefined) {
      run.push(pair);
      continue;
    }
    flush();
    rows.push(pair);
  }
  flush();
  return rows;
}

export function Compare(): JSX.Element {
  const [, store] = useStore(() => 0);
  const { models } = store;
  const [a, b] = models as [RunModel, RunModel];
  const parting = useMemo(() => divergenceOf(a.trace, b.trace), [a, b]);
  const rows = useMemo(() => folded(pairStories([a.trace, a.story], [b.trace, b.story])), [a, b]);
  return (
    <>
      <FirstDifference models={models} parting={parting} />
      <FactTable models={models} />
      <h3>Both stories</h3>
      <table class="data pairs">
        <thead>
          <tr>
            <th>A</th>
            <th>B</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) =>
            typeof row === 'number' ? (
              <tr key={at} class="fold">
                <td colSpan={2}>{counted(row, 'event')} told by both</td>
              </tr>
            ) : (
              <tr key={at} class={row.a !== undefined && row.b !== undefined ? 'pale' : ''}>
                <Told model={a} record={row.a} run={0} />
                <Told model={b} record={row.b} run={1} />
              </tr>
            ),
          )}
        </tbody>
      </table>
    </>
  );
}
