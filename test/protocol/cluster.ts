// Stories about an ensemble, told in its own words:
// `cluster(3).elect().propose('a').crash(leader).elect()`. The world is real, and so are the
// checkers: a story ends when its trace has been judged, whether or not it asks for that, and one
// that ends with a violation fails. What fails says how to see it again.
import { expect, onTestFinished } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import type { MessageKind } from '../../protocol/message.js';
import type { CreateOperation, Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import { ownsClientConn } from '../../protocol/session/front.js';
import { roleName } from '../../protocol/state.js';
import type { Txn } from '../../protocol/txn.js';
import { Judge } from '../../sim/checkers/judge.js';
import { livenessBoundUs } from '../../sim/checkers/liveness-bound.js';
import type { Violation } from '../../sim/checkers/verdict.js';
import type { ActorId, RecordKind, TraceRecord } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import type { CrashKind, DiskCondition, LinkCondition } from '../../sim/world/conditions.js';
import { GOOD_DISK, GOOD_LINK } from '../../sim/world/conditions.js';
import type { Where } from './cluster-records.js';
import { lineOf, matches, reportOf } from './cluster-records.js';
import type { ClusterOptions } from './cluster-setup.js';
import { clusterSetup, durationUs, wordOf } from './cluster-setup.js';
import type { Who } from './cluster-view.js';
import { ClusterView, everybody } from './cluster-view.js';

export type { ClusterOptions } from './cluster-setup.js';
export type { Where } from './cluster-records.js';
export type { Who } from './cluster-view.js';
export { everybody, followers, leader, others } from './cluster-view.js';

/** Of all clients: the one that knows all servers, and goes where the leader is. */
const THE_CLIENT = actor(FIRST_CLIENT);
/** No story waits for longer than this, virtual time. */
const PATIENCE = '30s';
/** Faults 1 to 127 are about a server, up to 2^14 about two; losses are numbered from here. */
const FIRST_LOSS = 20_000;

function actor(id: number): ActorId {
  return id as ActorId;
}

export class Cluster extends ClusterView {
  readonly #judge: Judge;
  readonly #options: ClusterOptions;
  readonly #clients: ReadonlyMap<number, ActorId>;
  #apart = new Set<number>();
  #paused = new Set<number>();
  /** Count of records when the last word began. */
  #mark = 0;
  #losses = FIRST_LOSS;
  #expected: readonly string[] = [];
  #violations: readonly Violation[] | undefined;

  constructor(voters: number, options: ClusterOptions = {}) {
    const setup = clusterSetup(voters, options);
    const { ensemble, timing, limits, service } = setup;
    const judge = new Judge({ ensemble, timing, limits, service, clients: setup.clients.length });
    super(setup, options.seed ?? '1', (recorder) => judge.attach(recorder));
    this.#judge = judge;
    this.#options = options;
    const { clientsAt = [], without = [] } = options;
    this.#clients = new Map(clientsAt.map((sid, at) => [sid, actor(FIRST_CLIENT + 1 + at)]));
    for (const sid of without) this.world.crash(sid, actor(sid), 'process');
  }

  // What happens by itself

  runFor(duration: string): this {
    this.#word();
    this.world.advanceTo(this.world.nowUs + durationUs(duration));
    return this;
  }

  /** Until such a record is written; one that the last word brought about counts. */
  waitFor(kind: RecordKind, where: Where = {}, within = PATIENCE): this {
    let seen = this.#mark;
    const isThere = (): boolean => {
      const found = this.records(kind, where, seen).length > 0;
      seen = this.recorder.count;
      return found;
    };
    return this.until(isThere, `record ${kind} ${JSON.stringify(where)}`, within);
  }

  until(isDone: () => boolean, what: string, within = PATIENCE): this {
    this.#word();
    const deadlineUs = this.world.nowUs + durationUs(within);
    while (!isDone()) {
      const nextUs = this.world.peekUs();
      if (nextUs === undefined || nextUs > deadlineUs) {
        this.fail(`there was no ${what} within ${within}`);
      }
      this.world.step();
    }
    return this;
  }

  /** Until one server leads and everybody who can follows; the client goes to the leader. */
  elect(): this {
    const isAble = (sid: number): boolean =>
      this.isUp(sid) && !this.#apart.has(sid) && !this.#paused.has(sid);
    this.until(() => {
      const roles = this.servers()
        .filter(isAble)
        .map((sid) => this.roleOf(sid));
      const serve = roles.every((role) => role.endsWith('/broadcast'));
      return serve && roles.filter((role) => role.startsWith('leading')).length === 1;
    }, 'leader whom all follow');
    return this.#options.noClient === true ? this : this.moveClient(this.leader());
  }

  /** Heals and starts everything; then all must come to serve with one history. */
  settle(): this {
    this.heal().restartAll();
    this.world.announce({ kind: 'quiet', peer: 0, value: 0, text: '', cause: -1 });
    const bound = `${livenessBoundUs(this.world.setup.timing)}us`;
    return this.until(() => this.#isAtRest(), 'common history', bound);
  }

  #isAtRest(): boolean {
    const states = this.servers().map((sid) => this.peer(sid));
    const lineage = states[0]?.database.lineage;
    const onDisk = this.servers().map((sid) => this.diskOf(sid).log.lineage);
    return states.every(({ role, database }, index) => {
      const same = database.lineage === lineage && onDisk[index] === lineage;
      return same && roleName(role).endsWith('/broadcast');
    });
  }

  // What clients do

  /** The client asks for znodes of these names (`~a`: ephemeral); until they are all proposed. */
  propose(...names: readonly string[]): this {
    return this.#create(names, 'proposed', THE_CLIENT);
  }

  /** As `propose`, and until the client has its answers. */
  write(...names: readonly string[]): this {
    return this.#create(names, 'completed', THE_CLIENT);
  }

  /** As `write`, by the client that knows this server only. */
  writeAt(sid: number, ...names: readonly string[]): this {
    return this.#create(names, 'completed', this.clientAt(sid));
  }

  #create(names: readonly string[], until: 'proposed' | 'completed', client: ActorId): this {
    const from = this.recorder.count;
    const paths = names.map((name) => `/${name.replace('~', '')}`);
    paths.forEach((path, at) => {
      const data = names[at] ?? '';
      const mode = data.startsWith('~') ? 'ephemeral' : 'persistent';
      this.world.invoke(client, createOperation(path, data, mode));
    });
    const asked = (): TraceRecord[] =>
      this.records('invoked', { actor: client }, from).filter(({ detail }) =>
        paths.includes((detail as CreateOperation).path),
      );
    const answers = (): TraceRecord[] => {
      const mine = new Set(asked().map(({ digest }) => digest));
      const all = this.records('completed', { actor: client }, from);
      return all.filter(({ digest }) => mine.has(digest));
    };
    const isProposed = (name: string): boolean =>
      this.records('proposed', {}, from).some(({ detail }) => wordOf(detail as Txn) === name);
    const isDone =
      until === 'proposed'
        ? () => names.every(isProposed)
        : () => answers().length === names.length;
    this.until(isDone, `${until} for ${names.join(', ')}`);
    const bad = answers().filter(({ text }) => text !== 'ok');
    if (bad.length > 0) this.fail(`${names.join(', ')} came to: ${bad.map(lineOf).join()}`);
    return this;
  }

  /** The client, or the one that knows this server only, asks for something; nobody waits. */
  ask(op: Operation, at?: number): this {
    this.#word();
    this.world.invoke(at === undefined ? THE_CLIENT : this.clientAt(at), op);
    return this;
  }

  /** The client closes its session and stops. */
  closeClient(): this {
    this.#word();
    this.world.closeClient(THE_CLIENT);
    return this;
  }

  clientAt(sid: number): ActorId {
    const found = this.#clients.get(sid);
    if (found === undefined) throw new Error(`no client at server ${sid}: list it in clientsAt`);
    return found;
  }

  /** Until the client is connected to that server. */
  moveClient(sid: number): this {
    const isThere = (): boolean => {
      const { kind, peer, conn } = this.world.client(THE_CLIENT).link;
      // The server must think so as well: nobody tells a client that the power went.
      const isMutual = kind === 'connected' && ownsClientConn(this.peer(sid).front, conn);
      return isMutual && (peer as number) === sid;
    };
    if (!isThere()) this.sendClient(sid);
    return this.until(isThere, `connection of the client to server ${sid}`);
  }

  /** The client goes there next, welcome or not. */
  sendClient(sid: number): this {
    this.#word();
    this.world.moveClient(sid, THE_CLIENT, actor(sid));
    return this;
  }

  /** The client hears from nobody, and nobody from it. */
  cutClient(how: 'silent' | 'reset' = 'silent'): this {
    return this.#each(everybody, (sid) => {
      this.#setPair(sid, FIRST_CLIENT, { ...GOOD_LINK, blocked: how });
    });
  }

  healClient(): this {
    return this.#each(everybody, (sid) => this.#setPair(sid, FIRST_CLIENT, undefined));
  }

  // What goes wrong

  crash(who: Who, how: CrashKind = 'process'): this {
    return this.#each(who, (sid) => this.world.crash(sid, actor(sid), how));
  }

  powerLoss(who: Who): this {
    return this.crash(who, 'power');
  }

  restart(who: Who): this {
    return this.#each(who, (sid) => this.world.restart(actor(sid)));
  }

  restartAll(): this {
    return this.restart(everybody);
  }

  /** Cut off from every other server, though not from clients. */
  isolate(who: Who, how: 'silent' | 'reset' = 'reset'): this {
    return this.#each(who, (sid) => {
      this.#apart.add(sid);
      for (const other of this.servers()) {
        if (other !== sid) this.#setPair(sid, other, { ...GOOD_LINK, blocked: how });
      }
    });
  }

  /** Nothing passes between these two. */
  cut(a: number, b: number, how: 'silent' | 'reset' = 'reset'): this {
    this.#word();
    this.#setPair(a, b, { ...GOOD_LINK, blocked: how });
    return this;
  }

  /** Whatever these two send each other takes that much longer. */
  slow(a: number, b: number, by: string): this {
    this.#word();
    this.#setPair(a, b, { ...GOOD_LINK, delayUs: durationUs(by) });
    return this;
  }

  #setPair(a: number, b: number, condition: LinkCondition | undefined): void {
    const fault = Math.min(a, b) * 128 + Math.max(a, b);
    this.world.setLink(fault, actor(a), actor(b), condition);
    this.world.setLink(fault, actor(b), actor(a), condition);
  }

  /** Their connections break, once. */
  breakLink(a: number, b: number): this {
    this.#word();
    this.world.resetLink(a, actor(a), actor(b));
    return this;
  }

  /** Links, disks, processes and clocks are as good as new; what is down stays down. */
  heal(): this {
    this.#apart = new Set();
    this.#paused = new Set();
    return this.#each(everybody, (sid) => {
      for (const other of this.servers()) if (other !== sid) this.#setPair(sid, other, undefined);
      this.#setPair(sid, FIRST_CLIENT, undefined);
      this.world.setDisk(sid, actor(sid), undefined);
      this.world.setProcess(sid, actor(sid), undefined);
      this.world.setClock(sid, actor(sid), undefined);
    });
  }

  stallDisk(who: Who): this {
    return this.#setDisk(who, { ...GOOD_DISK, stalled: true });
  }

  /** Every write fails. */
  failDisk(who: Who): this {
    return this.#setDisk(who, { ...GOOD_DISK, full: true });
  }

  healDisk(who: Who): this {
    return this.#setDisk(who, undefined);
  }

  #setDisk(who: Who, condition: DiskCondition | undefined): this {
    return this.#each(who, (sid) => this.world.setDisk(sid, actor(sid), condition));
  }

  pause(who: Who): this {
    return this.#each(who, (sid) => {
      this.#paused.add(sid);
      this.world.setProcess(sid, actor(sid), { paused: true, slowFactor: 1 });
    });
  }

  resume(who: Who): this {
    return this.#each(who, (sid) => {
      this.#paused.delete(sid);
      this.world.setProcess(sid, actor(sid), undefined);
    });
  }

  /** Its clocks run at half the rate. */
  slowClock(who: Who): this {
    const condition = { offsetMs: 0, driftPpm: -500_000, frozen: false };
    return this.#each(who, (sid) => this.world.setClock(sid, actor(sid), condition));
  }

  /** The next such message, or the nth, is lost, though what follows arrives. */
  lose(message: MessageKind, from: number, to: number, nth = 1): this {
    this.#word();
    this.#losses += 1;
    const drop = { from: actor(from), to: actor(to), message, nth, how: 'lose' } as const;
    this.world.setDrop(this.#losses, drop);
    return this;
  }

  /** Once, at the very record: between two effects of the step that writes it. */
  when(kind: RecordKind, where: Where, then: (record: TraceRecord) => void): this {
    this.#word();
    let done = false;
    this.recorder.subscribe([kind], (record) => {
      if (done || !matches(record, where)) return;
      done = true;
      then(record);
    });
    return this;
  }

  #each(who: Who, act: (sid: number) => void): this {
    this.#word();
    for (const sid of this.cast(who)) act(sid);
    return this;
  }

  #word(): void {
    this.#mark = this.recorder.count;
  }

  // How it ends

  /** These checkers, and no others, are to find something. */
  violates(...checkers: readonly string[]): this {
    this.#expected = checkers;
    return this.noViolations();
  }

  /** The end: the trace is judged. A story that loses a message has broken TCP itself. */
  noViolations(): this {
    const violations = this.#conclude();
    const brokeTcp = this.#losses > FIRST_LOSS;
    const ids = new Set(violations.map(({ checker }) => checker));
    const found = [...ids].filter((id) => id !== 'link-fifo' || !brokeTcp).sort(compareCodeUnits);
    const report = reportOf(this.world.seed, violations, this.recorder);
    expect(found, report).toEqual([...this.#expected].sort(compareCodeUnits));
    return this;
  }

  #conclude(): readonly Violation[] {
    if (this.#violations !== undefined) return this.#violations;
    let violations: readonly Violation[] = [];
    this.recorder.subscribe(['end'], (end) => {
      violations = this.#judge.finish(end).violations;
    });
    this.world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
    this.#violations = violations;
    return violations;
  }
}

/** An ensemble of this many voters, about to start; judged when the test is over. */
export function cluster(voters: number, options: ClusterOptions = {}): Cluster {
  const story = new Cluster(voters, options);
  onTestFinished(() => void story.noViolations());
  return story;
}
