// Recipes for the swarm: a drawn scenario whose clients run a recipe in place of the workload. What
// recipes are sensitive to is the end of sessions, so every other run has sessions that are as
// short as its surroundings allow, and clients that fall silent, often just when they have reached
// a point of their recipe.
import { DRAWN_RECIPES } from '../../protocol/recipes/registry.js';
import type { Mistake, RecipeKind } from '../../protocol/recipes/setting.js';
import type { FaultSpec, Trigger } from '../faults/kind.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ClientSetup } from '../world/setup.js';
import type { Draw } from './draw.js';
import { shortestSessionMs } from './environment.js';

/** Which recipe, and the mistake that its program makes. */
export interface RecipeChoice {
  readonly kind: RecipeKind;
  readonly mistake: Mistake | undefined;
}

/** Small values as likely as large ones. */
function spread(draw: Draw, [least, most]: readonly [number, number]): number {
  let doublings = 0;
  while (least * 2 ** (doublings + 1) <= most) doublings += 1;
  const floor = least * 2 ** draw.between(0, doublings);
  return Math.min(most, draw.between(floor, 2 * floor));
}

function drawPause(draw: Draw, scenario: Scenario, sessionTimeoutMs: number): FaultSpec {
  const { clients, durationUs } = scenario;
  const forUs = 100 * sessionTimeoutMs * draw.between(5, 35);
  if (draw.chance(0.5)) {
    const trigger: Trigger = {
      kind: 'at',
      atUs: 1000 * draw.between(1000, durationUs / 1000 - 1),
    };
    const whom = `client-${draw.between(1, clients.length)}`;
    return { fault: 'client-pause', trigger, forUs, params: { clients: whom } };
  }
  const any = { actor: undefined, peer: undefined, text: undefined } as const;
  const when = { record: 'recipe', ...any, zxid: undefined, epoch: undefined, afterUs: 0 } as const;
  const trigger: Trigger = { kind: 'when', when: { ...when, nth: draw.between(1, 15) } };
  return { fault: 'client-pause', trigger, forUs, params: { clients: 'actor' } };
}

function shortSessionMs(draw: Draw, { cluster, network, disk, stage }: Scenario): number {
  const { voters, observers, timing } = cluster;
  const surroundings = { latency: network.latency, ...disk, stage };
  const servers = voters.length + observers.length;
  const leastMs = shortestSessionMs(servers, timing, surroundings);
  return Math.min(timing.maxSessionTimeoutMs, leastMs + timing.tickMs * draw.between(0, 2));
}

/** `scenario` with that recipe. */
export function drawRecipe(draw: Draw, scenario: Scenario, choice: RecipeChoice): Scenario {
  const { kind, mistake } = choice;
  const ranges = DRAWN_RECIPES[kind];
  const [usual] = scenario.clients;
  const isHard = draw.chance(0.5);
  const usualMs = usual?.sessionTimeoutMs ?? scenario.cluster.timing.maxSessionTimeoutMs;
  const sessionTimeoutMs = isHard ? shortSessionMs(draw, scenario) : usualMs;
  const client: ClientSetup = { sessionTimeoutMs, servers: undefined, chroot: undefined };
  const count = draw.between(...ranges.clients);
  const clients = Array.from({ length: count }, () => client);
  const recipe = {
    kind,
    path: `/${kind}`,
    rounds: draw.between(...ranges.rounds),
    holdMs: spread(draw, ranges.holdMs),
    size: draw.between(2, count),
    mistake,
  };
  const drawn = { ...scenario, clients, recipe };
  const pauses = isHard ? draw.between(1, 4) : 0;
  const silences = Array.from({ length: pauses }, () => drawPause(draw, drawn, sessionTimeoutMs));
  return { ...drawn, faults: [...scenario.faults, ...silences] };
}
