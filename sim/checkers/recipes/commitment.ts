// Two-phase commit: there is one decision, everybody obeys it, and it is to commit only if all have
// voted for it.
import { recipeChecker } from './scene.js';

export const atomicCommitment = recipeChecker(
  {
    id: 'atomic-commitment',
    kind: 'client',
    claim:
      'A transaction is committed only after every participant has voted for it, and whoever ' +
      'acts on a decision acts on the one that was made.',
    recipes: ['two-phase-commit'],
  },
  ({ found, setting, znodes }) => ({
    deed: ({ kind, name, data }, record) => {
      const [txn = '', what] = name.split('/');
      if (kind !== 'created' || what !== 'decision') return;
      found.saw();
      if (data !== 'commit') return;
      for (let index = 0; index < setting.size; index++) {
        const vote = znodes.get(`${txn}/p${index}`)?.data ?? '';
        if (vote === 'yes') continue;
        const facts = { transaction: txn, participant: index, vote: vote === '' ? 'none' : vote };
        found.broken(record, 'commit-without-consent', facts);
      }
    },
    point: (what, record) => {
      if (what === 'voted') return;
      found.saw();
      const transaction = `t${record.digest}`;
      const decision = znodes.get(`${transaction}/decision`)?.data ?? 'none';
      const obeyed = decision === (what === 'committed' ? 'commit' : 'abort');
      if (!obeyed) found.broken(record, 'disobeyed', { transaction, acted: what, decision });
    },
  }),
);
