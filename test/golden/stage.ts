// The commands of a golden script, carried out on a cluster. Each prints what the ensemble did
// meanwhile: milestones in our own words, and with `show=packets` every packet between leader and
// learners.
import type { Zxid } from '../../protocol/ids.js';
import { formatZxid } from '../../protocol/ids.js';
import type { RecordKind, TraceRecord } from '../../sim/trace/record.js';
import type { Where, Who } from '../protocol/cluster.js';
import { Cluster } from '../protocol/cluster.js';
import type { Command } from './script.js';

const zxidOf = ({ zxid }: TraceRecord): string => formatZxid(zxid as Zxid);

const MILESTONES: Partial<Record<RecordKind, (r: TraceRecord) => string>> = {
  boot: (r) => `boots, log to ${zxidOf(r)}, epoch ${r.epoch}`,
  crash: (r) => `ends (${r.text}), log to ${zxidOf(r)}`,
  elected: (r) => `elects ${r.peer} in round ${r.value} (${r.text})`,
  epochProposed: (r) => `proposes epoch ${r.epoch}`,
  promised: (r) => `promises epoch ${r.epoch}, has ${zxidOf(r)} of epoch ${r.value}`,
  established: (r) => `is established in epoch ${r.epoch}`,
  syncChosen: (r) => `plans ${r.text} for ${r.peer} at ${zxidOf(r)}`,
  truncated: (r) => `cuts its log to ${zxidOf(r)} (${r.text})`,
  installed: (r) => `installs the snapshot of ${zxidOf(r)}`,
  newLeaderAcked: (r) => `has its history to ${zxidOf(r)} on a quorum`,
  activated: (r) => `leads epoch ${r.epoch}`,
  serving: (r) => `follows ${r.peer} in epoch ${r.epoch}`,
  proposed: (r) => `proposes ${zxidOf(r)}`,
  committed: (r) => `commits ${zxidOf(r)}`,
  fastForwarded: (r) => `catches up with its log to ${zxidOf(r)}`,
  left: (r) => `leaves: ${r.text}`,
  refused: (r) => `refuses ${r.peer}: ${r.text}`,
  rollover: (r) => `has used up epoch ${r.epoch}`,
  sessionExpired: () => 'expires a session',
  halted: (r) => `halts: ${r.text}`,
  completed: (r) => `gets ${r.text}${r.zxid > 0 ? ` at ${zxidOf(r)}` : ''}`,
  clientState: (r) => `is ${r.text}${r.peer > 0 ? ` (${r.peer})` : ''}`,
};

/** A client's start, its attempts to connect, and what becomes of them. */
function isFruitless({ kind, actor, peer, text }: TraceRecord): boolean {
  if (kind === 'boot') return actor > 127;
  if (kind === 'refused') return peer === 0;
  return kind === 'clientState' && (text === 'connecting' || text === 'disconnected');
}

const CHATTER = new Set(['ping', 'notification', 'greeting', 'clientPing', 'clientPong']);

function nameOf(actor: number): string {
  return actor < 128 ? String(actor) : 'client';
}

function lineOf(record: TraceRecord, packets: boolean): string | undefined {
  const { kind, actor, peer, text, zxid, atUs } = record;
  const at = `${String(Math.floor(atUs / 1000)).padStart(6)}ms`;
  if (kind === 'received') {
    if (!packets || CHATTER.has(text) || actor > 127 || peer > 127) return undefined;
    return `${at}   ${peer}>${actor} ${text}${zxid < 0 ? '' : ` ${zxidOf(record)}`}`;
  }
  const words = MILESTONES[kind];
  if (words === undefined || isFruitless(record)) return undefined;
  return `${at} ${nameOf(actor)} ${words(record)}`;
}

function whoOf(name: string): Who {
  const sid = Number(name);
  return Number.isInteger(sid) ? sid : (name as Who);
}

function stateOf(c: Cluster): string[] {
  return c.servers().map((sid) => {
    const { acceptedEpoch, currentEpoch, log } = c.diskOf(sid);
    const epochs = `epochs ${acceptedEpoch}/${currentEpoch}`;
    const words = c.logOf(sid).join(' ');
    const base = log.baseZxid === 0 ? '' : `${formatZxid(log.baseZxid)} + `;
    const memory = c.isUp(sid) ? `, tree: ${c.treeOf(sid).join(' ') || 'empty'}` : '';
    return `${sid} ${c.roleOf(sid)}, ${epochs}, log: ${base}${words || 'empty'}${memory}`;
  });
}

export class GoldenStage {
  #cluster: Cluster | undefined;

  /** Carries the command out and returns what it prints. */
  run(command: Command): string[] {
    if (command.verb === 'cluster') {
      this.#cluster = new Cluster(Number(command.options['voters']), {
        observers: Number(command.options['observers'] ?? 0),
        seed: command.options['seed'] ?? '1',
        sessionTimeoutMs: Number(command.options['session'] ?? 6000),
        limits: {
          commitLogCount: Number(command.options['window'] ?? 500),
          snapshotSizeFactor: Number(command.options['disk-sync'] ?? 0),
        },
      });
      return [];
    }
    const c = this.cluster(command);
    if (command.verb === 'state') return stateOf(c);
    if (command.verb === 'chosen') return [c.chosen().join(' ')];
    const from = c.recorder.count;
    this.#act(c, command);
    const lines = c.recordsFrom(from).map((r) => lineOf(r, command.options['show'] === 'packets'));
    return lines.filter((line) => line !== undefined);
  }

  #act(c: Cluster, { verb, names, options, line }: Command): void {
    const each = (act: (who: Who) => void): void => names.map(whoOf).forEach(act);
    const [name = ''] = names;
    switch (verb) {
      case 'elect':
        return void c.elect();
      case 'write':
        return void c.write(...names);
      case 'propose':
        return void c.propose(...names);
      case 'run':
        return void c.runFor(name);
      case 'settle':
        return void c.settle();
      case 'heal':
        return void c.heal();
      case 'crash':
        return each((who) => c.crash(who, options['how'] === 'power' ? 'power' : 'process'));
      case 'restart':
        return each((who) => c.restart(who));
      case 'isolate':
        return each((who) => c.isolate(who, options['how'] === 'reset' ? 'reset' : 'silent'));
      case 'stall-disk':
        return each((who) => c.stallDisk(who));
      case 'heal-disk':
        return each((who) => c.healDisk(who));
      case 'cut-client':
        return void c.cutClient('silent');
      case 'move-client':
        return void c.moveClient(Number(name));
      case 'wait':
        return void c.waitFor(name as RecordKind, whereOf(options));
      default:
        throw new Error(`line ${line}: no such command: ${verb}`);
    }
  }

  cluster({ line }: Pick<Command, 'line'>): Cluster {
    if (this.#cluster === undefined) throw new Error(`line ${line}: a script begins with cluster`);
    return this.#cluster;
  }
}

function whereOf({ server, peer, zxid, text }: Command['options']): Where {
  return {
    ...(server === undefined ? {} : { actor: Number(server) }),
    ...(peer === undefined ? {} : { peer: Number(peer) }),
    ...(zxid === undefined ? {} : { zxid }),
    ...(text === undefined ? {} : { text }),
  };
}
