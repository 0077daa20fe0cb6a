// Sequences of operations by one to three clients: what they ask for, and how their connections
// come and go. A sequence is a list of steps of a script, so that one which shows a difference can
// be kept as a script.
import fc from 'fast-check';
import type { RequestStep, Step } from '../script/script.js';
import { OPCODES } from '../wire/opcodes.js';
import { auth, fatal, pipelined, request } from './requests.js';

type Move =
  | { readonly kind: 'request'; readonly step: RequestStep }
  | { readonly kind: 'pipeline'; readonly steps: readonly RequestStep[] }
  | { readonly kind: 'fatal'; readonly step: RequestStep }
  | { readonly kind: 'quota'; readonly limits: string; readonly path: string }
  | { readonly kind: 'close' | 'cut' | 'resume' | 'resumeBadly' };

const QUOTAS = [
  ...[
    'count=3,bytes=-1',
    'count=-1,bytes=6',
    'count=2,bytes=10=;byteHardLimit=10;countHardLimit=2',
  ],
  ...['count=-1,bytes=-1=;countHardLimit=3', 'count=-1,bytes=-1=;byteHardLimit=4'],
];

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 60, arbitrary: request.map((step): Move => ({ kind: 'request', step })) },
  { weight: 4, arbitrary: auth.map((step): Move => ({ kind: 'request', step })) },
  { weight: 3, arbitrary: pipelined.map((steps): Move => ({ kind: 'pipeline', steps })) },
  { weight: 1, arbitrary: fatal.map((step): Move => ({ kind: 'fatal', step })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('quota' as const),
      limits: fc.constantFrom(...QUOTAS),
      path: fc.constantFrom('/a', '/a/x', '/b'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('close' as const, 'cut' as const, 'resume' as const, 'resumeBadly' as const)
      .map((kind): Move => ({ kind })),
  },
);

const CONFIG = '/zookeeper/config';
const NAMES = ['A', 'B', 'D'];

/** Gives each move to a client, whose connections are A, A2, A3 and so on. */
class Cast {
  readonly steps: Step[] = [];
  readonly #names: string[] = [];
  readonly #counts: number[];

  readonly #servers: readonly string[];
  readonly #clients: number;
  /** Where the client who moves connects next. */
  #server = 0;

  constructor(clients: number, servers: readonly string[]) {
    this.#clients = clients;
    this.#servers = servers;
    this.#counts = Array.from({ length: clients }, () => 0);
    for (let client = 0; client < clients; client++) {
      this.#server = client;
      this.#connect(client, {});
    }
  }

  #nameOf(client: number): string {
    const count = this.#counts[client] ?? 0;
    return `${NAMES[client] ?? ''}${count > 1 ? count : ''}`;
  }

  #connect(client: number, more: object): void {
    this.#counts[client] = (this.#counts[client] ?? 0) + 1;
    const name = this.#nameOf(client);
    this.#names.push(name);
    const server = this.#servers[this.#server % Math.max(1, this.#servers.length)];
    this.steps.push({
      op: 'connect',
      s: name,
      ...more,
      ...(server === undefined ? {} : { server }),
    });
  }

  /** `who` decides the client, and the server if it connects. */
  play(who: number, what: Move): void {
    const client = who % this.#clients;
    this.#server = Math.floor(who / this.#clients);
    const s = this.#nameOf(client);
    switch (what.kind) {
      case 'request':
        this.steps.push({ ...what.step, s });
        return;
      case 'pipeline':
        this.steps.push({ op: 'pipeline', s, ops: [...what.steps] });
        return;
      case 'fatal':
        this.steps.push({ ...what.step, s });
        return this.#connect(client, { resume: s });
      case 'quota':
        return this.#quota(s, what.path, what.limits);
      case 'close':
        this.steps.push({ op: 'close', s });
        return this.#connect(client, {});
      case 'cut':
        this.steps.push({ op: 'disconnect', s });
        return this.#connect(client, { resume: s });
      case 'resume':
        return this.#connect(client, { resume: s });
      case 'resumeBadly':
        this.#connect(client, { resume: s, badPassword: true });
        return this.#connect(client, { resume: s });
    }
  }

  /** As the command line sets one: parents first. */
  #quota(s: string, path: string, limits: string): void {
    let node = '/zookeeper/quota';
    for (const part of path.slice(1).split('/')) {
      node = `${node}/${part}`;
      this.steps.push({ op: 'create', s, path: node });
    }
    this.steps.push({ op: 'create', s, path: `${node}/zookeeper_limits`, data: limits });
    this.steps.push({ op: 'create', s, path: `${node}/zookeeper_stats`, data: 'count=0,bytes=0' });
    this.steps.push({ op: 'getData', s, path: `${node}/zookeeper_stats` });
  }
}

const MOST_OPERATIONS = 30;

function requestsOf(drawn: Move): readonly RequestStep[] {
  if (drawn.kind === 'pipeline') return drawn.steps;
  return drawn.kind === 'request' ? [drawn.step] : [];
}

/**
 * What an ensemble makes another one of itself with, or is known to answer otherwise: a
 * reconfiguration, its configuration, and an ephemeral without a path in a local session.
 */
function isOfEnsemble(step: RequestStep): boolean {
  if (step.op === 'raw') return step.opcode === OPCODES.reconfig;
  if ('ops' in step) return step.ops.some(isOfEnsemble);
  if (!('path' in step)) return step.op === 'reconfig';
  return step.path === CONFIG || (step.path === null && step.op.startsWith('create'));
}

function isBeyond(step: RequestStep): boolean {
  return isOfEnsemble(step) || isUnreadableQuota(step);
}

const QUOTA_NODE = /\/zookeeper_(limits|stats)$/;
const QUOTA_TEXT = /^(count=-?\d+,bytes=-?\d+(=;\w+HardLimit=\d+(;\w+HardLimit=\d+)?)?)?$/;

/** A quota that it cannot read ends the process of a real server when it counts. */
function isUnreadableQuota(step: RequestStep): boolean {
  if ('ops' in step) return step.ops.some(isUnreadableQuota);
  if (step.op !== 'create' && step.op !== 'create2' && step.op !== 'setData') return false;
  const { path, data = '' } = step;
  if (typeof path !== 'string' || !QUOTA_NODE.test(path)) return false;
  return typeof data !== 'string' || !QUOTA_TEXT.test(data);
}

/** Up to 30 operations by one to three clients, connected to servers in these roles. */
export function sequences(servers: readonly string[] = []): fc.Arbitrary<Step[]> {
  const refused = servers.length === 0 ? isUnreadableQuota : isBeyond;
  const usual = move.filter((drawn) => !requestsOf(drawn).some(refused));
  const moves = fc.array(fc.tuple(fc.nat({ max: 1000 }), usual), {
    minLength: 1,
    maxLength: MOST_OPERATIONS,
    size: 'max',
  });
  const clients = fc.integer({ min: 1, max: NAMES.length });
  return fc.record({ clients, moves }).map((drawn) => {
    const cast = new Cast(drawn.clients, servers);
    for (const [who, what] of drawn.moves) cast.play(who, what);
    return cast.steps;
  });
}

/**
 * Ends every session that a sequence may have left behind, connected or not: nothing is to expire
 * later.
 */
export function epilogue(steps: readonly Step[]): Step[] {
  const connects = steps.filter((step) => step.op === 'connect');
  return connects.flatMap(({ s, server }): Step[] => [
    { op: 'connect', s: `${s}z`, resume: s, server },
    { op: 'close', s: `${s}z` },
  ]);
}
