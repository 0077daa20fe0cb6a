// ZooKeeper's error codes: by name everywhere inside, by number where a real server is compared
// with. [ZK-Java KeeperException.Code]
export const ERROR_NUMBERS = {
  RuntimeInconsistency: -2,
  ConnectionLoss: -4,
  MarshallingError: -5,
  Unimplemented: -6,
  OperationTimeout: -7,
  BadArguments: -8,
  NoNode: -101,
  NoAuth: -102,
  BadVersion: -103,
  NoChildrenForEphemerals: -108,
  NodeExists: -110,
  NotEmpty: -111,
  SessionExpired: -112,
  InvalidAcl: -114,
  AuthFailed: -115,
  SessionMoved: -118,
  EphemeralOnLocalSession: -120,
  NoWatcher: -121,
  RequestTimeout: -122,
  ReconfigDisabled: -123,
  QuotaExceeded: -125,
} as const;

export type ErrorCode = keyof typeof ERROR_NUMBERS;
