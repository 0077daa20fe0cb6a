// A golden script as text: `#` prose, a command line with `key=value` arguments, `----`, what it
// printed, a blank line. Prose stays where it is when a script is rewritten; output never holds a
// blank line.

export interface Command {
  /** Line of the command, from 1. */
  readonly line: number;
  readonly verb: string;
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

export interface Part {
  readonly prose: readonly string[];
  /** Undefined: prose at the end of the script. */
  readonly command: Command | undefined;
  /** The command as it was written. */
  readonly source: string;
  readonly output: readonly string[];
}

const DIVIDER = '----';

function commandOf(source: string, line: number): Command {
  const [verb = '', ...words] = source.split(/\s+/);
  const pairs = words.filter((word) => word.includes('='));
  return {
    line,
    verb,
    names: words.filter((word) => !word.includes('=')),
    options: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])),
  };
}

export function parseScript(text: string): Part[] {
  const lines = text.replace(/\n+$/, '').split('\n');
  const parts: Part[] = [];
  let prose: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const source = lines[at] ?? '';
    if (source === '' || source.startsWith('#')) {
      prose.push(source);
      continue;
    }
    const line = at + 1;
    if (lines[at + 1] !== DIVIDER) {
      throw new Error(`line ${line}: expected ${DIVIDER} below ${source}`);
    }
    const output: string[] = [];
    for (at += 2; at < lines.length && lines[at] !== ''; at++) output.push(lines[at] ?? '');
    parts.push({ prose, command: commandOf(source, line), source, output });
    prose = [''];
  }
  if (prose.length > 1) parts.push({ prose, command: undefined, source: '', output: [] });
  return parts;
}

export function renderScript(parts: readonly Part[]): string {
  const lines = parts.flatMap(({ prose, command, source, output }) => {
    return command === undefined ? prose : [...prose, source, DIVIDER, ...output];
  });
  return `${lines.join('\n')}\n`;
}
