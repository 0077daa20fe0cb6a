// Motifs: short sequences of faults that belong together, because one alone does nothing. Most of
// the bugs that took years to be found need two or three, each at its moment: a server is cut off,
// and what it does when it comes back is cut short as well. Drawn one by one they hardly ever fall
// into place. A motif is a list of ordinary faults, so it is replayed, shrunk and read like any
// other; who is struck is often fixed in advance, so that all of them are about the same server.
import type { FaultSpec, RecordPattern, Trigger } from '../faults/kind.js';
import type { RecordKind } from '../trace/record.js';
import type { Draw } from './draw.js';

/** What motifs are built upon. */
export interface Ground {
  readonly voters: readonly number[];
  readonly servers: readonly number[];
  readonly clients: number;
  readonly tickUs: number;
  /** Silence after which a link is given up. */
  readonly syncUs: number;
  readonly sessionUs: number;
  /** When the first fault strikes; a leader may or may not be there by then. */
  readonly openedUs: number;
}

type Motif = (draw: Draw, ground: Ground) => FaultSpec[];
type Who = number | string | readonly (number | string)[];
type When = Partial<RecordPattern> & { readonly record: RecordKind };

const ANY = {
  ...{ actor: undefined, peer: undefined, text: undefined },
  ...{ zxid: undefined, epoch: undefined, nth: 1, afterUs: 0 },
} as const;

function when(pattern: When): Trigger {
  return { kind: 'when', when: { ...ANY, ...pattern } };
}

function at(us: number): Trigger {
  return { kind: 'at', atUs: 1000 * Math.floor(us / 1000) };
}

function fault(
  name: string,
  trigger: Trigger,
  forUs: number | undefined,
  params: object,
): FaultSpec {
  return { fault: name, trigger, forUs, params };
}

/** A length between the two, in whole milliseconds. */
function length(draw: Draw, fromUs: number, toUs: number): number {
  const [from, to] = [fromUs, Math.max(fromUs, toUs)].map((us) => Math.ceil(us / 1000));
  return 1000 * draw.between(from ?? 1, to ?? 1);
}

const SECOND = 1_000_000;

/** Back before the others have settled, or after. */
function downtime(draw: Draw): number {
  return draw.pick([true, false]) ? length(draw, 1000, 50_000) : length(draw, 50_000, 3 * SECOND);
}

function crash(draw: Draw, trigger: Trigger, servers: Who, forUs = downtime(draw)): FaultSpec {
  return fault('crash', trigger, forUs, { servers, how: draw.pick(['power', 'process']) });
}

function restart(trigger: Trigger, servers: Who): FaultSpec {
  return fault('restart', trigger, undefined, { servers });
}

function isolate(draw: Draw, trigger: Trigger, servers: Who, forUs: number): FaultSpec {
  return fault('isolate', trigger, forUs, { servers, how: draw.pick(['reset', 'silent']) });
}

/** Something that ends the connection of a learner to its leader, but perhaps not their memory. */
function interruption(draw: Draw, ground: Ground, trigger: Trigger): FaultSpec {
  switch (draw.pick(['reset', 'isolate', 'leader', 'restart', 'crash'] as const)) {
    case 'reset':
      return fault('reset', trigger, undefined, { around: 'actor' });
    case 'isolate':
      return isolate(draw, trigger, 'actor', length(draw, 5000, ground.syncUs));
    case 'leader':
      return crash(draw, trigger, 'leader');
    case 'restart':
      return restart(trigger, 'leader');
    case 'crash':
      return crash(draw, trigger, 'actor');
  }
}

/** The disks of some servers take their time: what is proposed stays outstanding. */
function slowDisks(draw: Draw, { syncUs }: Ground, trigger: Trigger, servers: Who): FaultSpec {
  return draw.chance(0.5)
    ? fault('disk-stall', trigger, length(draw, 300_000, Math.max(2 * SECOND, syncUs)), { servers })
    : fault('slow-disk', trigger, length(draw, 200_000, 2 * syncUs), {
        ...{ servers, factor: draw.pick([20, 100]) },
      });
}

/** What is decided is not carried out yet. */
function slowCpu(draw: Draw, { syncUs }: Ground, trigger: Trigger): FaultSpec {
  const factor = draw.pick([1000, 10_000]);
  return fault('slow-cpu', trigger, length(draw, 50_000, syncUs), { servers: 'actor', factor });
}

/**
 * A leader writes for nobody: it is cut off in the middle of its writes, the others go on without
 * it, and it comes back with a tail that nobody has, perhaps while its successor is busy.
 */
const strayTail: Motif = (draw, ground) => {
  const proposed = when({ record: 'proposed', nth: draw.pick([1, 2, 3, 5, 8, 13]) });
  const soon = draw.chance(0.6);
  const forUs = soon
    ? length(draw, 300_000, 1_200_000)
    : length(draw, ground.syncUs, 2 * ground.syncUs);
  const cut = fault('isolate', proposed, forUs, {
    servers: 'actor',
    how: soon ? 'reset' : draw.pick(['reset', 'silent']),
  });
  const successor = when({ record: 'activated', nth: 2 });
  const busy = draw.many([0, 1, 1, 1], () =>
    draw.chance(0.7)
      ? slowDisks(draw, ground, successor, draw.pick(['followers', 'voters']))
      : slowCpu(draw, ground, successor),
  );
  const late = draw.many([1, 0, 1, 1], () =>
    slowCpu(draw, ground, when({ record: 'syncChosen', text: 'trunc' })),
  );
  const moment = draw.pick<When>([
    { record: 'applied', text: 'syncing' },
    { record: 'applied', text: 'syncing' },
    { record: 'applied', text: 'syncing' },
    { record: 'applied', text: 'syncing' },
    { record: 'truncated', text: 'trunc' },
    { record: 'stepBegun', text: 'newLeader/*', nth: draw.pick([1, 2, 4]) },
    { record: 'syncChosen', text: 'trunc' },
  ]);
  const broken = interruption(draw, ground, when(moment));
  return [cut, ...busy, ...late, broken];
};

/** Promises, and what they are written into. */
const PROMISES: readonly When[] = [
  { record: 'epochFile', text: 'accepted' },
  { record: 'epochFile', text: 'accepted' },
  { record: 'epochFile', text: 'current' },
  { record: 'promised' },
  { record: 'established' },
  { record: 'stepDone', text: 'newLeader/*' },
];

/** The same again: what a server has just recovered from strikes at the same point once more. */
const again: Motif = (draw, ground) => {
  const border = draw.pick(PROMISES);
  const first = draw.pick([1, 1, 1, 2]);
  const afterUs = draw.pick([0, 0, ground.openedUs]);
  const opening = afterUs === 0 ? [] : [restart(at(afterUs), 'leader')];
  const times = draw.pick([2, 2, 3]);
  const kind = draw.pick(['crash', 'crash', 'isolate'] as const);
  const repeated = Array.from({ length: times }, (_, index) => {
    const trigger = when({ ...border, nth: first + index, afterUs });
    const last = index === times - 1;
    const forUs = last ? length(draw, 50_000, 3 * SECOND) : length(draw, 1000, 100_000);
    return kind === 'crash'
      ? crash(draw, trigger, 'actor', forUs)
      : isolate(draw, trigger, 'actor', forUs);
  });
  return [...opening, ...repeated];
};

/** One after the other finds its leader while another one is between two reigns. */
const latecomers: Motif = (draw, ground) => {
  const first = draw.pick(ground.voters);
  const { openedUs } = ground;
  const start = draw.chance(0.5) ? restart(at(openedUs), first) : crash(draw, at(openedUs), first);
  const elected = when({ record: 'elected', actor: first, afterUs: openedUs });
  const heldUs = length(draw, 200_000, 1.5 * SECOND);
  const held = draw.chance(0.5)
    ? fault('pause', elected, heldUs, { servers: first })
    : fault('isolate', elected, heldUs, { servers: first, how: 'silent' });
  const leader = restart(elected, 'leader');
  const others = ground.voters.filter((sid) => sid !== first);
  const next = draw.many([1, 0, 1, 2], () => {
    const afterUs = openedUs + heldUs;
    const trigger = draw.chance(0.5)
      ? at(afterUs + length(draw, 200_000, 3 * SECOND))
      : when({ record: draw.pick(['serving', 'elected']), afterUs, nth: draw.between(1, 3) });
    return restart(trigger, draw.pick<Who>([draw.pick(others), 'follower', 'any']));
  });
  return [start, held, leader, ...next];
};

/** A leader loses its followers one after the other, each at a time of its own. */
const dwindling: Motif = (draw, ground) => {
  const leader = draw.chance(0.7)
    ? (ground.voters[ground.voters.length - 1] ?? 1)
    : draw.pick(ground.voters);
  const gapUs = length(draw, 5000, 400_000);
  const forUs = length(draw, ground.syncUs, 3 * ground.syncUs + 2 * SECOND);
  const how = draw.pick(['reset', 'silent']);
  return draw.shuffle(ground.voters.filter((sid) => sid !== leader)).map((sid, index) =>
    fault('partition', at(ground.openedUs + index * gapUs), forUs, {
      groups: [leader, sid],
      how,
    }),
  );
};

const RETURN: readonly When[] = [
  { record: 'syncing' },
  { record: 'syncing' },
  { record: 'installed' },
  { record: 'applied', text: 'syncing' },
  { record: 'truncated' },
  { record: 'promised' },
  { record: 'stepBegun', text: 'newLeader/*' },
  { record: 'stepDone', text: 'newLeader/*' },
  { record: 'epochFile', text: 'current' },
];

/** A server that was away is interrupted while it is brought up to date, and struck again later. */
const brokenReturn: Motif = (draw, ground) => {
  const { openedUs } = ground;
  const server = draw.pick(ground.servers);
  const awayUs = length(draw, 300_000, 2 * SECOND);
  const away = draw.chance(0.5)
    ? crash(draw, at(openedUs), server, awayUs)
    : isolate(draw, at(openedUs), server, Math.max(awayUs, ground.syncUs));
  const of = { actor: server, afterUs: openedUs } as const;
  const trigger = when({ ...draw.pick(RETURN), ...of, nth: draw.pick([1, 1, 2, 3]) });
  const later = draw.many([0, 1], () => {
    const moment = draw.pick<When>([{ record: 'serving' }, { record: 'flushed' }]);
    return crash(draw, when({ ...moment, ...of, nth: draw.pick([1, 2]) }), 'actor');
  });
  return [away, interruption(draw, ground, trigger), ...later];
};

/** A session ends while what it has asked for is still under way. */
const lastWord: Motif = (draw, ground) => {
  const { openedUs, sessionUs, tickUs } = ground;
  const forUs = length(draw, sessionUs - tickUs, sessionUs + tickUs);
  const silence = draw.chance(0.6)
    ? fault('client-pause', at(openedUs), forUs, { clients: 'clients' })
    : isolate(draw, at(openedUs), 'follower', forUs);
  const expired = when({ record: 'sessionExpired', afterUs: openedUs });
  return [silence, slowDisks(draw, ground, expired, draw.pick(['voters', 'followers']))];
};

/** A disk that is slow to fail: others have gone on with what it refuses in the end. */
const sickDisk: Motif = (draw) => {
  const nth = draw.pick([1, 2, 4, 8]);
  const trigger = when({ record: draw.pick(['proposed', 'appended']), nth });
  const servers = draw.pick(['follower', 'actor', 'leader']);
  const slowUs = length(draw, 50_000, SECOND);
  const slow = fault('slow-disk', trigger, slowUs, { servers, factor: draw.pick([20, 100]) });
  const sick = fault('disk-error', trigger, slowUs, { servers, chance: 1 });
  return [slow, sick];
};

/** A leader loses power and is back before its followers have noticed: they still speak for it. */
const blink: Motif = (draw, ground) => {
  const moment = draw.pick<When>([
    { record: 'appended', nth: draw.between(1, 3) },
    { record: 'proposed', nth: draw.between(1, 8) },
    { record: 'serving', nth: draw.between(1, 4) },
  ]);
  const gone = fault('crash', when(moment), length(draw, 1000, ground.syncUs), {
    ...{ servers: 'leader', how: 'power' },
  });
  return [gone];
};

/** What takes the most to fall into place comes the most often. */
const MOTIFS: readonly Motif[] = [
  ...[strayTail, strayTail, strayTail],
  again,
  latecomers,
  dwindling,
  brokenReturn,
  lastWord,
  sickDisk,
  blink,
];

/** One of them; whoever shrinks can take each of its faults away. */
export function drawMotif(draw: Draw, ground: Ground): FaultSpec[] {
  const faults = draw.pick(MOTIFS)(draw, ground);
  return faults.filter(() => draw.many([1], () => undefined).length > 0);
}
