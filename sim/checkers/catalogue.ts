// The registry as a page for readers: docs/checkers.md is what this renders, and a test keeps it
// so.
import type { Checker } from './checker.js';
import { CHECKERS } from './registry.js';

const HEADINGS = {
  safety: 'Safety: what the protocol promises',
  client: 'Safety: what clients are promised',
  liveness: 'Liveness: what becomes of an ensemble that is left alone',
} as const;

const INTRODUCTION = `# Checkers

Each checker is a fold over the trace: it reads records, never live state, so it judges a saved
trace exactly as it judges a running one. A checker that met nothing it could have rejected says
\`inconclusive\`, not \`pass\`. Keys in brackets are resolved in [references.md](references.md).

This page is rendered from the registry, sim/checkers/registry.ts.`;

const NOT_CLAIMED = `## Not claimed

These look like invariants and are none; a checker for one of them would reject correct runs.

- At any time at most one server leads: a deposed leader does not know it yet. It is one per epoch.
- An election has one winner: two servers may both be elected; discovery lets only one go on.
- A COMMIT implies that the server that gets it has the transaction on disk: a quorum has.
- A leader has a transaction on disk before it commits it: its followers alone may be the quorum.
- A follower's log contains all that is chosen: only a quorum's logs do.
- What a server has committed survives its restart: it reads a log, none of it marked as committed.
- Reads see the latest write of other sessions: they see a prefix of the chosen history.`;

function row({ id, claim, cites }: Checker): string {
  const keys = cites.map((cite) => `[${cite}]`).join(' ');
  return `| \`${id}\` | ${claim} | ${keys} |`;
}

function section(kind: keyof typeof HEADINGS): string {
  const rows = CHECKERS.filter((checker) => checker.kind === kind).map(row);
  return [`## ${HEADINGS[kind]}`, '', '| id | claim | from |', '|---|---|---|', ...rows].join('\n');
}

/** docs/checkers.md. */
export function renderCheckers(): string {
  const sections = [section('safety'), section('client'), section('liveness')];
  return `${[INTRODUCTION, ...sections, NOT_CLAIMED].join('\n\n')}\n`;
}
