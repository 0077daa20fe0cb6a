// The four answers of a failing run, without a page: read from the trace alone, and about the right
// things in failures of quite different kinds.
import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../reports/viewer/model/explanation.js';
import { partingWords } from '../../reports/viewer/model/parting.js';
import type { TrialOutcome } from '../../reports/viewer/model/trials.js';
import { tryOut } from '../../reports/viewer/model/trials.js';
import type { Viewed } from './view-of.js';
import { failureView, specimenView, viewOf } from './view-of.js';

function explained({ model }: Viewed): Explanation {
  const first = model.firstViolation ?? expect.unreachable('nothing is violated');
  return model.explanationOf(first);
}

interface Told {
  readonly fault: string | undefined;
  readonly late: string | undefined;
  readonly parting: string | undefined;
}

function told({ faults, late, parting }: Explanation): Told {
  return {
    fault: faults[0]?.span.text,
    late: late[0]?.words,
    parting: parting === undefined ? undefined : partingWords(parting),
  };
}

describe('what came too late', () => {
  it.each([
    [
      'an acknowledgement that was lost',
      failureView('truncate-ahead-in-epoch-219'),
      /^ACK \d+:\d+ from s\d to s\d, sent at .*, never arrived/,
    ],
    [
      'a proposal that nobody was there to receive',
      specimenView('diff-keeps-stray-tail'),
      /^PROPOSAL \d+:\d+ of s\d never reached s\d and s\d: /,
    ],
    ['an fsync', specimenView('ack-before-fsync'), /^the disk of s\d had \d+:\d+ only at /],
    [
      'the rest of a synchronization',
      specimenView('partial-trunc-kept'),
      /^TRUNC back to .* the rest of that synchronization never came/,
    ],
    [
      'an acknowledgement that was overtaken',
      specimenView('ack-overtakes-newleader'),
      /^ACK of epoch 1 from .* after ACK \d+:\d+, which should have followed it/,
    ],
    [
      'work left over from an old role',
      specimenView('log-queue-outlives-role'),
      /^\d+:\d+ came to s\d at .* is logged only now/,
    ],
    [
      'an application',
      specimenView('serve-before-applied'),
      /^the memory of s\d had \d+:\d+ only at /,
    ],
  ])('is %s', (_, view, expected) => {
    expect(told(explained(view)).late).toMatch(expected);
  });

  it('is an order that had aged, where a leader has learned better meanwhile', () => {
    const { late } = explained(failureView('truncate-ahead-in-epoch-219'));
    expect(late[1]?.words).toMatch(/^TRUNC back to .* carried out, s\d had committed \d+:\d+/);
  });
});

describe('where logs part', () => {
  it.each([
    [
      'at a transaction that one cuts off',
      failureView('truncate-ahead-in-epoch-219'),
      /s\d has just removed it and ends at/,
    ],
    [
      'at one that one log alone holds',
      specimenView('diff-keeps-stray-tail'),
      /^s\d has \d+:\d+ on disk; s\d and s\d have \d+:\d+ there instead$/,
    ],
    [
      'at one that is in a buffer',
      specimenView('ack-newleader-before-fsync'),
      /in a buffer, not on disk/,
    ],
    [
      'inside of one server',
      specimenView('partial-trunc-kept'),
      /^the memory of s\d holds \d+:\d+, but its log ends at \d+:\d+; the logs of/,
    ],
    [
      'within one log',
      specimenView('log-queue-outlives-role'),
      /^the log of s\d holds \d+:\d+ a second time$/,
    ],
  ])('is %s', (_, view, expected) => {
    expect(told(explained(view)).parting).toMatch(expected);
  });

  it('is nowhere, where the violation is not about logs', () => {
    expect(explained(specimenView('closing-session-accepted')).parting).toBeUndefined();
  });
});

/** By index of the fault, whether the claim holds without it. */
function trials(view: Viewed): Map<number, TrialOutcome> {
  const { scenario, model } = view;
  const { faults, violation } = explained(view);
  const { checker } = violation;
  const input = { scenario, seed: model.about.report.seed, untilUs: undefined, checker };
  return new Map(
    faults.map(({ span }) => [span.fault, tryOut(input, { without: 'fault', fault: span.fault })]),
  );
}

describe('the fault that mattered', () => {
  it('is one without which the claim holds', () => {
    for (const view of [
      failureView('truncate-ahead-in-epoch-219'),
      specimenView('diff-keeps-stray-tail'),
      specimenView('partial-trunc-kept'),
    ]) {
      const [likeliest] = explained(view).faults;
      expect(likeliest?.explains).toBe(true);
      expect(trials(view).get(likeliest?.span.fault ?? -1)).toBe('holds');
    }
  });

  it('is none of those that began later, or that nobody concerned has felt', () => {
    const { faults, violation } = explained(failureView('truncate-ahead-in-epoch-219'));
    for (const { span, felt } of faults) {
      expect(span.fromUs).toBeLessThanOrEqual(violation.atUs);
      for (const { record } of felt) expect(record).toBeLessThanOrEqual(violation.record);
    }
    expect(explained(specimenView('ack-newleader-before-log')).faults).toEqual([]);
  });

  it('does not matter where the rules are to blame: the claim is broken without it', () => {
    const view = failureView('ack-before-fsync-51');
    const { violation } = explained(view);
    const input = { scenario: view.scenario, seed: '51', untilUs: undefined };
    const about = { ...input, checker: violation.checker };
    expect(tryOut(about, { without: 'faults' })).toBe('broken');
    expect(tryOut(about, { without: 'variants' })).toBe('holds');
  });
});

it('a run that violates nothing has nothing to explain', () => {
  expect(viewOf('3').model.pivotal.size).toBe(0);
});
