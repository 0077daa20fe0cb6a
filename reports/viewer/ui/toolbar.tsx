// Between the strip and the picture: which part is seen, how to step through it, and what the
// colours mean.
import type { JSX } from 'preact';
import { clock, duration } from '../../format.js';
import type { RunModel } from '../model/run-model.js';
import { epochColor } from '../draw/theme.js';
import { goTo, magnify, search, showAll, step, toggleFolds } from './actions.js';
import type { Stepping } from './actions.js';
import { exportSvg } from './export-svg.js';
import type { Store } from './store.js';
import { useStore } from './store.js';
import { currentTheme } from './theme-choice.js';

function Stepper({ what, words }: { what: Stepping; words: string }): JSX.Element {
  const [, store] = useStore(() => 0);
  return (
    <span class="stepper">
      <button type="button" aria-label={`previous ${words}`} onClick={() => step(store, what, -1)}>
        ‹
      </button>
      {words}
      <button type="button" aria-label={`next ${words}`} onClick={() => step(store, what, 1)}>
        ›
      </button>
    </span>
  );
}

function GoTo(): JSX.Element {
  const [, store] = useStore(() => 0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const input = event.currentTarget.elements[0] as HTMLInputElement;
        input.setCustomValidity(goTo(store, input.value) ? '' : 'Nothing there');
        input.reportValidity();
      }}
    >
      <input
        id="go"
        size={13}
        spellcheck={false}
        placeholder="12.5s, #8123, 1:7"
        aria-label="Go to a time, a record or a zxid"
        onInput={(event) => event.currentTarget.setCustomValidity('')}
      />
    </form>
  );
}

function seenWords(store: Store): string {
  const { view } = store.state;
  const { axis } = store;
  const fromUs = Math.max(0, axis.timeAt(view.from));
  const toUs = Math.min(axis.endUs, axis.timeAt(view.to));
  return `${clock(fromUs)} – ${clock(toUs)}`;
}

function Seen(): JSX.Element {
  const [state, store] = useStore((now) => now);
  const { axis } = store;
  const hidden = axis.foldedUs;
  const canFold = !store.isComparing && store.model.folded.isFolded;
  return (
    <span class="seen">
      <span class="num">{seenWords(store)}</span>
      {canFold ? (
        <button type="button" aria-pressed={state.folded} onClick={() => toggleFolds(store)}>
          {state.folded ? `${duration(Math.round(hidden))} of quiet folded` : 'fold the quiet'}{' '}
          <kbd>q</kbd>
        </button>
      ) : null}
    </span>
  );
}

function FilterNote(): JSX.Element | null {
  const [, store] = useStore((now) => now.hits);
  const { state } = store;
  if (state.hits === undefined) return null;
  return (
    <span class="filter">
      {state.hits.length} {state.follow === undefined ? 'found' : 'followed'}
      <button type="button" aria-label="previous found" onClick={() => step(store, 'hit', -1)}>
        ‹
      </button>
      <button type="button" aria-label="next found" onClick={() => step(store, 'hit', 1)}>
        ›
      </button>
      <button type="button" onClick={() => search(store, '')}>
        show all
      </button>
    </span>
  );
}

export function Toolbar(): JSX.Element {
  const [, store] = useStore((state) => state.run);
  const { model } = store;
  return (
    <div class="toolbar">
      <Seen />
      <FilterNote />
      <span class="spacer" />
      <Stepper what="story" words="event" />
      {model.story.faults.length > 0 ? <Stepper what="fault" words="fault" /> : null}
      <Stepper what="leader" words="leader" />
      <GoTo />
      <span class="group">
        <button type="button" title="Magnify (+)" onClick={() => magnify(store, 0.5)}>
          +
        </button>
        <button type="button" title="See more (-)" onClick={() => magnify(store, 2)}>
          −
        </button>
        <button type="button" title="The whole run (0)" onClick={() => showAll(store)}>
          all
        </button>
        <button type="button" title="Save the picture (s)" onClick={() => exportSvg(store)}>
          SVG
        </button>
      </span>
    </div>
  );
}

function epochsOf(model: RunModel): number[] {
  const epochs = new Set<number>();
  for (const bands of model.bands.byServer.values())
    for (const { epoch } of bands) epochs.add(epoch);
  return [...epochs].filter((epoch) => epoch > 0).sort((a, b) => a - b);
}

function Swatch({ color, alpha }: { color: string; alpha: number }): JSX.Element {
  return (
    <svg width="18" height="11" aria-hidden="true">
      <rect width="18" height="11" fill={color} fill-opacity={alpha} />
    </svg>
  );
}

function Dash({ color, dash }: { color: string; dash: string }): JSX.Element {
  return (
    <svg width="26" height="11" aria-hidden="true">
      <line
        x1="0"
        y1="5.5"
        x2="26"
        y2="5.5"
        stroke={color}
        stroke-width="1.8"
        stroke-dasharray={dash}
      />
    </svg>
  );
}

export function Legend(): JSX.Element {
  const [, store] = useStore((state) => `${state.theme}/${state.journey}/${state.run}`);
  const theme = currentTheme();
  const epochs = epochsOf(store.model).slice(0, 8);
  const [sample = 1] = epochs;
  return (
    <div class="legend" aria-label="Legend">
      {epochs.map((epoch) => (
        <span key={epoch}>
          <Swatch color={epochColor(theme, epoch)} alpha={0.85} /> epoch {epoch}
        </span>
      ))}
      <span>
        <Swatch color={epochColor(theme, sample)} alpha={0.85} /> leads
      </span>
      <span>
        <Swatch color={epochColor(theme, sample)} alpha={0.28} /> follows
      </span>
      <span>
        <Swatch color={theme.none} alpha={0.35} /> looks for a leader
      </span>
      <span>
        <Dash color={theme.bad} dash="0" /> down
      </span>
      <span>
        <Dash color={theme.soft} dash="0" /> message
      </span>
      <span>
        <Dash color={theme.late} dash="7 3" /> late
      </span>
      <span>
        <Dash color={theme.bad} dash="4 3" /> lost
      </span>
      <span>
        <Swatch color={theme.fault} alpha={0.5} /> fault
      </span>
      {store.model.story.violations.length === 0 ? null : (
        <span>
          <svg width="14" height="13" aria-hidden="true">
            <circle cx="7" cy="6.5" r="5" fill="none" stroke={theme.bad} stroke-width="2" />
          </svg>{' '}
          evidence
        </span>
      )}
    </div>
  );
}
