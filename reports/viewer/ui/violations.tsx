// What was broken, in plain words: the sentence, the claim it breaks, where that claim is from, the
// records that prove it; and before it which faults had taken effect by then.
import type { JSX } from 'preact';
import { CHECKERS } from '../../../sim/checkers/registry.js';
import type { Violation } from '../../../sim/checkers/verdict.js';
import { effectWords } from '../../effect-words.js';
import { clock, counted, recordName } from '../../format.js';
import { violationWords } from '../../violation-words.js';
import { describe } from '../../words.js';
import type { RunModel } from '../model/run-model.js';
import { step, toggleWhy, visit } from './actions.js';
import { RecordLink } from './record-link.js';
import { Citation } from './citation.js';
import { useStore } from './store.js';

const CLAIMS = new Map(CHECKERS.map((checker) => [checker.id, checker]));

/** Names of servers and clients stay as they are. */
function capital(text: string): string {
  if (/^(s|client-)\d/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Those of the selected record, or the first. */
function shownViolation(model: RunModel, record: number | undefined): Violation | undefined {
  const { violations } = model.about.report;
  return (
    violations.find((violation) => violation.record === record) ??
    violations.find(({ evidence }) => record !== undefined && evidence.includes(record)) ??
    violations[0]
  );
}

function Evidence({ violation, model }: { violation: Violation; model: RunModel }): JSX.Element {
  const records = [...new Set([...violation.evidence, violation.record])].sort((a, b) => a - b);
  return (
    <ol class="evidence">
      {records.map((record) => (
        <li key={record} class={record === violation.record ? 'breaking' : ''}>
          <RecordLink record={record} />
          <span class="num soft">{clock(model.trace.atUs(record))}</span>
          <span>{describe(model.trace.at(record))}</span>
        </li>
      ))}
    </ol>
  );
}

function FaultsBefore({
  violation,
  model,
}: {
  violation: Violation;
  model: RunModel;
}): JSX.Element {
  const bit = model.about.report.faults.filter(
    ({ effects, atUs }) => effects > 0 && atUs !== undefined && atUs <= violation.atUs,
  );
  if (bit.length === 0) {
    return (
      <p class="soft small">No fault had taken effect by then: the rules alone are to blame.</p>
    );
  }
  const last = bit.toSorted((a, b) => (b.atUs ?? 0) - (a.atUs ?? 0)).slice(0, 4);
  return (
    <div class="small">
      <p class="soft">Faults that had taken effect by then, the latest first:</p>
      <ul class="plain">
        {last.map((fault) => {
          const span = model.bands.faults.find((one) => one.fault === fault.index);
          return (
            <li key={fault.index}>
              {span === undefined ? null : <RecordLink record={span.record} />} {fault.text}
              <span class="soft">: {effectWords(fault.firstEffect)}</span>
            </li>
          );
        })}
      </ul>
      {bit.length > last.length ? (
        <p class="soft">and {counted(bit.length - last.length, 'earlier one')}</p>
      ) : null}
    </div>
  );
}

export function ViolationPanel(): JSX.Element | null {
  const [, store] = useStore((now) => `${now.run}/${now.record}`);
  const { state } = store;
  const { model } = store;
  const { violations } = model.about.report;
  const violation = shownViolation(model, state.record);
  if (violation === undefined) return null;
  const at = violations.indexOf(violation) + 1;
  const checker = CLAIMS.get(violation.checker);
  return (
    <section class="card violation" aria-label="Violation">
      <div class="card-head">
        <h2>What is broken</h2>
        <span class="spacer" />
        <span class="soft num">
          {at} of {violations.length}
        </span>
        <button type="button" title="Previous (V)" onClick={() => step(store, 'violation', -1)}>
          ‹
        </button>
        <button type="button" title="Next (v)" onClick={() => step(store, 'violation', 1)}>
          ›
        </button>
      </div>
      <p class="sentence">{capital(violationWords(violation))}.</p>
      <Evidence violation={violation} model={model} />
      <FaultsBefore violation={violation} model={model} />
      {checker === undefined ? null : (
        <p class="small claim">
          <b>{checker.id}</b>: {checker.claim}{' '}
          {checker.cites.map((cite) => (
            <Citation key={cite} cite={cite} />
          ))}
        </p>
      )}
      <div class="buttons">
        <button type="button" onClick={() => visit(store, violation.record)}>
          Show {recordName(violation.record)}
        </button>
        <button
          type="button"
          onClick={() => {
            visit(store, violation.record);
            if (!store.state.why) toggleWhy(store);
          }}
        >
          Why?
        </button>
      </div>
    </section>
  );
}

/** Under the head: the one sentence that a reader came for. */
export function Banner(): JSX.Element | null {
  const [, store] = useStore((state) => state.run);
  const { report, story } = store.model.about;
  const [first] = report.violations;
  if (first !== undefined) {
    const more = report.violations.length - 1;
    return (
      <p class="banner fail">
        <b>{capital(violationWords(first))}.</b>{' '}
        <span class="soft">
          {first.checker} at {clock(first.atUs)}, <RecordLink record={first.record} />
          {more > 0 ? `, and ${counted(more, 'more violation')}` : ''}
        </span>
      </p>
    );
  }
  const [death] = report.deaths;
  if (death !== undefined) {
    return (
      <p class="banner fail">
        <b>
          s{death.server} died at {clock(death.atUs)}: {death.reason}
        </b>
      </p>
    );
  }
  const [why] = report.vacuous;
  if (report.verdict === 'inconclusive' && why !== undefined) {
    return <p class="banner inconclusive">Nothing was broken, and too little was tried: {why}.</p>;
  }
  return story === '' ? null : <p class="banner pass">{story.trim().replace(/\s+/g, ' ')}</p>;
}
