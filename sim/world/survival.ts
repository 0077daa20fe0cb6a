// What a crash leaves of what was not safe yet. Drawn when the crash is decided and from then on
// plain data, so that a replayed crash leaves the same disk behind. The last surviving record may
// be followed by a torn one; a reader takes that for the end of the file, so it is not modelled.
// [ZK-Java FileTxnLog.FileTxnIterator.next]
import type { RandomStream } from '../../base/random.js';
import type { CrashKind } from './conditions.js';
import type { Disk, DiskJob, Survival } from './disk.js';

function drawProcess(disk: Disk, head: DiskJob | undefined, stream: RandomStream): Survival {
  const headLanded = stream.chance(0.5);
  const { length } = disk.written;
  const logLength =
    head?.kind === 'flush' ? stream.between(Math.min(length, head.log.length), head.log.length) : 0;
  return { headLanded, logLength, cutUndone: false, snapshots: [] };
}

function drawPower(disk: Disk, head: DiskJob | undefined, stream: RandomStream): Survival {
  const headLanded = stream.chance(0.5);
  const truncates = head?.kind === 'truncate' && headLanded;
  const cut = truncates ? head.log : disk.cut;
  const cutUndone = cut !== undefined && stream.chance(0.5);
  const log = head?.kind === 'flush' ? head.log : truncates ? head.log : disk.written;
  const safeLength = Math.min((cut ?? disk.synced).length, log.length);
  const logLength = stream.between(safeLength, log.length);
  // One more than there are files: the head may be adding one.
  const snapshots = [];
  for (let index = 0; index <= disk.files.length; index++) snapshots.push(stream.chance(0.5));
  return { headLanded, logLength, cutUndone, snapshots };
}

/** Draws what a crash of this kind, now, would leave. */
export function drawSurvival(disk: Disk, kind: CrashKind, stream: RandomStream): Survival {
  const head = disk.requests[0]?.job;
  return kind === 'process' ? drawProcess(disk, head, stream) : drawPower(disk, head, stream);
}

/** What an orderly exit leaves: the request being worked on completes, the rest is dropped. */
export function exitSurvival(disk: Disk): Survival {
  const head = disk.requests[0]?.job;
  const logLength = head?.kind === 'flush' ? head.log.length : 0;
  return { headLanded: true, logLength, cutUndone: false, snapshots: [] };
}

/** How much of a failed flush reading the file back gives. */
export function drawKept(disk: Disk, job: DiskJob, stream: RandomStream): number {
  if (job.kind !== 'flush') return 0;
  return stream.between(Math.min(disk.written.length, job.log.length), job.log.length);
}
