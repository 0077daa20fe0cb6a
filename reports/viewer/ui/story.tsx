// The events worth telling as a list: the same run as text, for reading from top to bottom, for the
// keyboard, and for whoever does not see the picture. Only the rows in sight exist.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { epochOf } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { actorName, clock, recordName } from '../../format.js';
import { describe } from '../../words.js';
import { epochColor } from '../draw/theme.js';
import type { RunModel } from '../model/run-model.js';
import { lowerBound } from '../model/trace-view.js';
import { visit } from './actions.js';
import type { State } from './store.js';
import { useStore } from './store.js';
import { currentTheme } from './theme-choice.js';

const ROW = 27;
const MARGIN = 12;

function toneOf(model: RunModel, record: number): string {
  if (model.story.violations.includes(record)) return 'breaking';
  if (model.story.evidence.has(record)) return 'proving';
  const kind = model.trace.kindOf(record);
  if (kind === 'fault' || kind === 'effect' || kind === 'crash' || kind === 'halted')
    return 'trouble';
  return kind === 'established' || kind === 'activated' ? 'leading' : '';
}

interface RowProps {
  readonly model: RunModel;
  readonly record: number;
  readonly selected: boolean;
  readonly top: number;
  readonly nth: number;
}

function Row({ model, record, selected, top, nth }: RowProps): JSX.Element {
  const [, store] = useStore(() => 0);
  const { atUs, actor, zxid, epoch, kind } = model.trace.at(record);
  const of = kind !== 'applied' && epoch > 0 ? epoch : epochOf(Math.max(0, zxid) as Zxid);
  return (
    <div
      class={`row ${toneOf(model, record)}`}
      role="row"
      aria-rowindex={nth + 1}
      aria-selected={selected}
      style={{ top: `${top}px` }}
      onClick={() => visit(store, record)}
    >
      <span class="num soft" role="cell">
        {clock(atUs)}
      </span>
      <span class="num soft" role="cell">
        {recordName(record)}
      </span>
      <span class="actor" role="cell">
        <i style={{ background: epochColor(currentTheme(), of) }} />
        {actorName(actor)}
      </span>
      <span class="words" role="cell" title={describe(model.trace.at(record))}>
        {describe(model.trace.at(record))}
      </span>
    </div>
  );
}

/** What the list depends on; the part of the picture that is seen is not among it. */
function storyKey({ run, record, hits, theme }: State): string {
  return `${run}/${record}/${hits?.length}/${hits?.[0]}/${theme}`;
}

export function Story(): JSX.Element {
  const [, store] = useStore((now) => storyKey(now));
  const { state } = store;
  const { model } = store;
  const list = state.hits ?? model.story.records;
  const box = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const { record } = state;
  const at = record === undefined ? -1 : lowerBound(list, record);
  useEffect(() => {
    const element = box.current;
    if (element === null || at < 0) return;
    const top = at * ROW;
    const inside =
      top >= element.scrollTop && top + ROW <= element.scrollTop + element.clientHeight;
    if (!inside) element.scrollTop = top - element.clientHeight / 3;
  }, [at]);
  const height = Math.min(460, list.length * ROW + 2);
  const first = Math.max(0, Math.floor(scroll / ROW) - MARGIN);
  const last = Math.min(list.length, Math.ceil((scroll + height) / ROW) + MARGIN);
  const told = state.hits === undefined ? 'events of the story' : 'records found';
  return (
    <>
      <p class="soft small">
        {list.length} {told}, of {model.trace.length} records.
      </p>
      <div
        class="story"
        ref={box}
        role="table"
        aria-label={told}
        aria-rowcount={list.length}
        tabIndex={0}
        style={{ height: `${height}px` }}
        onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
      >
        <div style={{ height: `${list.length * ROW}px` }}>
          {list.slice(first, last).map((one, nth) => (
            <Row
              key={one}
              model={model}
              record={one}
              selected={one === record}
              top={(first + nth) * ROW}
              nth={first + nth}
            />
          ))}
        </div>
      </div>
    </>
  );
}
