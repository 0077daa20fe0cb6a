// Between two sequences on the same servers: everything that the last one made is deleted, and what
// cannot be deleted is set back, as far as it can be. Counters go on, on both sides alike.
import { errorName } from '../wire/opcodes.js';
import { Connection, newSession } from '../script/connection.js';
import type { Endpoint } from '../script/endpoint.js';
import { requestOf } from '../script/request.js';
import type { RequestStep, ScriptText } from '../script/script.js';

/** What stays: to be swept below, with the ACL that it had. */
const SYSTEM = new Map([
  ['/', 'open'],
  ['/zookeeper', 'open'],
  ['/zookeeper/config', 'read'],
  ['/zookeeper/quota', 'open'],
] as const) as ReadonlyMap<string, 'open' | 'read'>;

class Sweep {
  readonly #connection: Connection;
  /** What was done and what came of it, in words. */
  readonly log: string[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async #ask(step: RequestStep, name: string): Promise<Buffer[]> {
    const xid = this.#connection.send(step.op, requestOf(step, 0n));
    const reply = await this.#connection.reply(xid);
    const names: Buffer[] = [];
    if (typeof reply === 'string') {
      this.log.push(`${step.op} ${name}: ${reply}`);
      return names;
    }
    const { code, body } = reply;
    if (step.op === 'getChildren' && code === 0) {
      names.push(...(body.vector(() => body.buffer() ?? Buffer.alloc(0)) ?? []));
      names.sort((a, b) => a.compare(b));
    }
    this.log.push(`${step.op} ${name}: ${errorName(code)} ${names.join(' ')}`);
    return names;
  }

  async #under(path: Buffer): Promise<void> {
    const name = path.toString();
    const at: ScriptText = { hex: path.toString('hex') };
    for (const child of await this.#ask({ op: 'getChildren', path: at }, name)) {
      const slash = name === '/' ? '' : '/';
      await this.#under(Buffer.concat([path, Buffer.from(slash), child]));
    }
    const acl = SYSTEM.get(name);
    if (acl === undefined) {
      await this.#ask({ op: 'delete', path: at }, name);
    } else {
      await this.#ask({ op: 'setACL', path: at, acl }, name);
      await this.#ask({ op: 'setData', path: at, data: '' }, name);
    }
  }

  async run(): Promise<void> {
    await this.#ask({ op: 'auth', auth: 'super:test' }, '');
    await this.#under(Buffer.from('/'));
    await this.#ask({ op: 'close' }, '');
  }
}

/** What was swept, in words: the same on two servers that were in the same state. */
export async function sweep(endpoint: Endpoint): Promise<readonly string[]> {
  const channel = await endpoint.dial(1);
  if (channel === undefined) return ['refused'];
  const connection = new Connection('sweep', channel, endpoint);
  if (!(await connection.connect(newSession(10_000)))) return ['not connected'];
  const swept = new Sweep(connection);
  await swept.run();
  connection.shut();
  return swept.log;
}
