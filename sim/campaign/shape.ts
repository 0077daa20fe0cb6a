// What a failure looks like, without the numbers: which checker fired first, how many servers there
// were, and which kinds of faults struck whom. Failures of one shape are told once. It should be
// taken of a scenario from which everything is gone that does not matter; of any other it says
// little, because no two are alike.
import { compareCodeUnits } from '../../base/order.js';
import type { Violation } from '../checkers/verdict.js';
import { faultKind } from '../faults/registry.js';
import { hostsText } from '../faults/kind.js';
import type { Scenario } from '../scenario/scenario.js';

/** A server process that ended by itself is no violation, but told in the same way. */
export const DIED = 'server-died';

/** `crash leader, partition leader rest`, each once. */
function faultWords({ faults }: Scenario): string {
  const words = faults.map(({ fault, params }) => {
    const hosts = faultKind(fault).hosts(params).map(hostsText);
    return [fault, ...hosts].join(' ').replace(/\b(client-)?\d+\b/g, 'one');
  });
  return [...new Set(words)].sort(compareCodeUnits).join(', ');
}

/** Equal texts: the same failure, as far as anybody can tell without looking at it. */
export function shapeOf(scenario: Scenario, { checker }: Pick<Violation, 'checker'>): string {
  const { voters, observers } = scenario.cluster;
  const servers = `${voters.length}${observers.length === 0 ? '' : `+${observers.length}`}`;
  const faults = faultWords(scenario);
  return `${checker}; ${servers} servers; ${faults === '' ? 'no faults' : faults}`;
}
