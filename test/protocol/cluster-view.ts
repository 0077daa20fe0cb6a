// What a story can see of its ensemble: roles and epochs, logs and trees in words, what is chosen,
// and the records of the trace so far. Nothing here makes anything happen.
import { compareCodeUnits } from '../../base/order.js';
import type { ServerId, Zxid } from '../../protocol/ids.js';
import { formatZxid } from '../../protocol/ids.js';
import type { PeerState } from '../../protocol/state.js';
import { roleName } from '../../protocol/state.js';
import type { Durable } from '../../protocol/storage/durable.js';
import type { ActorId, RecordKind, TraceRecord } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import type { WorldSetup } from '../../sim/world/setup.js';
import { World } from '../../sim/world/world.js';
import type { Where } from './cluster-records.js';
import { chosenBy, lineOf, matches } from './cluster-records.js';
import { wordOf } from './cluster-setup.js';

/** A server, by its id or by its part in the story. */
export type Who = number | 'leader' | 'followers' | 'others' | 'everybody';
export const leader = 'leader';
export const followers = 'followers';
/** Everybody but the leader. */
export const others = 'others';
export const everybody = 'everybody';

const CHATTER = new Set(['ping', 'notification', 'greeting']);

export class ClusterView {
  readonly world: World;
  readonly recorder = new Recorder({ level: 'full' });
  readonly #chosen: () => ReadonlyMap<number, string>;

  constructor(setup: WorldSetup, seed: string, listen: (recorder: Recorder) => void) {
    listen(this.recorder);
    this.world = new World(setup, seed, this.recorder, { recordChoices: true });
    this.#chosen = chosenBy(this.recorder, (sid) => this.peer(sid).durable.log.toArray());
  }

  servers(): readonly number[] {
    return this.world.setup.ensemble.servers;
  }

  cast(who: Who): readonly number[] {
    if (typeof who === 'number') return [who];
    if (who === everybody) return this.servers();
    if (who === leader) return [this.leader()];
    if (who === others) return this.servers().filter((sid) => sid !== this.leader());
    return this.servers().filter((sid) => this.roleOf(sid) === 'following/broadcast');
  }

  /** The server that leads in broadcast; of two, the one of the later epoch. */
  leader(): number {
    const leading = this.servers().filter((sid) => this.roleOf(sid) === 'leading/broadcast');
    leading.sort((a, b) => this.epochOf(a) - this.epochOf(b));
    return leading.at(-1) ?? this.fail('nobody leads');
  }

  peer(sid: number): PeerState {
    return this.world.peer(sid as ServerId);
  }

  isUp(sid: number): boolean {
    return this.world.isUp(sid as ActorId);
  }

  roleOf(sid: number): string {
    return this.isUp(sid) ? roleName(this.peer(sid).role) : 'down';
  }

  /** What reading its files would give. */
  diskOf(sid: number): Durable {
    return this.world.disk(sid as ServerId).durable;
  }

  /** As on disk: a server leads or follows in an epoch only when it is there. */
  epochOf(sid: number): number {
    return this.diskOf(sid).currentEpoch;
  }

  acceptedEpochOf(sid: number): number {
    return this.diskOf(sid).acceptedEpoch;
  }

  /** The log on disk, in words. */
  logOf(sid: number): string[] {
    return this.diskOf(sid).log.toArray().map(wordOf);
  }

  zxidsOf(sid: number): string[] {
    return this.diskOf(sid)
      .log.toArray()
      .map(({ zxid }) => formatZxid(zxid));
  }

  snapshotsOf(sid: number): string[] {
    return this.diskOf(sid).snapshots.map(({ zxid }) => formatZxid(zxid));
  }

  lastProcessedOf(sid: number): string {
    return formatZxid(this.peer(sid).database.lastProcessed);
  }

  /** Names of the znodes in a server's memory. */
  treeOf(sid: number): string[] {
    const paths = [...this.peer(sid).database.tree.znodes.keys()].sort(compareCodeUnits);
    const isOurs = (path: string): boolean => path !== '/' && !path.startsWith('/zookeeper');
    return paths.filter(isOurs).map((path) => path.slice(1));
  }

  /** What no correct run may lose, in words: committed by a leader, or recovered by a quorum. */
  chosen(): string[] {
    const chosen = [...this.#chosen()].sort(([a], [b]) => a - b);
    return chosen.map(([, word]) => word);
  }

  records(kind: RecordKind, where: Where = {}, from = 0): TraceRecord[] {
    const found: TraceRecord[] = [];
    for (let index = from; index < this.recorder.count; index++) {
      const record = this.recorder.at(index);
      if (record.kind === kind && matches(record, where)) found.push(record);
    }
    return found;
  }

  /** All records from that index on. */
  recordsFrom(from: number): TraceRecord[] {
    const count = this.recorder.count - from;
    return Array.from({ length: count }, (_, at) => this.recorder.at(from + at));
  }

  /** The newest such record. */
  last(kind: RecordKind, where: Where = {}): TraceRecord {
    const found = this.records(kind, where).at(-1);
    return found ?? this.fail(`there is no record ${kind} ${JSON.stringify(where)}`);
  }

  /** The texts of such records, in order. */
  texts(kind: RecordKind, where: Where = {}, from = 0): string[] {
    return this.records(kind, where, from).map(({ text }) => text);
  }

  /** The zxids of such records, in order. */
  zxids(kind: RecordKind, where: Where = {}, from = 0): string[] {
    return this.records(kind, where, from).map(({ zxid }) => formatZxid(zxid as Zxid));
  }

  /** Rare paths that were taken. */
  marks(): string[] {
    return [...new Set(this.texts('mark'))];
  }

  /** What `to` received from `from` over their quorum connections, pings apart: `diff 1:2`. */
  wire(from: number, to: number, since = 0): string[] {
    return this.records('received', { actor: to, peer: from }, since)
      .filter(({ text }) => !CHATTER.has(text))
      .map(({ text, zxid }) => (zxid < 0 ? text : `${text} ${formatZxid(zxid as Zxid)}`));
  }

  fail(why: string): never {
    const states = this.servers().map((sid) => {
      return `  ${sid} ${this.roleOf(sid)}, log ${this.logOf(sid).join(' ')}`;
    });
    const told = [...this.recorder.records()].filter(({ kind }) => kind !== 'timer');
    const at = `at ${this.world.nowUs / 1000} ms, seed ${this.world.seed}`;
    throw new Error(
      [`${why} (${at})`, ...states, 'last records:', ...told.slice(-12).map(lineOf)].join('\n'),
    );
  }
}
