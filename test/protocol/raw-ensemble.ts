// A simulated ensemble and connections without a client behind them: what a library would never do
// can be done here, such as to speak on after the session has moved to another server.
import type { Message } from '../../protocol/message.js';
import { bare, packet } from '../../protocol/message.js';
import type { ServerId, SessionId, Zxid } from '../../protocol/ids.js';
import { NO_ZXID } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { stepPeer, UNBORN } from '../../protocol/peer.js';
import { passwordOf } from '../../protocol/session/password.js';
import type { PeerState } from '../../protocol/state.js';
import { roleName } from '../../protocol/state.js';
import type { ActorId, RecordKind, TraceRecord } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { GOOD_DISK } from '../../sim/world/conditions.js';
import type { Reducers } from '../../sim/world/reducers.js';
import { VirtualWorld } from '../../sim/world/virtual-world.js';
import { initialProbe, stepProbe } from '../conformance/simulated/probe.js';
import type { Probe } from '../conformance/simulated/probe.js';
import type { ClusterOptions } from './cluster-setup.js';
import { clusterSetup, durationUs } from './cluster-setup.js';
import { messageText } from './session-server.js';

const REDUCERS: Reducers<PeerState, Probe> = {
  initialPeer: () => UNBORN,
  stepPeer,
  initialClient: initialProbe,
  stepClient: (_config, probe, event) => stepProbe(probe, event),
};

const CONNECTIONS = 8;
/** No answer is later than this. */
const PATIENCE_US = 50_000;

export interface Resuming {
  /** The connection whose session this one brings. */
  readonly of?: string;
  readonly timeoutMs?: number;
  readonly password?: string;
}

export class RawEnsemble {
  readonly world: VirtualWorld<PeerState, Probe>;
  readonly recorder = new Recorder({ level: 'full' });
  readonly #actors = new Map<string, ActorId>();
  readonly #sessions = new Map<string, SessionId>();
  #cxid = 0;

  constructor(voters: number, options: ClusterOptions = {}) {
    const setup = clusterSetup(voters, { ...options, noClient: true });
    const clients = Array.from({ length: CONNECTIONS }, () => {
      return { sessionTimeoutMs: 6000, servers: [1], chroot: undefined };
    });
    const world = { ...setup, clients };
    this.world = new VirtualWorld(world, '1', this.recorder, { reducers: REDUCERS });
    while (!this.#serve()) this.world.step();
  }

  #serve(): boolean {
    const { servers } = this.world.setup.ensemble;
    return servers.every((sid) => roleName(this.world.peer(sid).role).endsWith('/broadcast'));
  }

  leader(): number {
    const { servers } = this.world.setup.ensemble;
    return servers.find((sid) => this.world.peer(sid).role.kind === 'leading')!;
  }

  /** Their disks answer no more, or again. */
  stall(servers: readonly number[], stalled: boolean): this {
    for (const sid of servers) {
      const condition = stalled ? { ...GOOD_DISK, stalled } : undefined;
      this.world.setDisk(sid, sid as ActorId, condition);
    }
    return this;
  }

  #probe(name: string): Probe {
    return this.world.client(this.#actors.get(name)!);
  }

  /** Has the probe carry out what it is wanted to. */
  #wake(name: string): void {
    this.world.invoke(this.#actors.get(name)!, { kind: 'whoAmI' });
  }

  run(duration: string): this {
    this.world.advanceTo(this.world.nowUs + durationUs(duration));
    return this;
  }

  #send(name: string, message: Message): void {
    this.#probe(name).want({ kind: 'send', message });
    this.#wake(name);
  }

  /** A connection of that name to a server, with a session of its own or another's. */
  connect(name: string, server: number, { of, timeoutMs = 6000, password }: Resuming = {}): string {
    this.#actors.set(name, (FIRST_CLIENT + this.#actors.size) as ActorId);
    this.#probe(name).dial(server as ServerId);
    this.#wake(name);
    this.run('10ms');
    const session = of === undefined ? (0 as SessionId) : this.sessionOf(of);
    const own = password ?? passwordOf(session);
    const body = { session, timeoutMs, password: own, lastZxid: 0 as Zxid, address: '10.0.0.1' };
    this.#send(name, packet('connect', NO_ZXID, body));
    this.world.advanceTo(this.world.nowUs + PATIENCE_US);
    for (const message of this.#probe(name).received) {
      if (message.kind === 'connected') this.#sessions.set(name, message.body.session);
    }
    return this.heard(name).replace(/\d{8,}/g, 'S');
  }

  sessionOf(name: string): SessionId {
    return this.#sessions.get(name)!;
  }

  /** Sends, and waits for what comes. */
  tell(name: string, message: Message): string {
    this.#send(name, message);
    this.world.advanceTo(this.world.nowUs + PATIENCE_US);
    return this.heard(name);
  }

  ask(name: string, op: Operation): string {
    return this.tell(name, packet('operation', NO_ZXID, { cxid: ++this.#cxid, op }));
  }

  ping(name: string): string {
    return this.tell(name, bare('clientPing'));
  }

  close(name: string): string {
    return this.tell(name, packet('closeSession', NO_ZXID, { cxid: ++this.#cxid }));
  }

  hangUp(name: string): this {
    this.#probe(name).want({ kind: 'close' });
    this.#wake(name);
    return this.run('10ms');
  }

  /** What came over a connection since it was last asked, without numbers; `closed` at the end. */
  heard(name: string): string {
    const probe = this.#probe(name);
    const texts = probe.received.splice(0).map((message) => {
      return messageText(message)
        .replace(/^-?\d+ /, '')
        .replace(/ @-?\d+$/, '');
    });
    if (probe.phase === 'closed') texts.push('closed');
    return texts.join('; ');
  }

  records(kind: RecordKind): TraceRecord[] {
    return [...this.recorder.records()].filter((record) => record.kind === kind);
  }

  /** Names in a server's memory. */
  treeOf(sid: number): string[] {
    const paths = [...this.world.peer(sid as ServerId).database.tree.znodes.keys()];
    const isOurs = (path: string): boolean => path !== '/' && !path.startsWith('/zookeeper');
    return paths.filter(isOurs).sort((a, b) => (a < b ? -1 : 1));
  }
}
