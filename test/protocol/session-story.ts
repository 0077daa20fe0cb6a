// Stories about one server and its clients A, B, ..., a line a request, with everything that any of
// them is told because of it, in that order:
//
//   B exists /n ! -> B NoNode
//   A create /n -> B nodeCreated /n; A created
//
// `!` asks for a watch. `back` drops the connection and resumes the session over a new one.
import type { Acl } from '../../protocol/acl.js';
import { OPEN_ACL, READ_ACL } from '../../protocol/acl.js';
import type { Zxid } from '../../protocol/ids.js';
import type { CreateMode, MultiPart, Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { revalidated } from '../../protocol/session/front.js';
import { Server } from './session-server.js';

const MODES = ['persistent', 'recursive'];
const ACLS: Readonly<Record<string, Acl>> = {
  open: OPEN_ACL,
  readable: READ_ACL,
  hidden: [{ perms: 30, scheme: 'world', id: 'anyone' }],
};

function paths(words: readonly string[], list: string): string[] {
  return words.flatMap((word) => {
    const [name, text = ''] = word.split('=');
    return name === list ? text.split(',') : [];
  });
}

function setWatches(words: readonly string[], kind: 'setWatches' | 'setWatches2'): Operation {
  return {
    kind,
    relativeZxid: Number(paths(words, 'since')[0]) as Zxid,
    data: paths(words, 'data'),
    exist: paths(words, 'exist'),
    child: paths(words, 'child'),
    persistent: paths(words, 'persistent'),
    recursive: paths(words, 'recursive'),
  };
}

function multi(words: readonly string[]): Operation {
  const parts = words
    .join(' ')
    .split(', ')
    .map((part) => operation(part.split(' ')));
  return { kind: 'multi', parts: parts as readonly MultiPart[] };
}

/** An operation as it is written in a story. */
function operation([verb = '', path = '', ...rest]: readonly string[]): Operation {
  const watch = rest.includes('!');
  const number = Number(rest[0]);
  switch (verb) {
    case 'create': {
      const [mode = 'persistent', acl = 'open'] = rest;
      return createOperation(path, '', mode as CreateMode, ACLS[acl]);
    }
    case 'set':
      return { kind: 'setData', path, data: rest[0] ?? '', version: -1 };
    case 'delete':
      return { kind: 'delete', path, version: -1 };
    case 'acl':
      return { kind: 'setACL', path, acl: ACLS[rest[0] ?? 'open']!, version: -1 };
    case 'exists':
      return { kind: 'exists', path, watch };
    case 'get':
      return { kind: 'getData', path, watch };
    case 'ls':
      return { kind: 'getChildren', path, watch };
    case 'add':
      return { kind: 'addWatch', path, mode: rest[0] === undefined ? -1 : modeOf(rest[0]) };
    case 'remove':
      return { kind: 'removeWatches', path, type: number };
    case 'check':
      return { kind: 'checkWatches', path, type: number };
    case 'setWatches':
    case 'setWatches2':
      return setWatches([path, ...rest], verb);
    case 'multi':
      return multi([path, ...rest]);
    case 'whoAmI':
      return { kind: 'whoAmI' };
    default:
      throw new Error(`no such request in a story: ${verb}`);
  }
}

function modeOf(word: string): number {
  const mode = MODES.indexOf(word);
  return mode < 0 ? Number(word) : mode;
}

export class Story {
  readonly server: Server;
  /** The connection of each client, by name. */
  readonly #conns = new Map<string, number>();
  readonly #sessions = new Map<string, number>();
  #nextConn = 1;
  #cxid = 0;

  constructor(service: Partial<ServiceSettings> = {}) {
    this.server = new Server({ service });
  }

  #connOf(name: string): number {
    const known = this.#conns.get(name);
    if (known !== undefined) return known;
    const conn = this.#nextConn++;
    this.#conns.set(name, conn);
    this.#sessions.set(name, this.server.open(conn));
    return conn;
  }

  #back(name: string): void {
    this.server.hangUp(this.#connOf(name));
    const conn = this.#nextConn++;
    const session = this.#sessions.get(name)!;
    this.#conns.set(name, conn);
    this.server.connect(conn, session).takeSubmitted();
    this.server.step((ctx) => revalidated(ctx, session as never, 10_000, true)).takeSaid();
  }

  #carryOut(name: string, words: readonly string[]): void {
    const conn = this.#connOf(name);
    const [verb, scheme = '', auth = ''] = words;
    if (verb === 'back') return this.#back(name);
    this.#cxid += 1;
    if (verb === 'auth') this.server.auth(conn, scheme, auth);
    else if (verb === 'close') this.server.close(conn, this.#cxid);
    else this.server.ask(conn, this.#cxid, operation(words));
    while (this.server.ctx.submitted.length > 0) this.server.commit();
  }

  /** What was said, with names in place of connections and without numbers. */
  #told(): string {
    const names = new Map([...this.#conns].map(([name, conn]) => [String(conn), name]));
    const lines = this.server.takeSaid().map((line) => {
      const [conn = '', ...what] = line.split(': ');
      const text = what
        .join(': ')
        .replace(/^-?\d+ /, '')
        .replace(/ @-?\d+$/, '');
      return `${names.get(conn) ?? conn} ${text}`;
    });
    return lines.join('; ');
  }

  /** Carries out what each line asks for, and gives the lines with what really came of it. */
  play(lines: readonly string[]): string[] {
    return lines.map((line) => {
      const [asked = ''] = line.split(' ->');
      const [name = '', ...words] = asked.split(' ');
      this.#carryOut(name, words);
      const told = this.#told();
      return told === '' ? `${asked} ->` : `${asked} -> ${told}`;
    });
  }
}
