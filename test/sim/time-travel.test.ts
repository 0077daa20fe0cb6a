// The state of a server at any record is the state it had in the run itself.
import { describe, expect, it } from 'vitest';
import { roleName } from '../../protocol/state.js';
import { runScenario } from '../../sim/run.js';
import { drawScenario } from '../../sim/swarm.js';
import { TimeTravel } from '../../sim/time-travel.js';

/** A run with faults, observed: who is what after each change of a role. */
function observed(seed: string): { hash: string; roles: { record: number; at: () => string }[] } {
  const scenario = drawScenario(seed);
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'none' });
  const travel = new TimeTravel({ scenario, seed, untilUs: undefined });
  const roles = [...outcome.recorder.records()]
    .filter(({ kind }) => kind === 'role')
    .map(({ index, actor, text }) => ({
      record: index,
      at: () => {
        const { before, after } = travel.at(index);
        // A fault may end the process in the very event in which it changed its role.
        const became = after.peer(actor).role;
        const now = became.kind === 'booting' ? text : roleName(became);
        return [text, roleName(before.peer(actor).role), now].join(' ');
      },
    }));
  expect(travel.traceHash).toBe(outcome.traceHash);
  return { hash: outcome.traceHash, roles };
}

describe('time travel', () => {
  it.each(['3', '5', '8'])('in seed %s shows every change of a role as it is made', (seed) => {
    const { roles } = observed(seed);
    expect(roles.length).toBeGreaterThan(10);
    // From the last to the first: each seek starts from a copy that was kept.
    for (const { at } of roles.toReversed()) {
      const [told, before, after] = at().split(' ');
      expect(after).toBe(told);
      expect(before).not.toBe(told);
    }
  });

  it('shows the message that was handled, and the log that it made longer', () => {
    const scenario = drawScenario('3');
    const { recorder } = runScenario(scenario, { seed: '3', level: 'full', checkers: 'none' });
    const travel = new TimeTravel({ scenario, seed: '3', untilUs: undefined });
    const isProposal = (text: string): boolean => text === 'proposal';
    const proposals = [...recorder.records()].filter(
      ({ kind, text }) => kind === 'received' && isProposal(text),
    );
    expect(proposals.length).toBeGreaterThan(3);
    for (const { index, zxid } of proposals.slice(0, 20)) {
      expect(travel.at(index).message).toMatchObject({ kind: 'proposal', zxid });
    }
    const appended = [...recorder.records()].find(({ kind }) => kind === 'appended');
    const { before, after } = travel.at(appended?.index ?? 0);
    const sid = appended?.actor ?? 0;
    expect(after.peer(sid).durable.log.lastZxid).toBe(appended?.zxid);
    expect(before.peer(sid).durable.log.length).toBe(after.peer(sid).durable.log.length - 1);
  });
});
