// Numbers of ZooKeeper's wire: operations, errors, events, states, and what scripts call them.
// [ZK-Java ZooDefs.OpCode, KeeperException.Code, Watcher.Event]

export const OPCODES = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  reconfig: 16,
  checkWatches: 17,
  removeWatches: 18,
  createContainer: 19,
  deleteContainer: 20,
  createTTL: 21,
  multiRead: 22,
  auth: 100,
  sasl: 102,
  setWatches: 101,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  createSession: -10,
  closeSession: -11,
} as const;

function inverted(table: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(table).map(([name, code]) => [code, name]));
}

const OPCODE_NAMES = inverted(OPCODES);

/** The name, or the number of one that has none. */
export function opcodeName(code: number): string | number {
  return OPCODE_NAMES.get(code) ?? code;
}

const ERROR_NAMES = inverted({
  OK: 0,
  SYSTEMERROR: -1,
  RUNTIMEINCONSISTENCY: -2,
  DATAINCONSISTENCY: -3,
  CONNECTIONLOSS: -4,
  MARSHALLINGERROR: -5,
  UNIMPLEMENTED: -6,
  OPERATIONTIMEOUT: -7,
  BADARGUMENTS: -8,
  UNKNOWNSESSION: -12,
  NEWCONFIGNOQUORUM: -13,
  RECONFIGINPROGRESS: -14,
  APIERROR: -100,
  NONODE: -101,
  NOAUTH: -102,
  BADVERSION: -103,
  NOCHILDRENFOREPHEMERALS: -108,
  NODEEXISTS: -110,
  NOTEMPTY: -111,
  SESSIONEXPIRED: -112,
  INVALIDCALLBACK: -113,
  INVALIDACL: -114,
  AUTHFAILED: -115,
  SESSIONMOVED: -118,
  NOTREADONLY: -119,
  EPHEMERALONLOCALSESSION: -120,
  NOWATCHER: -121,
  REQUESTTIMEOUT: -122,
  RECONFIGDISABLED: -123,
  SESSIONCLOSEDREQUIRESASLAUTH: -124,
  QUOTAEXCEEDED: -125,
  THROTTLEDOP: -127,
});

export function errorName(code: number): string {
  return ERROR_NAMES.get(code) ?? '?';
}

export const EVENT_TYPES = {
  nodeCreated: 1,
  nodeDeleted: 2,
  nodeDataChanged: 3,
  nodeChildrenChanged: 4,
} as const;

const EVENT_NAMES = inverted({
  None: -1,
  NodeCreated: 1,
  NodeDeleted: 2,
  NodeDataChanged: 3,
  NodeChildrenChanged: 4,
  DataWatchRemoved: 5,
  ChildWatchRemoved: 6,
  PersistentWatchRemoved: 7,
});

export function eventName(type: number): string | number {
  return EVENT_NAMES.get(type) ?? type;
}

export const SYNC_CONNECTED = 3;

const STATE_NAMES = inverted({
  Disconnected: 0,
  SyncConnected: SYNC_CONNECTED,
  AuthFailed: 4,
  ConnectedReadOnly: 5,
  Closed: 7,
  Expired: -112,
});

export function stateName(state: number): string | number {
  return STATE_NAMES.get(state) ?? state;
}

/** xids with a meaning of their own. */
export const XID = { notification: -1, ping: -2, auth: -4, setWatches: -8 } as const;

export const CREATE_MODES = {
  persistent: 0,
  ephemeral: 1,
  persistent_sequential: 2,
  ephemeral_sequential: 3,
  container: 4,
  ttl: 5,
  ttl_sequential: 6,
} as const;

export const WATCHER_TYPES = { children: 1, data: 2, any: 3 } as const;
export const WATCH_MODES = { persistent: 0, persistent_recursive: 1 } as const;
/** In the order in which they are written: `rwcda`. */
export const PERMISSIONS = [
  ['r', 1],
  ['w', 2],
  ['c', 4],
  ['d', 8],
  ['a', 16],
] as const;
