// The selected record: its sentence, where it comes from and what came of it, the message behind
// it, what it changed, and the logs of all servers at that moment.
import type { JSX } from 'preact';
import type { Message } from '../../../protocol/message.js';
import { formatZxid } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { actorName, duration } from '../../format.js';
import { packetWords } from '../../packet-words.js';
import { operationWords } from '../../operation-words.js';
import { describe } from '../../words.js';
import { sessionOf } from '../model/follow.js';
import type { RunModel } from '../model/run-model.js';
import type { Tree } from '../model/state-tree.js';
import { treeOf } from '../model/state-tree.js';
import { follow, followCause, select, toggleWhy } from './actions.js';
import { linkTo } from './links.js';
import { LogPanel } from './log-panel.js';
import { RecordLink } from './record-link.js';
import { StatePanel, TreeView } from './state-panel.js';
import type { Store } from './store.js';
import { useStore } from './store.js';
import { WhyPanel } from './why-panel.js';

interface Selected {
  readonly model: RunModel;
  readonly record: number;
}

/** Records that name this one as their cause: its notes first, then what it led to. */
function effectsOf({ model, record }: Selected): number[] {
  const { cause } = model.trace.columns;
  const found: number[] = [];
  for (let at = record + 1; at < model.trace.length && found.length < 13; at++) {
    if (cause[at] === record) found.push(at);
  }
  return found;
}

function Lines({ records, model }: { records: readonly number[]; model: RunModel }): JSX.Element {
  return (
    <ul class="lines">
      {records.map((record) => (
        <li key={record}>
          <RecordLink record={record} />
          <span>{describe(model.trace.at(record))}</span>
        </li>
      ))}
    </ul>
  );
}

function Causes({ model, record }: Selected): JSX.Element {
  const cause = model.trace.columns.cause[record] ?? -1;
  const effects = effectsOf({ model, record });
  return (
    <>
      {cause < 0 ? null : (
        <>
          <h3>Because of</h3>
          <Lines records={[cause]} model={model} />
        </>
      )}
      {effects.length === 0 ? null : (
        <>
          <h3>Led to</h3>
          <Lines records={effects.slice(0, 12)} model={model} />
          {effects.length > 12 ? <p class="soft small">and more</p> : null}
        </>
      )}
    </>
  );
}

function messageTree(message: Message): Tree {
  return treeOf(message.kind, message.body);
}

function MessagePart({ model, record }: Selected): JSX.Element | null {
  const [, store] = useStore((state) => state.journey);
  const kind = model.trace.kindOf(record);
  if (kind !== 'received' && kind !== 'lost') return null;
  const { atUs, cause, peer, zxid } = model.trace.at(record);
  const sentUs = cause < 0 ? atUs : model.trace.atUs(cause);
  const late = model.messages.medianUs;
  const message = kind === 'received' ? store.journeys.sceneAt(model, record)?.message : undefined;
  const took = atUs - sentUs;
  return (
    <>
      <h3>Message</h3>
      <dl class="facts">
        <dt>packet</dt>
        <dd>{packetWords(model.trace.textOf(record), zxid)}</dd>
        <dt>{kind === 'lost' ? 'to' : 'from'}</dt>
        <dd>{actorName(peer)}</dd>
        <dt>under way</dt>
        <dd class="num">
          {duration(took)}
          <span class="soft"> (most: {duration(late)})</span>
        </dd>
      </dl>
      {message?.body === undefined ? null : (
        <details>
          <summary>Content</summary>
          <TreeView tree={messageTree(message)} />
        </details>
      )}
    </>
  );
}

function DetailPart({ model, record }: Selected): JSX.Element | null {
  const { detail } = model.trace.at(record);
  if (detail === undefined) return null;
  return (
    <details>
      <summary>{operationWords(detail) || 'Content'}</summary>
      <TreeView tree={treeOf('content', detail)} />
    </details>
  );
}

async function copyLink(store: Store, button: HTMLButtonElement): Promise<void> {
  const link = linkTo(store);
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = 'Copied';
  } catch {
    // A page from a file may not write to the clipboard; then the address bar has the link.
    button.textContent = 'See the address bar';
  }
  setTimeout(() => {
    button.textContent = 'Copy link';
  }, 1500);
}

function Buttons({ model, record }: Selected): JSX.Element {
  const [, store] = useStore((now) => `${now.why}`);
  const { state } = store;
  const { zxid } = model.trace.at(record);
  const session = sessionOf(model.trace, record);
  const isTxn = zxid > 0 && zxid % 2 ** 32 !== 0;
  return (
    <div class="buttons">
      <button type="button" aria-pressed={state.why} onClick={() => toggleWhy(store)}>
        Why? <kbd>w</kbd>
      </button>
      <button type="button" title="To its cause ([)" onClick={() => followCause(store, -1)}>
        ← cause
      </button>
      {isTxn ? (
        <button type="button" onClick={() => follow(store, { what: 'zxid', zxid })}>
          Follow {formatZxid(zxid as Zxid)}
        </button>
      ) : null}
      {session > 0 ? (
        <button type="button" onClick={() => follow(store, { what: 'session', session })}>
          Follow the session
        </button>
      ) : null}
      <button type="button" onClick={(event) => void copyLink(store, event.currentTarget)}>
        Copy link
      </button>
    </div>
  );
}

function EventCard({ model, record }: Selected): JSX.Element {
  const [, store] = useStore(() => 0);
  const { atUs, actor, kind } = model.trace.at(record);
  return (
    <section class="card" aria-label="Selected record">
      <div class="card-head">
        <h2 class="num">#{record}</h2>
        <span class="num soft">{(atUs / 1e6).toFixed(6)} s</span>
        <span class="chip">{actorName(actor)}</span>
        <span class="chip">{kind}</span>
        <span class="spacer" />
        <button type="button" title="Close (Esc)" onClick={() => select(store, undefined)}>
          ×
        </button>
      </div>
      <p class="sentence" aria-live="polite">
        {describe(model.trace.at(record))}
      </p>
      <Buttons model={model} record={record} />
      <MessagePart model={model} record={record} />
      <DetailPart model={model} record={record} />
      <Causes model={model} record={record} />
    </section>
  );
}

export function Inspector(): JSX.Element {
  const [, store] = useStore((now) => `${now.run}/${now.record}/${now.why}`);
  const { state } = store;
  const { model } = store;
  const { record } = state;
  if (record === undefined) {
    return (
      <section class="card empty">
        <p>
          Select a record in the picture or in the list below: what it says, why it happened, what
          it changed, and what every log held at that moment.
        </p>
        <p class="soft">
          Drag to move, <kbd>Ctrl</kbd> + wheel to magnify, double-click to come closer; keys:{' '}
          <kbd>?</kbd>
        </p>
        <LogPanel model={model} record={model.trace.length - 1} />
      </section>
    );
  }
  return (
    <>
      <EventCard model={model} record={record} />
      {state.why ? <WhyPanel model={model} record={record} /> : null}
      <section class="card">
        <LogPanel model={model} record={record} />
      </section>
      <StatePanel model={model} record={record} />
    </>
  );
}
