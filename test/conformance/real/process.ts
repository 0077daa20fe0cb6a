// Server processes: started on loopback, and ended with this process whatever happens.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Control } from '../script/endpoint.js';
import { CLASS_PATH } from './install.js';

const MAIN = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
/** The password is `super:test`. */
const SUPER = 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=';
const JVM = ['-Xmx160m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const LOG4J = `log4j.rootLogger=WARN, F
log4j.appender.F=org.apache.log4j.FileAppender
log4j.appender.F.File=\${zabsim.log}
log4j.appender.F.layout=org.apache.log4j.PatternLayout
log4j.appender.F.layout.ConversionPattern=%d{ISO8601} %-5p [%t] %c{1} - %m%n
`;

const running = new Set<ChildProcess>();
const folders = new Set<string>();

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

let guarded = false;
/** Nothing that was started here outlives this process. */
function guard(): void {
  if (guarded) return;
  guarded = true;
  process.once('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      endAll();
      process.exit(130);
    });
  }
}

export function makeFolder(): string {
  guard();
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-zookeeper-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Ports that nobody uses just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    ports.push(address.port);
  }
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return ports;
}

export interface ProcessOptions {
  /** Where its configuration and data are. */
  readonly folder: string;
  readonly config: readonly string[];
  /** System properties, `name=value`. */
  readonly properties: readonly string[];
  /** Of an ensemble: its id. */
  readonly id?: number;
}

export class ServerProcess {
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    const { folder, config, id } = options;
    mkdirSync(join(folder, 'data'), { recursive: true });
    if (id !== undefined) writeFileSync(join(folder, 'data', 'myid'), String(id));
    writeFileSync(join(folder, 'log4j.properties'), LOG4J);
    writeFileSync(join(folder, 'zoo.cfg'), `${config.join('\n')}\n`);
  }

  start(): void {
    if (this.#child !== undefined) return;
    guard();
    const { folder, properties } = this.#options;
    const settings = [
      `zookeeper.DigestAuthenticationProvider.superDigest=${SUPER}`,
      `zabsim.log=${join(folder, 'server.log')}`,
      ...properties,
    ].map((property) => `-D${property}`);
    const args = [...JVM, ...settings, '-cp', `${folder}:${CLASS_PATH}`, MAIN];
    const child = spawn('java', [...args, join(folder, 'zoo.cfg')], { stdio: 'ignore' });
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.#child = child;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async control(what: Control): Promise<void> {
    if (what === 'start') this.start();
    else if (what === 'kill') await this.#end('SIGKILL');
    else if (what === 'term') await this.#end('SIGTERM');
    else this.#child?.kill(what === 'stop' ? 'SIGSTOP' : 'SIGCONT');
  }
}
