// Faults of the network that let packets through, but late, not all, or not once. Loss strikes
// election notifications only and resets whole connections, because TCP hides the rest; the three
// kinds that do break TCP say so and are outside of what ZooKeeper promises to survive.
import { z } from 'zod';
import type { MessageKind } from '../../protocol/message.js';
import type { Draw } from '../swarm/draw.js';
import { bandwidth, chance, duration, integerFrom } from '../scenario/units.js';
import type { ActorId } from '../trace/record.js';
import { WORLD } from '../trace/record.js';
import type { LinkCondition } from '../world/conditions.js';
import { GOOD_LINK } from '../world/conditions.js';
import type { Hosts } from './hosts.js';
import { hosts } from './hosts.js';
import type { FaultKind, FaultShape, Scene } from './kind.js';
import { defineFault } from './kind.js';
import type { LinkChoice } from './links.js';
import { drawLinks, eachChosen, filing, linkHosts, linkShape, linkText } from './links.js';

const TIMEOUTS =
  'the protocol gives up a link that is too slow, and safety does not depend on time';
const REPEATED = 'notifications may be lost: they are repeated, and only the newest counts';
const BREAKS_TCP = 'breaking TCP: the protocol relies on each connection being first in, first out';

/** The part that all kinds share which worsen chosen links while they last. */
function worsening<P extends LinkChoice>(
  condition: (params: P) => LinkCondition,
): {
  readonly lasts: 'while';
  readonly mayHalt: boolean;
  hosts(params: P): readonly Hosts[];
  begin(scene: Scene<P>): void;
  end(scene: Scene<P>): void;
} {
  return {
    lasts: 'while',
    mayHalt: false,
    hosts: linkHosts,
    begin: (scene) => eachChosen(scene, filing(scene, condition(scene.params))),
    end: (scene) => eachChosen(scene, filing(scene, undefined)),
  };
}

const lossParameters = z.strictObject({ chance, ...linkShape });
const loss = defineFault({
  name: 'loss',
  family: 'network',
  claim: 'Election notifications on these links are lost with this chance.',
  model: 'inside',
  because: REPEATED,
  weight: 6,
  parameters: lossParameters,
  ...worsening<z.output<typeof lossParameters>>((params) => ({
    ...GOOD_LINK,
    loss: params.chance,
  })),
  draw: (random, shape) => ({
    chance: random.between(5, 90) / 100,
    ...drawLinks(random, shape),
  }),
  describe: (params, name) => `loss of ${params.chance} of notifications ${linkText(params, name)}`,
});

const flakyLink = defineFault({
  name: 'flaky-link',
  family: 'network',
  claim: 'Each message on these links may break its connection, with this chance.',
  model: 'inside',
  because: 'a broken connection ends the role of a learner, which starts again from its disk',
  weight: 6,
  parameters: lossParameters,
  ...worsening<z.output<typeof lossParameters>>((params) => ({
    ...GOOD_LINK,
    resetChance: params.chance,
  })),
  draw: (random, shape) => ({
    chance: random.between(1, 25) / 100,
    ...drawLinks(random, shape),
  }),
  describe: (params, name) =>
    `connections break, chance ${params.chance} ${linkText(params, name)}`,
});

const reset = defineFault({
  name: 'reset',
  family: 'network',
  claim: 'All connections on these links break at once; they can be dialled again.',
  model: 'inside',
  because: 'a broken connection ends the role of a learner, which starts again from its disk',
  lasts: 'moment',
  mayHalt: false,
  weight: 6,
  parameters: z.strictObject(linkShape),
  hosts: linkHosts,
  draw: drawLinks,
  begin: (scene) => {
    const done = new Set<number>();
    eachChosen(scene, (from, to) => {
      const pair = Math.min(from, to) * 65_536 + Math.max(from, to);
      if (done.has(pair)) return;
      done.add(pair);
      scene.world.resetLink(scene.fault, from, to);
    });
  },
  end: () => undefined,
  describe: (params, name) => `connections reset ${linkText(params, name)}`,
});

const duplicate = defineFault({
  name: 'duplicate',
  family: 'network',
  claim: 'Breaking TCP: messages on these links arrive twice with this chance.',
  model: 'outside',
  because: BREAKS_TCP,
  weight: 0,
  parameters: lossParameters,
  ...worsening<z.output<typeof lossParameters>>((params) => ({
    ...GOOD_LINK,
    duplicate: params.chance,
  })),
  mayHalt: true,
  draw: (random, shape) => ({
    chance: random.between(1, 30) / 100,
    ...drawLinks(random, shape),
  }),
  describe: (params, name) =>
    `breaking TCP: duplicates, ${params.chance} ${linkText(params, name)}`,
});

const reorder = defineFault({
  name: 'reorder',
  family: 'network',
  claim: 'Breaking TCP: messages on these links may overtake earlier ones, with this chance.',
  model: 'outside',
  because: BREAKS_TCP,
  weight: 0,
  parameters: lossParameters,
  ...worsening<z.output<typeof lossParameters>>((params) => ({
    ...GOOD_LINK,
    reorder: params.chance,
  })),
  mayHalt: true,
  draw: (random, shape) => ({
    chance: random.between(1, 30) / 100,
    ...drawLinks(random, shape),
  }),
  describe: (params, name) =>
    `breaking TCP: reordering, ${params.chance} ${linkText(params, name)}`,
});

const slowLinkParameters = z.strictObject({ rate: bandwidth, ...linkShape });
const slowLink = defineFault({
  name: 'bandwidth',
  family: 'network',
  claim: 'These links carry only so many bytes in a second.',
  model: 'inside',
  because: TIMEOUTS,
  weight: 3,
  parameters: slowLinkParameters,
  ...worsening<z.output<typeof slowLinkParameters>>(({ rate }) => ({
    ...GOOD_LINK,
    bytesPerMs: rate,
  })),
  draw: (random, shape) => ({ rate: random.between(1, 20), ...drawLinks(random, shape) }),
  describe: (params, name) => `bandwidth of ${params.rate}kB/s ${linkText(params, name)}`,
});

const MESSAGES = [
  'notification',
  'followerInfo',
  'observerInfo',
  'leaderInfo',
  'ackEpoch',
  'diff',
  'trunc',
  'snap',
  'proposal',
  'commit',
  'inform',
  'newLeader',
  'ack',
  'upToDate',
  'request',
  'sync',
  'ping',
  'revalidate',
  'greeting',
  'connect',
  'connected',
  'operation',
  'reply',
  'clientPing',
  'clientPong',
  'closeSession',
  'sessionClosed',
] as const satisfies readonly MessageKind[];

const messageKind = z.enum(MESSAGES, { error: `a kind of message: ${MESSAGES.join(', ')}` });
const messageParameters = z.strictObject({
  message: messageKind,
  from: hosts.optional(),
  to: hosts.optional(),
  nth: integerFrom(1, 1_000_000).optional(),
});
type MessageParameters = z.output<typeof messageParameters>;

interface Ends {
  readonly from?: Hosts | undefined;
  readonly to?: Hosts | undefined;
}

function endHosts({ from, to }: Ends): Hosts[] {
  return [from, to].filter((host) => host !== undefined);
}

/** Undefined stands for everybody. */
function endsOf({ params, cast }: Scene<Ends>): { from: ActorId; to: ActorId } {
  const ends = cast.slice();
  const from = params.from === undefined ? [WORLD] : (ends.shift() ?? []);
  const to = params.to === undefined ? [WORLD] : (ends.shift() ?? []);
  return { from: from[0] ?? WORLD, to: to[0] ?? WORLD };
}

function picking(how: 'lose' | 'reset'): {
  readonly family: 'network';
  readonly lasts: 'while';
  readonly mayHalt: boolean;
  readonly patient: true;
  readonly parameters: typeof messageParameters;
  hosts(params: MessageParameters): readonly Hosts[];
  begin(scene: Scene<MessageParameters>): void;
  end(scene: Scene<MessageParameters>): void;
} {
  return {
    family: 'network',
    lasts: 'while',
    mayHalt: how === 'lose',
    patient: true,
    parameters: messageParameters,
    hosts: endHosts,
    begin: (scene) => {
      const { message, nth = 1 } = scene.params;
      const { from, to } = endsOf(scene);
      scene.world.setDrop(scene.fault, { from, to, message, nth, how });
    },
    end: ({ world, fault }) => world.setDrop(fault, undefined),
  };
}

function messageText({ message, from, to, nth = 1 }: MessageParameters): string {
  const route = [
    from === undefined ? '' : ` from ${String(from)}`,
    to === undefined ? '' : ` to ${String(to)}`,
  ];
  return `${message} number ${nth}${route.join('')}`;
}

const delayParameters = z.strictObject({
  by: duration,
  ...linkShape,
  message: messageKind.optional(),
  nth: integerFrom(1, 1_000_000).optional(),
});
type DelayParameters = z.output<typeof delayParameters>;
const allMessages = worsening<DelayParameters>(({ by }) => ({ ...GOOD_LINK, delayUs: by }));

const delay = defineFault({
  name: 'delay',
  family: 'network',
  claim: 'Every message on these links takes so much longer, or only the n-th one of a kind.',
  model: 'inside',
  because: TIMEOUTS,
  weight: 8,
  parameters: delayParameters,
  ...allMessages,
  hosts: (params) => (params.message === undefined ? linkHosts(params) : endHosts(params)),
  draw: (random, shape) => ({
    by: 1000 * random.between(5, Math.ceil((shape.syncUs * 0.8) / 1000)),
    ...drawLinks(random, shape),
  }),
  begin: (scene) => {
    const { message, nth = 1, by } = scene.params;
    if (message === undefined) return allMessages.begin(scene);
    const drop = { ...endsOf(scene), message, nth, how: { lateUs: by } } as const;
    scene.world.setDrop(scene.fault, drop);
  },
  end: (scene) => {
    if (scene.params.message === undefined) allMessages.end(scene);
    else scene.world.setDrop(scene.fault, undefined);
  },
  describe: (params, name) => {
    const { message, by } = params;
    const text = `delay of ${by / 1000}ms`;
    if (message === undefined) return `${text} ${linkText(params, name)}`;
    return `${text} for ${messageText({ ...params, message })}`;
  },
});

const BETWEEN_VOTERS = [
  ...(['ack', 'ack', 'ack', 'proposal', 'proposal', 'commit', 'commit', 'newLeader'] as const),
  ...(['upToDate', 'ackEpoch', 'leaderInfo', 'followerInfo', 'diff', 'trunc', 'snap'] as const),
  ...(['notification', 'request', 'ping'] as const),
];
const TO_OBSERVERS = ['observerInfo', 'inform'] as const;

function drawMessage(random: Draw, { observers }: FaultShape): MessageParameters {
  const words = observers.length > 0 ? [...BETWEEN_VOTERS, ...TO_OBSERVERS] : BETWEEN_VOTERS;
  return { message: random.pick(words), nth: random.pick([1, 1, 2, 3, 5, 8]) };
}

const dropMessage = defineFault({
  ...picking('lose'),
  name: 'drop-message',
  claim: 'Breaking TCP: the n-th message of a kind is lost, what follows it arrives.',
  model: 'outside',
  because: BREAKS_TCP,
  weight: 0,
  draw: drawMessage,
  describe: (params) => `breaking TCP: lose ${messageText(params)}`,
});

const cutMessage = defineFault({
  ...picking('reset'),
  name: 'cut-message',
  claim: 'The connection breaks just as the n-th message of a kind is sent on it.',
  model: 'inside',
  because: 'a broken connection ends the role of a learner, which starts again from its disk',
  weight: 10,
  draw: drawMessage,
  describe: (params) => `the connection breaks at ${messageText(params)}`,
});

export const NETWORK_QUALITY: readonly FaultKind[] = [
  ...[delay, loss, flakyLink, reset, slowLink],
  ...[cutMessage, duplicate, reorder, dropMessage],
];
