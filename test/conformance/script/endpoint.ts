// What a script is run against: a real ensemble over sockets, or a simulated one. Both speak in
// frames of bytes, so that whatever turns scripts into requests and replies into answers is the
// same for both, and a difference between two answers is a difference between two ZooKeepers.

/** Of the processes: kill -9, a polite end, a start, and SIGSTOP and SIGCONT. */
export type Control = 'kill' | 'term' | 'start' | 'stop' | 'cont';

/** The client's end of one TCP connection. */
export interface Channel {
  /** Sends one frame; into the void if the connection is gone. */
  send(body: Uint8Array): void;
  /** The next frame. */
  receive(waitMs: number): Promise<Buffer | 'closed' | 'timeout'>;
  /** Cuts the connection without a word. */
  close(): void;
}

export interface Endpoint {
  /** They are numbered from 1; observers come last. */
  readonly servers: number;
  /** Undefined: refused. */
  dial(server: number): Promise<Channel | undefined>;
  /** `leader`, `follower`, `observer`, `standalone`, `read-only`; undefined: it does not serve. */
  modeOf(server: number): Promise<string | undefined>;
  /** The answer to a four-letter word. */
  word(server: number, command: string): Promise<string | null>;
  control(what: Control, server: number): Promise<void>;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}
