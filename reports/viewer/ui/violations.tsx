// The records that prove a violation, and steps from one violation to the next; and what stands
// under the head: the answers, or the one sentence about a run in which nothing was violated.
import type { JSX } from 'preact';
import type { Violation } from '../../../sim/checkers/verdict.js';
import { clock, recordName } from '../../format.js';
import { describe } from '../../words.js';
import type { RunModel } from '../model/run-model.js';
import { Answers, shownViolation } from './answers.js';
import { step, toggleWhy, visit } from './actions.js';
import { RecordLink } from './record-link.js';
import { useStore } from './store.js';

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

export function ViolationPanel(): JSX.Element | null {
  const [, store] = useStore((now) => `${now.run}/${now.record}`);
  const { state } = store;
  const { model } = store;
  const { violations } = model.about.report;
  const violation = shownViolation(model, state.record);
  if (violation === undefined) return null;
  const at = violations.indexOf(violation) + 1;
  return (
    <section class="card violation" aria-label="Violation">
      <div class="card-head">
        <h2>Evidence</h2>
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
      <Evidence violation={violation} model={model} />
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
  const [, store] = useStore((state) => `${state.run}/${state.record}`);
  const { report, story } = store.model.about;
  const violation = shownViolation(store.model, store.state.record);
  if (violation !== undefined) return <Answers violation={violation} />;
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
