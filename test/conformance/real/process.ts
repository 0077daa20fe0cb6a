// Server processes, on loopback: how one is configured, started and ended.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Control } from '../script/endpoint.js';
import { installation } from './install.js';
import { guardProcess } from './leftovers.js';

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
    const found = installation();
    if (typeof found === 'string') throw new Error(found);
    const { folder, properties } = this.#options;
    const settings = [
      `zookeeper.DigestAuthenticationProvider.superDigest=${SUPER}`,
      `zabsim.log=${join(folder, 'server.log')}`,
      ...properties,
    ].map((property) => `-D${property}`);
    const args = [...JVM, ...settings, '-cp', `${folder}:${found.classPath}`, MAIN];
    const child = spawn('java', [...args, join(folder, 'zoo.cfg')], { stdio: 'ignore' });
    guardProcess(child);
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
