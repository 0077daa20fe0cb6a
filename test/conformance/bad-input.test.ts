// Bad input gets the answer that a real ZooKeeper gives, and changes nothing on any server.
import { beforeAll, describe, expect, it } from 'vitest';
import { serverId } from '../../protocol/ids.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { treeDigest } from '../../protocol/tree/tree.js';
import type { BadInput } from './bad-input.js';
import { BAD_INPUT, BadClient } from './bad-input.js';
import type { Script } from './script/script.js';
import { SimulatedEnsemble } from './simulated/ensemble.js';

const SCRIPT = { name: 'bad input', server: 'ensemble', barrier: 'sync' } as const satisfies Omit<
  Script,
  'steps'
>;
const SETTLE_MS = 5;

/** By operation and answer. */
const GROUPS = new Map<string, BadInput[]>();
for (const input of BAD_INPUT) {
  const what = `${input.step.op}: ${input.says}`;
  GROUPS.set(what, [...(GROUPS.get(what) ?? []), input]);
}

describe('bad input', () => {
  const ensemble = new SimulatedEnsemble(SCRIPT);

  async function trees(): Promise<Tree[]> {
    await ensemble.sleep(SETTLE_MS);
    return Array.from({ length: ensemble.servers }, (_, index) => {
      return ensemble.world.peer(serverId(index + 1)).database.tree;
    });
  }

  let client: BadClient;
  let before: readonly Tree[] = [];

  beforeAll(async () => {
    client = await BadClient.at(ensemble);
    before = await trees();
  });

  it.each([...GROUPS])('%s', async (_what, inputs) => {
    for (const input of inputs) {
      const { step } = input;
      expect([step, await client.ask(input, SCRIPT, 'follower')]).toEqual([step, input.says]);
      const after = await trees();
      // Sessions come and go; of a znode that changes there is another one in another map.
      const untouched = after.map(({ znodes }, index) => znodes === before[index]?.znodes);
      expect([step, untouched]).toEqual([step, before.map(() => true)]);
      expect([step, new Set(after.map(treeDigest)).size]).toEqual([step, 1]);
      before = after;
    }
  });

  it('is all of it', () => {
    expect(BAD_INPUT.length).toBeGreaterThan(900);
    expect(new Set(BAD_INPUT.map(({ says }) => says)).size).toBeGreaterThan(15);
  });
});
