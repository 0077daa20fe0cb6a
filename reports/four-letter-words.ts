// Answers of a server to the words that operators send it, in the shape of the real commands: who
// reads those reads these. What the simulator does not have (a build date, metrics of Java) is left
// out. [ZK-Java org.apache.zookeeper.server.command]
import type {
  ConnectionValues,
  LeaderValues,
  ServerValues,
} from '../sim/monitoring/server-values.js';

const VERSION = '3.9.5';
const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests';

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function ms(us: number): string {
  return String(Math.round(us / 1000));
}

/** Like Java's: no more than four places, at least one. */
function averageMs(totalUs: number, count: number): string {
  const average = count === 0 ? 0 : totalUs / count / 1000;
  const text = average.toFixed(4).replace(/0+$/, '');
  return text.endsWith('.') ? `${text}0` : text;
}

function latency({ minUs, maxUs, totalUs, answers }: ServerValues['traffic']): string {
  return `${ms(minUs)}/${averageMs(totalUs, answers)}/${ms(maxUs)}`;
}

function sizesOf({ proposalSizes: { last, min, max } }: LeaderValues): string {
  return `${last}/${min}/${max}`;
}

function srvrLines(values: ServerValues): string[] {
  const { traffic, connections, outstanding, zxid, mode = '', znodes, leader } = values;
  return [
    `Latency min/avg/max: ${latency(traffic)}`,
    `Received: ${traffic.received}`,
    `Sent: ${traffic.sent}`,
    `Connections: ${connections.length}`,
    `Outstanding: ${outstanding}`,
    `Zxid: ${hex(zxid)}`,
    `Mode: ${mode}`,
    `Node count: ${znodes}`,
    ...(leader === undefined ? [] : [`Proposal sizes last/min/max: ${sizesOf(leader)}`]),
  ];
}

function addressOf({ address, conn }: ConnectionValues): string {
  return `/${address}:${conn}[1]`;
}

function stat(values: ServerValues): string[] {
  const clients = values.connections.map((connection) => {
    const { queued, traffic } = connection;
    const counts = `queued=${queued},recved=${traffic.received},sent=${traffic.sent}`;
    return ` ${addressOf(connection)}(${counts})`;
  });
  return [`Zookeeper version: ${VERSION}`, 'Clients:', ...clients, '', ...srvrLines(values)];
}

function cons({ connections }: ServerValues): string[] {
  return connections.map((connection) => {
    const { queued, traffic, session, sinceUs, timeoutMs } = connection;
    const { lastCxid, lastZxid, lastUs } = connection;
    const fields = [
      ...[`queued=${queued}`, `recved=${traffic.received}`, `sent=${traffic.sent}`],
      ...(session === 0 ? [] : [`sid=${hex(session)}`, `est=${ms(sinceUs)}`, `to=${timeoutMs}`]),
      ...[`lcxid=${hex(lastCxid)}`, `lzxid=${hex(lastZxid)}`, `llat=${ms(lastUs)}`],
      ...[`minlat=${ms(traffic.minUs)}`, `avglat=${averageMs(traffic.totalUs, traffic.answers)}`],
      `maxlat=${ms(traffic.maxUs)}`,
    ];
    return ` ${addressOf(connection)}(${fields.join(',')})`;
  });
}

/** Keys and values of `mntr`, without their prefix. */
function mntrValues(values: ServerValues): readonly (readonly [string, string])[] {
  const { traffic, leader } = values;
  const ofLeader: [string, number][] =
    leader === undefined
      ? []
      : [
          ['learners', leader.learners],
          ['synced_followers', leader.syncedFollowers],
          ['synced_observers', leader.syncedObservers],
          ['pending_syncs', leader.pendingSyncs],
          ['outstanding_proposals', leader.outstandingProposals],
        ];
  const numbers: [string, number][] = [
    ['packets_received', traffic.received],
    ['packets_sent', traffic.sent],
    ['num_alive_connections', values.connections.length],
    ['outstanding_requests', values.outstanding],
    ['znode_count', values.znodes],
    ['watch_count', values.watches.total],
    ['ephemerals_count', values.ephemerals],
    ['approximate_data_size', values.dataSize],
    ['global_sessions', values.globalSessions],
    ['local_sessions', values.localSessions],
    ['uptime', Math.round(values.upUs / 1000)],
    ...ofLeader,
  ];
  return [
    ['version', VERSION],
    ['server_state', values.mode ?? ''],
    ['peer_state', values.role.replace('/', ' - ')],
    ['avg_latency', averageMs(traffic.totalUs, traffic.answers)],
    ['max_latency', ms(traffic.maxUs)],
    ['min_latency', ms(traffic.minUs)],
    ...numbers.map(([key, value]) => [key, String(value)] as const),
  ];
}

function dump({ sessions, connections, leader }: ServerValues): string[] {
  const times = [...new Set(sessions.map(({ expiresAtUs }) => expiresAtUs ?? 0))];
  times.sort((a, b) => a - b);
  const tracked =
    leader === undefined
      ? [
          `Global Sessions(${sessions.length}):`,
          ...sessions.map(({ session, timeoutMs }) => `${hex(session)}\t${timeoutMs}ms`),
        ]
      : times.flatMap((atUs) => {
          const due = sessions.filter(({ expiresAtUs = 0 }) => expiresAtUs === atUs);
          const names = due.map(({ session }) => `\t${hex(session)}`);
          return [`${due.length} expire at ${ms(atUs)} ms:`, ...names];
        });
  const owners = sessions.filter(({ ephemerals }) => ephemerals.length > 0);
  return [
    'SessionTracker dump:',
    ...tracked,
    'ephemeral nodes dump:',
    `Sessions with Ephemerals (${owners.length}):`,
    ...owners.flatMap(({ session, ephemerals }) => [
      `${hex(session)}:`,
      ...ephemerals.map((path) => `\t${path}`),
    ]),
    'Connections dump:',
    ...connections.map(
      (connection) => `\tip: ${addressOf(connection)} sessionId: ${hex(connection.session)}`,
    ),
  ];
}

function wchs({ watches: { connections, paths, total } }: ServerValues): string[] {
  return [`${connections} connections watching ${paths} paths`, `Total watches:${total}`];
}

export const WORDS = ['ruok', 'isro', 'srvr', 'stat', 'mntr', 'cons', 'dump', 'wchs'] as const;
export type FourLetterWord = (typeof WORDS)[number];

/** What a server that is up answers. */
export function answerTo(word: FourLetterWord, values: ServerValues): readonly string[] {
  if (word === 'ruok') return ['imok'];
  if (values.mode === undefined) return [word === 'isro' ? 'null' : NOT_SERVING];
  switch (word) {
    case 'isro':
      return ['rw'];
    case 'srvr':
      return [`Zookeeper version: ${VERSION}`, ...srvrLines(values)];
    case 'stat':
      return stat(values);
    case 'mntr':
      return mntrValues(values).map(([key, value]) => `zk_${key}\t${value}`);
    case 'cons':
      return cons(values);
    case 'dump':
      return dump(values);
    case 'wchs':
      return wchs(values);
  }
}
