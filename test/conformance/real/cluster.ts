// Real servers for a script: one alone, or three voters and an observer, fresh and empty, with the
// settings that every script presumes.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, Control, Endpoint } from '../script/endpoint.js';
import type { Script } from '../script/script.js';
import { dialPort, fourLetterWord } from './channel.js';
import { makeFolder, removeFolder } from './leftovers.js';
import { freePorts, ServerProcess } from './process.js';

const START_MS = 60_000;
/** A server on its way up may accept and say nothing. */
const STARTING_MS = 300;
const MODE_MS = 2000;
const VOTERS = 3;
const SETTINGS = [
  'tickTime=500',
  'initLimit=10',
  'syncLimit=5',
  'admin.enableServer=false',
  '4lw.commands.whitelist=*',
  'maxClientCnxns=0',
];
const DEFAULT_CONFIG = ['extendedTypesEnabled=true', 'reconfigEnabled=true'];
const DEFAULT_PROPERTIES = ['znode.container.checkIntervalMs=500'];

/** Later lines win: a key is given once. */
function merged(...lists: readonly (readonly string[])[]): string[] {
  const lines = new Map<string, string>();
  for (const line of lists.flat()) lines.set(line.slice(0, line.indexOf('=')), line);
  return [...lines.values()];
}

export interface RealCluster extends Endpoint {
  end(): Promise<void>;
}

class Cluster implements RealCluster {
  readonly servers: number;
  readonly #folder: string;
  readonly #ports: readonly number[];
  readonly #processes: readonly ServerProcess[];

  constructor(folder: string, ports: readonly number[], processes: readonly ServerProcess[]) {
    this.#folder = folder;
    this.#ports = ports;
    this.#processes = processes;
    this.servers = processes.length;
  }

  async start(): Promise<void> {
    for (const server of this.#processes) server.start();
    const endMs = performance.now() + START_MS;
    for (let server = 1; server <= this.servers;) {
      if ((await this.#mode(server, STARTING_MS)) !== undefined) {
        server += 1;
        continue;
      }
      if (performance.now() > endMs) throw new Error('ZooKeeper does not start');
      await pause(20);
    }
  }

  #port(server: number): number {
    return this.#ports[server - 1] ?? 0;
  }

  async dial(server: number): Promise<Channel | undefined> {
    return dialPort(this.#port(server));
  }

  async modeOf(server: number): Promise<string | undefined> {
    return this.#mode(server, MODE_MS);
  }

  async #mode(server: number, waitMs: number): Promise<string | undefined> {
    const text = await fourLetterWord(this.#port(server), 'srvr', waitMs);
    return /^Mode: (\S+)/m.exec(text ?? '')?.[1];
  }

  async word(server: number, command: string): Promise<string | null> {
    return fourLetterWord(this.#port(server), command);
  }

  async control(what: Control, server: number): Promise<void> {
    await this.#processes[server - 1]?.control(what);
  }

  nowMs(): number {
    return performance.now();
  }

  async sleep(ms: number): Promise<void> {
    await pause(ms);
  }

  async end(): Promise<void> {
    for (const server of this.#processes) await server.control('kill');
    removeFolder(this.#folder);
  }
}

type Needs = Pick<Script, 'server' | 'cfg' | 'props' | 'observers'>;

async function standalone(folder: string, { cfg = [], props = [] }: Needs): Promise<Cluster> {
  const [port = 0] = await freePorts(1);
  const own = [`dataDir=${join(folder, 'data')}`, `clientPort=${port}`];
  const config = merged(SETTINGS, own, ['clientPortAddress=127.0.0.1'], DEFAULT_CONFIG, cfg);
  const properties = merged(DEFAULT_PROPERTIES, props);
  return new Cluster(folder, [port], [new ServerProcess({ folder, config, properties })]);
}

async function ensemble(folder: string, needs: Needs): Promise<Cluster> {
  const { cfg = [], props = [], observers = 1 } = needs;
  const count = VOTERS + observers;
  const ports = await freePorts(count * 3);
  const at = (index: number): number => ports[index] ?? 0;
  const members = Array.from({ length: count }, (_, index) => {
    const role = index < VOTERS ? 'participant' : 'observer';
    const quorum = `127.0.0.1:${at(count + 2 * index)}:${at(count + 2 * index + 1)}`;
    return `server.${index + 1}=${quorum}:${role};127.0.0.1:${at(index)}`;
  });
  const processes = members.map((_, index) => {
    const home = join(folder, String(index + 1));
    const own = [`dataDir=${join(home, 'data')}`, 'standaloneEnabled=false'];
    if (index >= VOTERS) own.push('peerType=observer');
    const config = merged(SETTINGS, own, DEFAULT_CONFIG, cfg, members);
    const properties = merged(DEFAULT_PROPERTIES, props);
    return new ServerProcess({ folder: home, config, properties, id: index + 1 });
  });
  return new Cluster(folder, ports.slice(0, count), processes);
}

/** Starts fresh servers; whoever asked for them ends them. */
export async function startCluster(needs: Needs): Promise<RealCluster> {
  const folder = makeFolder();
  const cluster = await (needs.server === 'ensemble' ? ensemble : standalone)(folder, needs);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.end();
    throw error;
  }
  return cluster;
}
