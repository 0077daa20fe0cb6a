// Every variant, by id. Command line, profiles and tests read this list.
import { ackBeforeFsync } from './ack-before-fsync.js';
import { replyAheadOfApply } from './reply-ahead-of-apply.js';
import { truncateAheadInEpoch } from './truncate-ahead-in-epoch.js';
import type { Variant } from './variant.js';

export const VARIANTS: readonly Variant[] = [
  ackBeforeFsync,
  replyAheadOfApply,
  truncateAheadInEpoch,
];
