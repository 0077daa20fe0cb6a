// Which directed links between hosts a network fault is about, and how it files a condition on
// them.
import { z } from 'zod';
import type { Draw } from '../swarm/draw.js';
import type { ActorId } from '../trace/record.js';
import type { LinkCondition } from '../world/conditions.js';
import { GOOD_LINK } from '../world/conditions.js';
import type { Cast } from './casting.js';
import type { Hosts, OneServer } from './hosts.js';
import { hosts } from './hosts.js';
import type { FaultShape, Scene } from './kind.js';

/** silent: packets wait until healed, as TCP retransmits them; reset: connections break. */
export const cutHow = z.enum(['silent', 'reset'], { error: 'silent or reset' });

/** Traffic in and out of `around`, or from `from` to `to`; default: between all servers. */
export const linkShape = {
  around: hosts.optional(),
  from: hosts.optional(),
  to: hosts.optional(),
};

export interface LinkChoice {
  readonly around?: Hosts | undefined;
  readonly from?: Hosts | undefined;
  readonly to?: Hosts | undefined;
}

export function linkHosts(choice: LinkChoice): readonly Hosts[] {
  if (choice.around !== undefined) return [choice.around];
  return [choice.from ?? 'all', choice.to ?? 'all'];
}

export function linkText(choice: LinkChoice, name: (set: number) => string): string {
  if (choice.around !== undefined) return `around ${name(0)}`;
  if (choice.from === undefined && choice.to === undefined) return 'between all servers';
  return `from ${name(0)} to ${name(1)}`;
}

type Visit = (from: ActorId, to: ActorId) => void;

/** Every directed link from one set to another. */
export function eachLink(from: readonly ActorId[], to: readonly ActorId[], visit: Visit): void {
  for (const a of from) {
    for (const b of to) {
      if (a !== b) visit(a, b);
    }
  }
}

/** Every directed link of a choice that was cast from {@link linkHosts}. */
export function eachChosen(scene: Scene<LinkChoice>, visit: Visit): void {
  const { cast, stage, params } = scene;
  const [first = [], second = []] = cast;
  if (params.around === undefined) {
    eachLink(first, second, visit);
    return;
  }
  eachLink(first, stage.servers, visit);
  eachLink(stage.servers, first, visit);
}

/** Both directions between any two different sets of the cast. */
export function eachBetween(cast: Cast, visit: Visit): void {
  for (const [index, set] of cast.entries()) {
    for (const other of cast.slice(index + 1)) {
      eachLink(set, other, visit);
      eachLink(other, set, visit);
    }
  }
}

/** A visitor that files a condition, or withdraws it. */
export function filing(scene: Scene<object>, condition: LinkCondition | undefined): Visit {
  return (from, to) => scene.world.setLink(scene.fault, from, to, condition);
}

export function cut(how: 'silent' | 'reset' | undefined): LinkCondition {
  return { ...GOOD_LINK, blocked: how ?? 'silent' };
}

export function drawHow(random: Draw): 'silent' | 'reset' {
  return random.chance(0.6) ? 'silent' : 'reset';
}

/** One server in the middle of things, as the swarm likes it. */
export function drawServer(random: Draw, shape: FaultShape): OneServer {
  const words: OneServer[] = ['leader', 'leader', 'follower', 'any'];
  if (shape.triggered) words.push('actor', 'actor', 'actor', 'actor', 'peer');
  if (shape.observers.length > 0 && random.chance(0.1)) return 'observer';
  return random.pick(words);
}

export function drawLinks(random: Draw, shape: FaultShape): LinkChoice {
  const draw = random.unit();
  if (draw < 0.35) return {};
  if (draw < 0.75) return { around: drawServer(random, shape) };
  return random.chance(0.5)
    ? { from: drawServer(random, shape) }
    : { to: drawServer(random, shape) };
}
