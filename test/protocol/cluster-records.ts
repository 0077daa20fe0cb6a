// Records of a trace, as stories pick and print them.
import type { Txn } from '../../protocol/txn.js';
import type { Zxid } from '../../protocol/ids.js';
import { formatZxid } from '../../protocol/ids.js';
import type { Violation } from '../../sim/checkers/verdict.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import type { Recorder } from '../../sim/trace/recorder.js';
import { wordOf } from './cluster-setup.js';

/** Slots that a record must have; zxids are written `epoch:counter`. */
export interface Where {
  readonly actor?: number;
  readonly peer?: number;
  readonly zxid?: string;
  readonly epoch?: number;
  readonly value?: number;
  readonly text?: string;
}

export function matches(record: TraceRecord, where: Where): boolean {
  const { actor, peer, zxid, epoch, value, text } = where;
  return (
    (actor === undefined || record.actor === actor) &&
    (peer === undefined || record.peer === peer) &&
    (zxid === undefined || formatZxid(record.zxid as Zxid) === zxid) &&
    (epoch === undefined || record.epoch === epoch) &&
    (value === undefined || record.value === value) &&
    (text === undefined || record.text === text)
  );
}

export function lineOf(record: TraceRecord): string {
  const { index, atUs, actor, kind, peer, zxid, epoch, value, text } = record;
  const at = formatZxid(zxid as Zxid);
  const slots = `peer=${peer} zxid=${at} epoch=${epoch} value=${value} ${text}`;
  return `  #${index} ${(atUs / 1000).toFixed(2)}ms ${actor} ${kind} ${slots}`;
}

/** What a failed story prints: enough to see it again. */
export function reportOf(
  seed: string,
  violations: readonly Violation[],
  recorder: Recorder,
): string {
  const parts = violations
    .slice(0, 3)
    .flatMap(({ checker, invariant, evidence, facts }) => [
      `${checker}/${invariant} ${JSON.stringify(facts)}`,
      ...evidence.map((index) => lineOf(recorder.at(index))),
    ]);
  return [`seed ${seed}, trace ${recorder.hex()}, ${recorder.count} records`, ...parts].join('\n');
}

/** Keeps account of what is chosen, by zxid, while a trace is written. */
export function chosenBy(
  recorder: Recorder,
  logOf: (sid: number) => readonly Txn[],
): () => ReadonlyMap<number, string> {
  const proposed = new Map<number, string>();
  const chosen = new Map<number, string>();
  recorder.subscribe(['proposed'], ({ zxid, detail }) => proposed.set(zxid, wordOf(detail as Txn)));
  recorder.subscribe(['committed'], ({ zxid }) => chosen.set(zxid, proposed.get(zxid) ?? '?'));
  recorder.subscribe(['newLeaderAcked'], ({ actor }) => {
    for (const txn of logOf(actor)) chosen.set(txn.zxid, wordOf(txn));
  });
  return () => chosen;
}
