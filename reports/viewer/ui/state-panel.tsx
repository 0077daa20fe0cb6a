// A server's state before and after the event of the selected record, and what differs: the
// simulator has been run again in the page, up to exactly there.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { FIRST_CLIENT } from '../../../sim/trace/record.js';
import type { Moment } from '../../../sim/time-travel.js';
import { actorName, counted } from '../../format.js';
import { isServer } from '../../format.js';
import type { RunModel } from '../model/run-model.js';
import type { Change, Tree } from '../model/state-tree.js';
import { changesOf, treeOf } from '../model/state-tree.js';
import type { JourneyStatus } from './journeys.js';
import { useStore } from './store.js';

const SHOWN = 16;

export function TreeView({ tree, open = true }: { tree: Tree; open?: boolean }): JSX.Element {
  if (tree.text !== undefined) {
    return (
      <div class="leaf">
        <span class="soft">{tree.name}</span> <code>{tree.text}</code>
      </div>
    );
  }
  return (
    <details class="tree" open={open && tree.parts.length < 14}>
      <summary>
        {tree.name} <span class="soft">{tree.parts.length}</span>
      </summary>
      {tree.parts.map((part, at) => (
        <TreeView key={`${part.name}/${at}`} tree={part} open={false} />
      ))}
    </details>
  );
}

function stateOf(moment: Moment, actor: number): Tree {
  if (!isServer(actor)) return treeOf('client', moment.client(actor - FIRST_CLIENT));
  const disk = moment.disk(actor).durable;
  const { durable, ...memory } = moment.peer(actor);
  const parts = [
    treeOf('up', moment.isUp(actor)),
    ...treeOf('', memory).parts,
    treeOf('asked to keep', durable),
    treeOf('on disk', { ...disk, snapshots: disk.snapshots.map(({ zxid }) => ({ zxid })) }),
  ];
  return { name: actorName(actor), text: undefined, parts };
}

function Changes({ changes }: { changes: readonly Change[] }): JSX.Element {
  const [all, setAll] = useState(false);
  if (changes.length === 0) return <p class="soft">Nothing in this state changed.</p>;
  const shown = all ? changes : changes.slice(0, SHOWN);
  return (
    <>
      <table class="changes">
        <tbody>
          {shown.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">{path.replace(/^[^.]*\./, '')}</th>
              <td>
                {before === undefined ? null : <del>{before}</del>}{' '}
                {after === undefined ? null : <ins>{after}</ins>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < changes.length ? (
        <button type="button" onClick={() => setAll(true)}>
          All {counted(changes.length, 'change')}
        </button>
      ) : null}
    </>
  );
}

const NOT_READY: Readonly<Record<Exclude<JourneyStatus, 'ready'>, string>> = {
  unavailable:
    'This report was made from a trace whose scenario is not in it, so the run cannot be made ' +
    'again here, and the state of servers is not available.',
  waiting: 'This run is long; making it again takes some seconds.',
  working: 'The run is being made again …',
  differs:
    'Made again in this page, the run comes to another trace hash: the trace is of another ' +
    'version. States of another run would be wrong, so none is shown.',
};

export interface StateProps {
  readonly model: RunModel;
  readonly record: number;
}

export function StatePanel({ model, record }: StateProps): JSX.Element {
  const [, store] = useStore((state) => state.journey);
  const status = store.journeys.statusOf(model);
  return (
    <section class="card" aria-label="State">
      <div class="card-head">
        <h2>State</h2>
      </div>
      {status === 'ready' ? (
        <ReadyState model={model} record={record} />
      ) : (
        <p class="soft">
          {NOT_READY[status]}{' '}
          {status === 'waiting' ? (
            <button type="button" onClick={() => store.journeys.start(model)}>
              Make the run again
            </button>
          ) : null}
        </p>
      )}
    </section>
  );
}

function ReadyState({ model, record }: StateProps): JSX.Element {
  const [, store] = useStore(() => 0);
  const own = model.trace.columns.actor[record] ?? 0;
  const others = [...model.about.servers];
  for (let n = 0; n < model.about.clients; n++) others.push(FIRST_CLIENT + n);
  const [chosen, choose] = useState<number | undefined>(undefined);
  const actor = chosen ?? (own === 0 ? (model.about.servers[0] ?? 1) : own);
  const scene = useMemo(() => store.journeys.sceneAt(model, record), [model, record]);
  const trees = useMemo(
    () =>
      scene === undefined
        ? undefined
        : { before: stateOf(scene.before, actor), after: stateOf(scene.after, actor) },
    [scene, actor],
  );
  if (trees === undefined) return <p class="soft">The run is being made again …</p>;
  return (
    <>
      <p class="small">
        <label>
          of{' '}
          <select
            value={String(actor)}
            onChange={(event) => choose(Number(event.currentTarget.value))}
          >
            {others.map((one) => (
              <option key={one} value={String(one)}>
                {actorName(one)}
              </option>
            ))}
          </select>
        </label>{' '}
        <span class="soft">before and after the event of #{record}</span>
      </p>
      <Changes changes={changesOf(trees.before, trees.after)} />
      <TreeView tree={{ ...trees.after, name: 'after' }} open={false} />
      <TreeView tree={{ ...trees.before, name: 'before' }} open={false} />
    </>
  );
}
