// Who a fault is about, as a scenario says it: a server by its id, a client as `client-2`, or a
// word for whoever plays a part when the fault begins (`leader`, `follower`, `any`). A word is
// looked up when the fault fires, from what the trace has told so far.
import { z } from 'zod';
import { SERVER_MAX } from '../../protocol/ids.js';

/** One server each. */
export const SINGLE_WORDS = ['leader', 'follower', 'looking', 'voter', 'observer', 'any'] as const;
/** All servers of a sort. */
const ALL_WORDS = ['all', 'voters', 'observers', 'followers'] as const;
/** `rest` is every server not named before in the same fault. */
export const GROUP_WORDS = [...ALL_WORDS, 'rest'] as const;
/** Whom the record that triggered the fault is about. */
export const RECORD_WORDS = ['actor', 'peer'] as const;
export const CLIENT_WORDS = ['client', 'clients'] as const;

export type ServerWord =
  (typeof SINGLE_WORDS)[number] | (typeof GROUP_WORDS)[number] | (typeof RECORD_WORDS)[number];
export type ClientWord = (typeof CLIENT_WORDS)[number] | `client-${number}`;
/** A server of its own, or a word. */
export type OneServer = number | (typeof SINGLE_WORDS)[number] | (typeof RECORD_WORDS)[number];
export type Host = number | ServerWord | ClientWord;
/** Whom a record may be about. */
export type Subject = Exclude<Host, (typeof RECORD_WORDS)[number] | 'rest'>;
/** One host, or several in order. */
export type Hosts = Host | readonly Host[];

const sid = z.int().min(1).max(SERVER_MAX);
const serverWord = z.enum([...SINGLE_WORDS, ...GROUP_WORDS, ...RECORD_WORDS]);
const clientWord = z.union([
  z.enum(CLIENT_WORDS),
  z.templateLiteral(['client-', z.int().min(1).max(1000)]),
]);

const SERVER = 'a server id like 3, or one of leader, follower, voter, observer, any, actor, peer';
const SERVERS = `${SERVER}, all, voters, observers, followers, rest, or a list of these`;
const CLIENTS = 'client-1, client-2 ..., client (any of them), clients (all of them), or a list';
const SUBJECT = 'a server id, client-1 ..., or a role like leader, follower, observer, any';
const HOSTS = `${SERVERS}; clients are client-1, client-2 ..., client and clients`;

export const server = z
  .union([sid, z.enum([...SINGLE_WORDS, ...RECORD_WORDS])], { error: SERVER })
  .meta({ id: 'server', description: SERVER });

const serverList = z.array(z.union([sid, serverWord])).min(1);
export const servers = z
  .union([sid, serverWord, serverList.readonly()], { error: SERVERS })
  .meta({ id: 'servers', description: SERVERS });

const clientList = z.array(clientWord).min(1);
export const clients = z
  .union([clientWord, z.enum(RECORD_WORDS), clientList.readonly()], { error: CLIENTS })
  .meta({ id: 'clients', description: CLIENTS });

export const subject = z
  .union([sid, z.enum([...SINGLE_WORDS, ...ALL_WORDS]), clientWord], { error: SUBJECT })
  .meta({ id: 'subject', description: SUBJECT });

const hostList = z.array(z.union([sid, serverWord, clientWord])).min(1);
/** Servers and clients, for what happens between hosts. */
export const hosts = z
  .union([sid, serverWord, clientWord, hostList.readonly()], { error: HOSTS })
  .meta({ id: 'hosts', description: HOSTS });

export function listOf(chosen: Hosts): readonly Host[] {
  return typeof chosen === 'object' ? chosen : [chosen];
}

/** Is it one client, by number? */
export function isClientNumber(host: Host): host is `client-${number}` {
  return typeof host === 'string' && /^client-\d+$/.test(host);
}

/** The number in `client-3`, from 1. */
export function clientNumber(host: `client-${number}`): number {
  return Number(host.slice('client-'.length));
}

/** Does it need a record to say who is meant? */
export function needsRecord(host: Host): boolean {
  return host === 'actor' || host === 'peer';
}

/** Does it depend on who plays which role at the moment? */
export function needsRoles(host: Host): boolean {
  return host === 'leader' || host === 'follower' || host === 'followers' || host === 'looking';
}
