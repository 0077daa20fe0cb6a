// What a fault did, in words: the measured effects of sim/world/credits.ts as somebody would notice
// them.

const WORDS: Readonly<Record<string, string>> = {
  held: 'packets are held up',
  delayed: 'messages are late',
  lost: 'a message is lost',
  reset: 'a connection breaks',
  refused: 'a dial is refused',
  duplicated: 'a message arrives twice',
  reordered: 'a message overtakes another',
  throttled: 'messages wait for bandwidth',
  stalled: 'the disk does not answer',
  slowed: 'work takes longer',
  failed: 'a write fails',
  full: 'a write finds the disk full',
  lied: 'an fsync is only pretended',
  paused: 'the process stands still',
  crashed: 'the process ends',
  wiped: 'the disk is emptied',
  corrupted: 'a record of the log is damaged',
  snapshotLost: 'a snapshot is gone',
  disconnected: 'a client loses its connection',
  clockChanged: 'a clock is changed',
};

export function effectWords(what: string): string {
  return WORDS[what] ?? what;
}
