// The chain of causes of the selected record, backwards, one event a line.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { actorName, clock, counted, duration } from '../../format.js';
import { describe } from '../../words.js';
import { conesOf, FUTURE, PAST } from '../model/causality.js';
import type { RunModel } from '../model/run-model.js';
import type { Step } from '../model/why.js';
import { whyChain } from '../model/why.js';
import { RecordLink } from './record-link.js';

const SHOWN = 14;

function howWords(model: RunModel, step: Step, earlier: Step | undefined): string {
  if (earlier === undefined) return 'where it all began';
  const took = model.trace.atUs(step.event) - model.trace.atUs(earlier.event);
  const from = actorName(model.trace.columns.actor[earlier.event] ?? 0);
  const skipped = step.skipped > 0 ? `, and ${counted(step.skipped, 'earlier timer')}` : '';
  if (step.how === 'message') return `a message of ${from}, under way for ${duration(took)}`;
  return step.how === 'wait' ? `after ${duration(took)}${skipped}` : `at once${skipped}`;
}

function Count({ model, record }: { model: RunModel; record: number }): JSX.Element {
  let [past, future] = [0, 0];
  for (const cone of conesOf(model.trace, record)) {
    if (cone === PAST) past += 1;
    if (cone === FUTURE) future += 1;
  }
  const apart = model.trace.length - past - future - 1;
  return (
    <p class="soft small">
      {counted(past, 'record')} can have led to it, and {counted(future, 'record')} can have come of
      it; {counted(apart, 'record')} have nothing to do with it and step back.
    </p>
  );
}

export interface WhyProps {
  readonly model: RunModel;
  readonly record: number;
}

export function WhyPanel({ model, record }: WhyProps): JSX.Element {
  const [all, setAll] = useState(false);
  const told = new Set(model.story.records);
  const chain = whyChain(model.trace, record, (at) => told.has(at));
  const shown = all ? chain : chain.slice(0, SHOWN);
  return (
    <section class="card" aria-label="Why">
      <div class="card-head">
        <h2>Why</h2>
        <span class="soft small">causes, the nearest first</span>
      </div>
      <Count model={model} record={record} />
      <ol class="why">
        {shown.map((step, at) => (
          <li key={step.event}>
            <RecordLink record={step.record} />
            <span class="num soft">{clock(model.trace.atUs(step.event))}</span>
            <div>
              {describe(model.trace.at(step.record))}
              {step.record !== step.event && at > 0 ? (
                <span class="soft"> · in the event: {describe(model.trace.at(step.event))}</span>
              ) : null}
              <div class="soft small">{howWords(model, step, chain[at + 1])}</div>
            </div>
          </li>
        ))}
      </ol>
      {shown.length < chain.length ? (
        <button type="button" onClick={() => setAll(true)}>
          All {chain.length} steps
        </button>
      ) : null}
    </section>
  );
}
