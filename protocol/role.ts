// Changing roles: the one place where a new role is put into the context, so that every change of
// role or phase is told to the trace. [ZK-Java QuorumPeer.setPeerState]
import type { Context } from './context.js';
import { note } from './context.js';
import type { Role } from './state.js';
import { roleName } from './state.js';

function epochOfRole(role: Role): number {
  if (role.kind === 'following' || role.kind === 'observing') {
    return 'epoch' in role.phase ? role.phase.epoch : 0;
  }
  return role.kind === 'leading' ? role.epoch : 0;
}

function leaderOfRole(role: Role, self: number): number {
  if (role.kind === 'following' || role.kind === 'observing') return role.leader;
  return role.kind === 'leading' ? self : 0;
}

/**
 * Is it plainly the same phase of the same role? Most steps stay in theirs, and names cost time.
 */
function samePhase(a: Role, b: Role): boolean {
  if (a.kind !== b.kind || !('phase' in a) || !('phase' in b)) return false;
  if (typeof a.phase === 'string' || typeof b.phase === 'string') return true;
  return a.phase.kind === b.phase.kind;
}

/** Replaces the role; a change of role or phase becomes a note. */
export function setRole(ctx: Context, role: Role): void {
  const before = ctx.role;
  ctx.role = role;
  if (samePhase(before, role)) return;
  const after = roleName(role);
  if (roleName(before) === after) return;
  note(ctx, 'role', {
    peer: leaderOfRole(role, ctx.config.sid),
    epoch: epochOfRole(role),
    text: after,
  });
}
