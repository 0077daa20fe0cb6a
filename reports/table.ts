// Columns of text, aligned, without borders: what a report puts under a heading.

export interface TableOptions {
  /** Spaces before each line. */
  readonly indent?: number;
  /** Columns that hold numbers: aligned at the right. */
  readonly right?: readonly number[];
}

/** One line a row; the last column is never padded, so no line ends in spaces. */
export function table(
  rows: readonly (readonly string[])[],
  { indent = 2, right = [] }: TableOptions = {},
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const pad = ' '.repeat(indent);
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
    });
    return `${pad}${cells.join('  ')}`.trimEnd();
  });
}
