// Histories as people would write them on a board, one operation a line:
//   a 0-10  write 1            client, interval, operation, its JSON arguments, = its JSON answer
//   b 5-    read = 1           an open end: no answer came
// A first argument that is a path is the path of a znode; {...} adds fields, as {"version":3}.
// The result is text in our own format, so every story also takes the way of a file.

const LINE = /^(\S+)\s+(\d+)-(\d*)\s+(\S+)\s*(.*?)(?:\s*=\s*(.+))?$/;

export function story(lines: readonly string[]): string {
  return lines.map((line) => JSON.stringify(operation(line))).join('\n');
}

function operation(line: string): object {
  const match = LINE.exec(line.trim());
  if (match === null) throw new Error(`no operation: ${line}`);
  const [, client, from, to, f, rest = '', answer] = match;
  const words = rest.match(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\S+/g) ?? [];
  const op: Record<string, unknown> = { f };
  for (const word of words) {
    if (word.startsWith('/')) op['path'] = word;
    else if (word.startsWith('key:')) op['key'] = word.slice('key:'.length);
    else if (word.startsWith('{')) Object.assign(op, JSON.parse(word));
    else op['value'] = JSON.parse(word) as unknown;
  }
  const error = answer === undefined ? undefined : /^[A-Z]+$/.exec(answer)?.[0];
  return {
    client,
    invoked: Number(from),
    completed: to === '' ? null : Number(to),
    op,
    result:
      answer === undefined || error !== undefined ? undefined : (JSON.parse(answer) as unknown),
    outcome: error === undefined ? (to === '' ? 'unknown' : 'ok') : `error:${error}`,
  };
}
