// `npm run matrix -- SEEDS MOST`, both with a default: writes docs/matrix.md. Progress goes to
// stderr.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { VARIANTS } from '../protocol/variants/registry.js';
import { measureRow, renderMatrix } from './matrix.js';

const PAGE = 'docs/matrix.md';
const USUAL = 300;
const MOST = 6000;

function main([usual, most]: readonly string[]): void {
  const seeds = usual === undefined ? USUAL : Number(usual);
  const limit = most === undefined ? MOST : Number(most);
  const rows = VARIANTS.map((variant) => {
    const row = measureRow(variant, seeds, limit);
    process.stderr.write(`matrix: ${variant.id}: ${row.caught} of ${row.seeds}\n`);
    return row;
  });
  writeFileSync(PAGE, renderMatrix(rows));
}

main(process.argv.slice(2));
