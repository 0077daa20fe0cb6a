// A history of znodes in our own format (history.ts), as parse.ts reads it back.
import type { History } from '../history.js';
import type { ZnodeOp, ZnodeResult } from '../models/znode-op.js';

export function writeZnodeHistory(history: History<ZnodeOp, ZnodeResult>): string {
  const lines = [JSON.stringify({ zabsim: 'history', version: 1, model: 'znode' })];
  for (const { client, invokedAt, completedAt, op, result, outcome } of history) {
    // Follows from the ephemeral create, and is made from it again.
    if (op.f === 'expire') continue;
    const { f, path, value, version, owner } = op;
    const writes = f === 'create' || f === 'set';
    const conditional = (f === 'set' || f === 'delete') && version !== -1;
    lines.push(
      JSON.stringify({
        client,
        invoked: invokedAt,
        completed: completedAt ?? null,
        op: {
          f,
          path,
          value: writes ? value : undefined,
          version: conditional ? version : undefined,
          owner: owner === '' ? undefined : owner,
        },
        result,
        outcome,
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}
