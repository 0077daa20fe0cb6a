// What a server is asked for by mistake or in bad faith, and what a real ZooKeeper 3.8.0 says to
// it: every malformed path, oversized value, wrong version, unknown operation, bad ACL, forged
// password. None of it changes a znode. The same words for everybody who answers: `saidText`.
import type { Answer } from './script/answer.js';
import { conduct } from './script/conductor.js';
import { Connection, newSession } from './script/connection.js';
import type { Endpoint } from './script/endpoint.js';
import { requestOf } from './script/request.js';
import type { RequestStep, Script, ScriptAcl, ScriptText, Step } from './script/script.js';

export interface BadInput {
  readonly step: Step;
  readonly says: string;
}

const ACTOR = 'A';

/** What there is before: `/a`, which everybody may use, `/mine`, which nobody else may. */
const FURNITURE: readonly RequestStep[] = [
  { op: 'create', path: '/a', data: 'text' },
  { op: 'create', path: '/a/child' },
  { op: 'auth', auth: 'owner:secret' },
  { op: 'create', path: '/mine', acl: 'creator' },
  { op: 'create', path: '/mine/child', acl: 'creator' },
  { op: 'create', path: '/brief', mode: 'ephemeral' },
];

const NOT_EVEN_A_SLASH = ['', 'a', '\\', 'a\u0001'];
const NUL = ['/a\u0000', '/\u0000', '/a/\u0000x'];
const BAD_NAMES = [
  ...['/.', '/..', '/a/.', '/a/..', '//', '/a/', '/a\u0001', '/a\u001f', '/a\u007f', '/a\u009f'],
  ...['/a\tb', '/a\nb', '/\ue000', '/\uf8ff', '/\ufff0', '/\uffff', '/\u{1f600}', '/a/\u0001'],
];
const BELOW_NOTHING = ['/a//b', '/a/./b', '/a/../b', '/none/', '/none/\u0001', ' /a'];
const BAD_BYTES: readonly ScriptText[] = [
  ...[{ hex: '2fff' }, { hex: '2f80' }, { hex: '2fc080' }, { hex: '2feda080' }, { hex: '2fe282' }],
];
const LEGAL: readonly ScriptText[] = ['/none', '/...', '/.x', '/a ', '/a\u00a0', '/\uf900'];
const INVALID = [...NOT_EVEN_A_SLASH, ...NUL, ...BAD_NAMES, ...BELOW_NOTHING, ...BAD_BYTES];
const MALFORMED_PATHS = [...INVALID.filter((path) => path !== ''), ...LEGAL];

type Paths = readonly (readonly [readonly ScriptText[], string])[];

const OF_CREATE: Paths = [
  [[...NOT_EVEN_A_SLASH, ...NUL, ...BAD_NAMES, ...BAD_BYTES], 'BADARGUMENTS'],
  [BELOW_NOTHING, 'NONODE'],
  [['/', '/a', '/zookeeper'], 'NODEEXISTS'],
  [['/brief/x'], 'NOCHILDRENFOREPHEMERALS'],
  [['/mine/x', '/mine/child'], 'NOAUTH'],
  [[null], 'MARSHALLINGERROR'],
];
const OF_DELETE: Paths = [
  [[...NOT_EVEN_A_SLASH, ...NUL], 'BADARGUMENTS'],
  [['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'], 'BADARGUMENTS'],
  [[...BAD_NAMES, ...BELOW_NOTHING, ...BAD_BYTES, ...LEGAL], 'NONODE'],
  [['/a'], 'NOTEMPTY'],
  [['/mine/child', '/mine/none'], 'NOAUTH'],
  [[null], 'MARSHALLINGERROR'],
];
const OF_CHANGE: Paths = [
  [[...INVALID, null], 'BADARGUMENTS'],
  [LEGAL, 'NONODE'],
  [['/mine', '/zookeeper/config'], 'NOAUTH'],
];
const OF_READ: Paths = [
  [MALFORMED_PATHS, 'NONODE'],
  [['/mine'], 'NOAUTH'],
  [[null], 'MARSHALLINGERROR'],
];
const OF_EXISTS: Paths = [
  [MALFORMED_PATHS.filter((path) => typeof path !== 'string' || !NUL.includes(path)), 'NONODE'],
  [NUL, 'BADARGUMENTS'],
  [[null], 'MARSHALLINGERROR'],
];

function byPath(paths: Paths, stepAt: (path: ScriptText) => RequestStep): BadInput[] {
  return paths.flatMap(([list, says]) => list.map((path) => ({ step: stepAt(path), says })));
}

/** A multi says it of its part, and that what follows was not tried. */
function inMulti(paths: Paths, stepAt: (path: ScriptText) => RequestStep): BadInput[] {
  const there = paths.map(([list, says]) => [list.filter((path) => path !== null), says] as const);
  return byPath(there, stepAt).map(({ step, says }) => ({
    step: { op: 'multi', ops: [CREATE, step as RequestStep, CREATE] },
    says: `OK: OK ${says} RUNTIMEINCONSISTENCY`,
  }));
}

const CREATE: RequestStep = { op: 'create', path: '/new' };

const PATHS: readonly BadInput[] = [
  ...byPath(OF_CREATE, (path) => ({ op: 'create', path })),
  ...byPath(OF_CREATE, (path) => ({ op: 'create2', path, mode: 'ephemeral' })),
  ...byPath(OF_CREATE, (path) => ({ op: 'create', path, mode: 'container' })),
  ...byPath(OF_CREATE, (path) => ({ op: 'create', path, mode: 'ttl', ttl: 60_000 })),
  ...byPath(OF_DELETE, (path) => ({ op: 'delete', path })),
  ...byPath(OF_CHANGE, (path) => ({ op: 'setData', path, data: 'new' })),
  ...byPath(OF_CHANGE, (path) => ({ op: 'setACL', path, acl: 'read' })),
  ...byPath(OF_EXISTS, (path) => ({ op: 'exists', path })),
  ...byPath(OF_READ, (path) => ({ op: 'getData', path })),
  ...byPath(OF_READ, (path) => ({ op: 'getChildren', path })),
  ...byPath(OF_READ, (path) => ({ op: 'getChildren2', path })),
  ...byPath(OF_READ, (path) => ({ op: 'getACL', path })),
  ...byPath(OF_READ, (path) => ({ op: 'getAllChildrenNumber', path })),
  ...inMulti(OF_CREATE, (path) => ({ op: 'create', path })),
  ...inMulti(OF_DELETE, (path) => ({ op: 'delete', path })),
  ...inMulti(OF_CHANGE, (path) => ({ op: 'setData', path })),
];

const WRONG = [1, 7, -2, 2_147_483_647, -2_147_483_648];
const VERSIONS: readonly BadInput[] = WRONG.flatMap((version): BadInput[] => [
  { step: { op: 'setData', path: '/a', version }, says: 'BADVERSION' },
  { step: { op: 'setACL', path: '/a', acl: 'read', version }, says: 'BADVERSION' },
  { step: { op: 'delete', path: '/a/child', version }, says: 'BADVERSION' },
  { step: { op: 'delete', path: '/a', version }, says: 'BADVERSION' },
  { step: { op: 'multi', ops: [{ op: 'check', path: '/a', version }] }, says: 'OK: BADVERSION' },
]);

const BAD_LISTS: readonly ScriptAcl[] = [
  ...[null, [], ['r:world:nobody'], ['r:world:'], ['r:World:anyone'], ['r:foo:x'], ['r::x']],
  ...[['r:auth:'], ['r:digest:nocolon'], ['r:digest:a:b:c'], ['r:digest:'], ['r:super:x']],
  ...[['r:sasl:x'], ['r:x509:x'], ['r:ip:host'], ['r:ip:127.0.0'], ['r:ip:1.2.3.256'], ['r:ip:']],
  ...[['r:ip:127.0.0.1/33'], ['r:ip:127.0.0.1/-1'], ['r:ip:127.0.0.1/x'], ['r:ip:::1/129']],
  ...[
    ['rwcda:world:anyone', 'r:foo:x'],
    ['r:foo:x', 'rwcda:world:anyone'],
  ],
];
const ACLS: readonly BadInput[] = BAD_LISTS.flatMap((acl): BadInput[] => [
  { step: { op: 'create', path: '/new', acl }, says: 'INVALIDACL' },
  { step: { op: 'create', path: '/none/new', acl }, says: 'INVALIDACL' },
  { step: { op: 'setACL', path: '/a', acl }, says: 'INVALIDACL' },
  { step: { op: 'setACL', path: '/none', acl }, says: 'INVALIDACL' },
  { step: { op: 'multi', ops: [{ op: 'create', path: '/new', acl }] }, says: 'OK: INVALIDACL' },
]);

const MODES: readonly BadInput[] = [
  ...[5, 6, 7, 8, 255, -1, 2_147_483_647].flatMap((mode): BadInput[] => [
    { step: { op: 'create', path: '/new', mode }, says: 'BADARGUMENTS' },
    { step: { op: 'create2', path: '/new', mode }, says: 'BADARGUMENTS' },
  ]),
  ...[0, -1, -2, 1_099_511_627_776].map((ttl): BadInput => {
    return { step: { op: 'create', path: '/new', mode: 'ttl', ttl }, says: 'BADARGUMENTS' };
  }),
];

const LARGEST = 1_048_575;
/** Of a setData of `/a`, beside the data: header, path, two lengths and the version. */
const AROUND = 24;

const SIZES: readonly BadInput[] = [LARGEST - AROUND + 3, LARGEST, 2 * LARGEST].map((n) => ({
  step: { op: 'setData', path: '/a', data: { repeat: 'x', n } },
  says: 'hangs up',
}));

const NO_OPERATIONS = [0, 10, 23, 24, 55, 99, 108, 1000, -1, -9, -100, 2_147_483_647];
const OPERATIONS: readonly BadInput[] = [
  ...NO_OPERATIONS.map((opcode) => ({
    step: { op: 'raw', opcode, hex: '' } as const,
    says: 'UNIMPLEMENTED, hangs up',
  })),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 16, 17, 18, 19, 21, 22, 101, 103, 104, 105, 106].flatMap(
    (opcode) =>
      ['', '00', '7fffffff', 'fffffffe'].map((hex) => ({
        step: { op: 'raw', opcode, hex } as const,
        says: 'MARSHALLINGERROR',
      })),
  ),
  {
    step: { op: 'multi', ops: [CREATE, { op: 'setACL', path: '/a', acl: 'read' }] },
    says: 'MARSHALLINGERROR',
  },
  {
    step: { op: 'multi', ops: [CREATE, { op: 'getData', path: '/a' }] },
    says: 'MARSHALLINGERROR',
  },
];

const WATCHES: readonly BadInput[] = [
  ...[-1, 2, 3, 7].map((mode): BadInput => {
    return { step: { op: 'addWatch', path: '/a', mode }, says: 'MARSHALLINGERROR' };
  }),
  ...[0, 4, 9, -1].map((type): BadInput => {
    return { step: { op: 'removeWatches', path: '/a', type }, says: 'MARSHALLINGERROR' };
  }),
  ...(['any', 'data', 'children'] as const).flatMap((type): BadInput[] => [
    { step: { op: 'removeWatches', path: '/a', type }, says: 'NOWATCHER' },
    { step: { op: 'checkWatches', path: '/a', type }, says: 'NOWATCHER' },
  ]),
];

const SESSIONS: readonly BadInput[] = [
  { step: { op: 'connect', s: 'B', resume: ACTOR, badPassword: true }, says: 'no session' },
  { step: { op: 'connect', s: 'B', sid: 12_345 }, says: 'no session' },
  { step: { op: 'connect', s: 'B', lastZxid: 'future' }, says: 'hangs up' },
  ...['world', 'foo', 'super', 'sasl', 'Digest', ''].map((scheme): BadInput => {
    return { step: { op: 'auth', scheme, auth: 'x:y' }, says: 'AUTHFAILED, hangs up' };
  }),
];

export const BAD_INPUT: readonly BadInput[] = [
  ...[PATHS, VERSIONS, ACLS, MODES, SIZES, OPERATIONS, WATCHES, SESSIONS].flat(),
];

/** What was said to the one who asked. */
function saidText(answer: Answer): string {
  const { err, results, session, lost = [] } = answer;
  if (session === null) return 'no session';
  if (err === undefined) return answer.closed === true ? 'hangs up' : 'nothing';
  const parts = results === undefined || results.length === 0 ? '' : `: ${partsText(results)}`;
  return `${err}${parts}${lost.includes(ACTOR) ? ', hangs up' : ''}`;
}

function partsText(results: NonNullable<Answer['results']>): string {
  return results.map(({ err = 'done' }) => err).join(' ');
}

/** Whoever asks finds the furniture, whose owner stays. */
export class BadClient {
  readonly #endpoint: Endpoint;
  readonly #owner: Connection;

  constructor(endpoint: Endpoint, owner: Connection) {
    this.#endpoint = endpoint;
    this.#owner = owner;
  }

  static async at(endpoint: Endpoint): Promise<BadClient> {
    const channel = await endpoint.dial(1);
    if (channel === undefined) throw new Error('no server');
    const owner = new Connection('owner', channel, endpoint);
    await owner.connect(newSession(10_000));
    for (const step of FURNITURE) {
      const reply = await owner.reply(owner.send(step.op, requestOf(step, 0n)));
      if (typeof reply === 'string' || reply.code !== 0) throw new Error(`no ${step.op}`);
    }
    return new BadClient(endpoint, owner);
  }

  /** What is said to it, on a connection of its own. */
  async ask({ step }: BadInput, script: Omit<Script, 'steps'>, server?: string): Promise<string> {
    await this.#owner.ping();
    const to = server === undefined ? {} : { server };
    const connect: Step = { op: 'connect', s: ACTOR, ...to };
    const asks: Step = step.op === 'connect' ? { ...step, ...to } : ({ s: ACTOR, ...step } as Step);
    const answers = await conduct({ ...script, steps: [connect, asks] }, this.#endpoint);
    return saidText(answers[1] ?? { '#': '' });
  }

  leave(): void {
    this.#owner.hangUp();
  }
}
