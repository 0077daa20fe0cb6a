// Under the head of a failing run: what was violated, which fault mattered, what came too late, and
// where the logs part. Each answer leads to the place in the picture that shows it.
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { VARIANTS } from '../../../protocol/variants/registry.js';
import { CHECKERS } from '../../../sim/checkers/registry.js';
import type { Violation } from '../../../sim/checkers/verdict.js';
import { formatZxid } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { actorNames, clock, counted, faultName, listed } from '../../format.js';
import { effectWords } from '../../effect-words.js';
import { violationWords } from '../../violation-words.js';
import type { Blamed } from '../model/blamed-faults.js';
import type { Explanation } from '../model/explanation.js';
import { partingWords } from '../model/parting.js';
import type { RunModel } from '../model/run-model.js';
import { follow, visit } from './actions.js';
import { Citation } from './citation.js';
import { RecordLink } from './record-link.js';
import type { Store } from './store.js';
import { useStore } from './store.js';
import type { Tried } from './trials.js';

const CLAIMS = new Map(CHECKERS.map((checker) => [checker.id, checker]));

/** Names of servers and clients stay as they are. */
function capital(text: string): string {
  if (/^(s|client-)\d/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Those of the selected record, or the first. */
export function shownViolation(model: RunModel, record: number | undefined): Violation | undefined {
  const { violations } = model.about.report;
  return (
    violations.find((violation) => violation.record === record) ??
    violations.find(({ evidence }) => record !== undefined && evidence.includes(record)) ??
    violations[0]
  );
}

/** One whose absence keeps the claim comes before one that is merely likely. */
function mainFault({ faults }: Explanation, tried: Tried | undefined): Blamed | undefined {
  return faults.find(({ span }) => tried?.faults.get(span.fault) === 'holds') ?? faults[0];
}

function TriedNote({
  blamed,
  tried,
}: {
  blamed: Blamed;
  tried: Tried | undefined;
}): JSX.Element | null {
  const outcome = tried?.faults.get(blamed.span.fault);
  if (outcome === undefined)
    return tried?.done === false ? <span class="soft"> Trying …</span> : null;
  return outcome === 'holds' ? (
    <span class="tried">Tried in this page: without it, the same run keeps the claim.</span>
  ) : (
    <span class="tried soft">Tried: without it, the claim is broken all the same.</span>
  );
}

interface FaultProps {
  readonly blamed: Blamed;
  readonly model: RunModel;
}

function FaultWords({ blamed, model }: FaultProps): JSX.Element {
  const { span, felt } = blamed;
  const whats = [...new Set(felt.map(({ what }) => what))];
  const first = Math.min(...felt.map(({ record }) => model.trace.atUs(record)));
  const since = first - span.fromUs < 1000 ? '' : `, from ${clock(first)} on`;
  const told = whats.map((what) => {
    const whom = felt.filter((one) => one.what === what).map(({ server }) => server);
    const named = whom.filter((actor) => actor > 0).sort((a, b) => a - b);
    return named.length === 0 ? effectWords(what) : `${effectWords(what)} (${actorNames(named)})`;
  });
  return (
    <>
      <b>{capital(span.text)}</b>{' '}
      <span class="soft">
        {faultName(span.fault)} at {clock(span.fromUs)}, <RecordLink record={span.record} />:{' '}
        {listed(told)}
        {since}.
      </span>
    </>
  );
}

function RuleNote({
  model,
  tried,
}: {
  readonly model: RunModel;
  readonly tried: Tried | undefined;
}): JSX.Element | null {
  const { scenario } = model.about;
  const ids = (scenario as { readonly variants?: readonly string[] } | undefined)?.variants ?? [];
  const planted = VARIANTS.filter(({ id }) => ids.includes(id));
  if (planted.length === 0 && tried?.safeRules === undefined) return null;
  const kept = tried?.safeRules === 'holds';
  return (
    <p class="small">
      {planted.map(({ id, title, jira }) => (
        <span key={id}>
          <span class="soft">The rule that allows it:</span> {title}
          {jira.map((issue) => [' ', <Citation key={issue} cite={issue} />])}.{' '}
        </span>
      ))}
      {kept ? <span class="tried">With safe rules, the same run keeps the claim.</span> : null}
    </p>
  );
}

function FaultAnswer({ explanation, model, tried }: AnswerProps): JSX.Element {
  const main = mainFault(explanation, tried);
  const others = explanation.faults.filter((one) => one !== main);
  const all = model.about.report.faults.filter(({ effects }) => effects > 0).length;
  const nothing = all - explanation.faults.length;
  const inVain =
    tried?.done === true && others.length > 0 && ![...tried.faults.values()].includes('holds');
  return (
    <section aria-label="The fault that mattered">
      <h3>The fault that mattered</h3>
      {main === undefined ? (
        <p>
          <b>None.</b>{' '}
          {all === 0
            ? 'No fault took effect: ordinary delays were enough.'
            : 'Nobody concerned had felt one by then: ordinary delays were enough.'}
        </p>
      ) : (
        <p>
          <FaultWords blamed={main} model={model} /> <TriedNote blamed={main} tried={tried} />
        </p>
      )}
      {inVain ? <p class="small soft">No fault alone is to blame; this is the likeliest.</p> : null}
      <RuleNote model={model} tried={tried} />
      {others.length === 0 ? null : (
        <details>
          <summary>{counted(others.length, 'other fault')} in its past</summary>
          <ul class="plain small">
            {others.map((blamed) => (
              <li key={blamed.span.fault}>
                <FaultWords blamed={blamed} model={model} />{' '}
                <TriedNote blamed={blamed} tried={tried} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {main !== undefined && nothing > 0 ? (
        <p class="small soft">{counted(nothing, 'fault')} took effect where it did not matter.</p>
      ) : null}
    </section>
  );
}

interface AnswerProps {
  readonly explanation: Explanation;
  readonly model: RunModel;
  readonly tried: Tried | undefined;
}

function LateAnswer({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const [first, ...others] = explanation.late;
  return (
    <section aria-label="What came too late">
      <h3>What came too late</h3>
      {first === undefined ? (
        <p>
          <b>Nothing.</b> No message was lost, late or overtaken that this depends on.
        </p>
      ) : (
        <p>
          <b>{capital(first.words)}.</b> <RecordLink record={first.record} />
        </p>
      )}
      {others.map(({ record, words }) => (
        <p key={record} class="small">
          <span class="soft">Also:</span> {words}. <RecordLink record={record} />
        </p>
      ))}
    </section>
  );
}

function PartingAnswer({
  explanation,
  store,
}: {
  readonly explanation: Explanation;
  readonly store: Store;
}): JSX.Element {
  const { parting, violation } = explanation;
  if (parting === undefined) {
    return (
      <section aria-label="Where the logs part">
        <h3>Where the logs part</h3>
        <p>
          <b>Nowhere.</b> All logs are the same at {clock(violation.atUs)}: this is not about what
          they hold.
        </p>
      </section>
    );
  }
  const { zxid, record } = parting;
  const name = formatZxid(zxid as Zxid);
  const later =
    record > violation.record ? `, later, at ${clock(store.model.trace.atUs(record))}` : '';
  return (
    <section aria-label="Where the logs part">
      <h3>Where the logs part</h3>
      <p>
        <b>
          At {name}
          {later}:
        </b>{' '}
        {partingWords(parting)}.
      </p>
      <div class="buttons">
        <button type="button" onClick={() => visit(store, record)}>
          Logs at #{record}
        </button>
        <button type="button" onClick={() => follow(store, { what: 'zxid', zxid })}>
          Follow {name}
        </button>
      </div>
    </section>
  );
}

/** Of a run that violates something. */
export function Answers({ violation }: { readonly violation: Violation }): JSX.Element {
  const [, store] = useStore((state) => `${state.run}/${state.record}/${state.journey}`);
  const { model, trials } = store;
  const explanation = model.explanationOf(violation);
  const isReady = store.journeys.statusOf(model) === 'ready';
  useEffect(() => {
    if (isReady) trials.start(model, explanation);
  }, [isReady, model, explanation, trials]);
  const tried = trials.of(explanation);
  const checker = CLAIMS.get(violation.checker);
  return (
    <div class="answers" role="region" aria-label="Answers">
      <section class="violated" aria-label="What was violated">
        <h3>What was violated</h3>
        <p>
          <b>{capital(violationWords(violation))}.</b>{' '}
          <span class="soft">
            At {clock(violation.atUs)}, <RecordLink record={violation.record} />
            {more(model)}
          </span>
        </p>
        {checker === undefined ? null : (
          <p class="small">
            <span class="soft">The rule:</span> {checker.claim} <code>{checker.id}</code>{' '}
            {checker.cites.map((cite) => [<Citation key={cite} cite={cite} />, ' '])}
          </p>
        )}
      </section>
      <FaultAnswer explanation={explanation} model={model} tried={tried} />
      <LateAnswer explanation={explanation} />
      <PartingAnswer explanation={explanation} store={store} />
    </div>
  );
}

function more({ about }: RunModel): string {
  const rest = about.report.violations.length - 1;
  return rest > 0 ? `, and ${counted(rest, 'more violation')}` : '';
}
