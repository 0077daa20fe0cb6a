// What can be counted: servers as a monitor would see them at the end, faults with their measured
// effect, checkers with what each has seen, rare paths, and the lines to paste.
import type { JSX } from 'preact';
import type { Moment } from '../../../sim/time-travel.js';
import { CHECKERS } from '../../../sim/checkers/registry.js';
import { formatZxid } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { Board, roleWords } from '../../board.js';
import { effectWords } from '../../effect-words.js';
import { clock, counted, serverName, thousands } from '../../format.js';
import { treeOf } from '../model/state-tree.js';
import type { Counter } from '../model/monitor.js';
import { monitorOf } from '../model/monitor.js';
import type { RunModel } from '../model/run-model.js';
import { Citation } from './citation.js';
import { RecordLink } from './record-link.js';
import { useStore } from './store.js';
import { TreeView } from './state-panel.js';

/** What a server holds at the end, from the run made again. */
function holdingsOf(moment: Moment, sid: number): Counter[] {
  const { tree } = moment.peer(sid).database;
  let ephemerals = 0;
  for (const paths of tree.ephemerals.values()) ephemerals += paths.size;
  return [
    { name: 'zk_znode_count', text: String(tree.znodes.size) },
    { name: 'zk_ephemerals_count', text: String(ephemerals) },
    { name: 'zk_global_sessions', text: String(tree.sessions.timeouts.size) },
  ];
}

function EndStates({ model }: { model: RunModel }): JSX.Element {
  const board = new Board(model.about.servers);
  for (const record of model.trace.records()) board.observe(record);
  return (
    <table class="data">
      <thead>
        <tr>
          {['server', 'at the end', 'epoch', 'log to', 'on disk to', 'applied', 'crashes'].map(
            (head) => (
              <th key={head}>{head}</th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {board.views().map((view) => (
          <tr key={view.sid}>
            <th scope="row">{serverName(view.sid)}</th>
            <td>{roleWords(view)}</td>
            <td class="num">
              {view.currentEpoch}
              {view.acceptedEpoch === view.currentEpoch ? '' : ` (promised ${view.acceptedEpoch})`}
            </td>
            <td class="num">{formatZxid(view.logged as Zxid)}</td>
            <td class="num">{formatZxid(view.durable as Zxid)}</td>
            <td class="num">{view.up ? formatZxid(view.applied as Zxid) : ''}</td>
            <td class="num">{view.crashes === 0 ? '' : view.crashes}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CountersProps {
  readonly servers: readonly number[];
  /** Of each server the same counters. */
  readonly monitors: readonly (readonly Counter[])[];
}

function Counters({ servers, monitors }: CountersProps): JSX.Element {
  return (
    <div class="scroll">
      <table class="data">
        <thead>
          <tr>
            <th>counter</th>
            {servers.map((sid) => (
              <th key={sid} class="num">
                {serverName(sid)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(monitors[0] ?? []).map(({ name }, row) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              {monitors.map((values, at) => (
                <td key={at} class="num">
                  {values[row]?.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Servers(): JSX.Element {
  const [, store] = useStore((state) => `${state.run}/${state.journey}`);
  const { model } = store;
  const { servers } = model.about;
  const scene = store.journeys.sceneAt(model, model.trace.length - 1);
  const monitors = servers.map((sid) => [
    ...(scene === undefined ? [] : holdingsOf(scene.after, sid)),
    ...monitorOf(model.trace, sid),
  ]);
  return (
    <>
      <EndStates model={model} />
      <h3>
        Counters <span class="soft">over the whole run; zk_ where mntr has the same</span>
      </h3>
      <Counters servers={servers} monitors={monitors} />
      {scene === undefined ? null : (
        <>
          <h3>Final state</h3>
          {servers.map((sid) => (
            <TreeView
              key={sid}
              tree={{ ...treeOf('', scene.after.peer(sid)), name: serverName(sid) }}
              open={false}
            />
          ))}
        </>
      )}
    </>
  );
}

export function Faults(): JSX.Element {
  const [, store] = useStore((state) => state.run);
  const { model } = store;
  const { faults } = model.about.report;
  if (faults.length === 0) return <p>No faults were injected.</p>;
  const bit = faults.filter(({ effects }) => effects > 0).length;
  return (
    <>
      <p class="soft small">
        {bit} of {faults.length} took effect. An effect is measured where it is felt: a message that
        was under way is held up, a write that somebody waits for fails.
      </p>
      <div class="scroll">
        <table class="data">
          <thead>
            <tr>
              <th>no.</th>
              <th>begins</th>
              <th>ends</th>
              <th>fault</th>
              <th class="num">effects</th>
              <th>what it did first</th>
            </tr>
          </thead>
          <tbody>
            {faults.map((fault) => {
              const span = model.bands.faults.find((one) => one.fault === fault.index);
              const ends = span === undefined || span.momentary ? 'at once' : clock(span.toUs);
              return (
                <tr key={fault.index} class={fault.effects === 0 ? 'pale' : ''}>
                  <td class="num">{fault.index + 1}</td>
                  <td class="num">
                    {span === undefined ? (
                      'never'
                    ) : (
                      <RecordLink record={span.record}>{clock(span.fromUs)}</RecordLink>
                    )}
                  </td>
                  <td class="num">{span === undefined ? '' : ends}</td>
                  <td>{fault.text}</td>
                  <td class="num">{thousands(fault.effects)}</td>
                  <td>{fault.effects === 0 ? 'no effect' : effectWords(fault.firstEffect)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

const ABOUT = new Map(CHECKERS.map((checker) => [checker.id, checker]));
const ORDER = { fail: 0, inconclusive: 1, pass: 2 } as const;

export function Checkers(): JSX.Element {
  const [, store] = useStore((state) => state.run);
  const { checkers, violations } = store.model.about.report;
  const rows = checkers.toSorted((a, b) => ORDER[a.status] - ORDER[b.status]);
  return (
    <div class="scroll">
      <table class="data">
        <thead>
          <tr>
            <th>checker</th>
            <th>verdict</th>
            <th class="num">judged</th>
            <th>claim</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, status, seen }) => {
            const checker = ABOUT.get(id);
            const broken = violations.filter((one) => one.checker === id);
            return (
              <tr key={id}>
                <th scope="row">{id}</th>
                <td>
                  <span class={`verdict small ${status}`}>{status}</span>{' '}
                  {broken.slice(0, 3).map(({ record }) => (
                    <RecordLink key={record} record={record} />
                  ))}
                </td>
                <td class="num">{thousands(seen)}</td>
                <td>
                  {checker?.claim}{' '}
                  {checker?.cites.map((cite) => (
                    <Citation key={cite} cite={cite} />
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Paste({ name, text }: { name: string; text: string }): JSX.Element {
  return (
    <div class="paste">
      <span class="soft">{name}</span>
      <code>{text}</code>
      <button
        type="button"
        onClick={(event) => {
          const button = event.currentTarget;
          navigator.clipboard.writeText(text).then(
            () => (button.textContent = 'Copied'),
            () => (button.textContent = 'Not allowed'),
          );
        }}
      >
        Copy
      </button>
    </div>
  );
}

function Outcome({ model }: { model: RunModel }): JSX.Element {
  const { operations, convergedAtUs, vacuous, asExpected } = model.about.report;
  return (
    <dl class="facts wide">
      <dt>operations</dt>
      <dd>
        {thousands(operations.ok)} ok, {thousands(operations.error)} refused,{' '}
        {thousands(operations.unknown)} unknown
      </dd>
      <dt>converged</dt>
      <dd>{convergedAtUs === undefined ? 'never' : `at ${clock(convergedAtUs)}`}</dd>
      <dt>as expected</dt>
      <dd>{asExpected ? 'yes' : 'no'}</dd>
      {vacuous.length === 0 ? null : (
        <>
          <dt>vacuous</dt>
          <dd>{vacuous.join('; ')}</dd>
        </>
      )}
      <dt>made by</dt>
      <dd>{model.about.made}</dd>
    </dl>
  );
}

export function ScenarioTab(): JSX.Element {
  const [, store] = useStore((state) => state.run);
  const { model } = store;
  const { paste, story, lookFor, scenarioText, marks } = model.about;
  return (
    <>
      <Paste name="to reproduce" text={paste.reproduce} />
      <Paste name="to minimise" text={paste.minimise} />
      <Paste name="as text" text={paste.look} />
      <Outcome model={model} />
      {story === '' ? null : (
        <>
          <h3>Story</h3>
          <p class="prose">{story.trim().replace(/\s+/g, ' ')}</p>
        </>
      )}
      {lookFor.length === 0 ? null : (
        <ul class="prose">
          {lookFor.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <h3>
        Rare paths taken <span class="soft">{counted(marks.length, 'coverage mark')}</span>
      </h3>
      <p class="marks">
        {marks.length === 0 ? <span class="soft">none</span> : null}
        {marks.map((mark) => (
          <code key={mark}>{mark}</code>
        ))}
      </p>
      <details>
        <summary>Scenario</summary>
        <pre>{scenarioText}</pre>
      </details>
    </>
  );
}
