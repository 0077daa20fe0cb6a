// Faults of a client's side: it loses its connection, falls silent, or turns to another server. The
// session outlives the connection; silence beyond its timeout ends it.
import { z } from 'zod';
import { clients, server } from './hosts.js';
import type { FaultKind, FaultShape } from './kind.js';
import { defineFault } from './kind.js';
import { cut, drawServer, eachLink } from './links.js';
import { struck } from './process.js';

const SESSIONS = 'a session lives on the leader and in the log, not in a connection';

function anyOf(shape: FaultShape): 'client' | 'clients' {
  return shape.clients > 1 ? 'client' : 'clients';
}

const disconnect = defineFault({
  name: 'client-disconnect',
  family: 'client',
  claim: 'A client drops its connection and looks for a server again.',
  model: 'inside',
  because: SESSIONS,
  lasts: 'moment',
  mayHalt: false,
  weight: 5,
  parameters: z.strictObject({ clients }),
  hosts: (params) => [params.clients],
  draw: (_, shape) => ({ clients: anyOf(shape) }),
  begin: (scene) => {
    for (const client of struck(scene)) scene.world.disconnectClient(scene.fault, client);
  },
  end: () => undefined,
  describe: (_, name) => `${name(0)} disconnects`,
});

const pause = defineFault({
  name: 'client-pause',
  family: 'client',
  claim: 'A client falls silent, perhaps for longer than its session lasts.',
  model: 'inside',
  because: SESSIONS,
  lasts: 'while',
  mayHalt: false,
  weight: 4,
  parameters: z.strictObject({ clients }),
  hosts: (params) => [params.clients],
  draw: (_, shape) => ({ clients: anyOf(shape) }),
  begin: ({ world, fault, cast, stage }) => {
    const [silent = []] = cast;
    eachLink(silent, stage.servers, (a, b) => world.setLink(fault, a, b, cut('silent')));
    eachLink(stage.servers, silent, (a, b) => world.setLink(fault, a, b, cut('silent')));
  },
  end: ({ world, fault, cast, stage }) => {
    const [silent = []] = cast;
    eachLink(silent, stage.servers, (a, b) => world.setLink(fault, a, b, undefined));
    eachLink(stage.servers, silent, (a, b) => world.setLink(fault, a, b, undefined));
  },
  describe: (_, name) => `${name(0)} falls silent`,
});

const move = defineFault({
  name: 'client-move',
  family: 'client',
  claim: 'A client leaves its server and connects to another one, with the same session.',
  model: 'inside',
  because: SESSIONS,
  lasts: 'moment',
  mayHalt: false,
  weight: 5,
  parameters: z.strictObject({ clients, to: server }),
  hosts: (params) => [params.clients, params.to],
  draw: (random, shape) => ({
    clients: 'client' as const,
    to: drawServer(random, shape),
  }),
  begin: ({ world, fault, cast }) => {
    const [moved = [], [to] = []] = cast;
    if (to === undefined) return;
    for (const client of moved) world.moveClient(fault, client, to);
  },
  end: () => undefined,
  describe: (_, name) => `${name(0)} moves to ${name(1)}`,
});

export const CLIENT_FAULTS: readonly FaultKind[] = [disconnect, pause, move];
