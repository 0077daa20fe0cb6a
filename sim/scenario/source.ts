// The text of a scenario file with positions: where in it a value or a key stands, for messages
// that name the line. YAML is used for its data only: no aliases, no tags, no second document.
import type { Document, Node, Pair } from 'yaml';
import { LineCounter, isMap, isNode, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';

export type Path = readonly PropertyKey[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SourceError extends Position {
  readonly message: string;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

export class Source {
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(text: string) {
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: false,
    });
  }

  /** What makes the text unreadable as plain data. */
  errors(): SourceError[] {
    const found = [...this.#document.errors, ...this.#document.warnings].map((error) => ({
      message: error.message,
      ...this.#positionAt(error.pos[0]),
    }));
    if (found.length > 0) return found;
    visit(this.#document, {
      Alias: (_, alias) => {
        const message = 'an alias: write the value out';
        found.push({ message, ...this.#positionAt(alias.range?.[0] ?? 0) });
      },
    });
    return found;
  }

  value(): unknown {
    return this.#document.toJS();
  }

  /** Where the value at `path` stands, or the innermost thing on the way to it. */
  positionOf(path: Path): Position {
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const step of path) {
      offset = startOf(node) ?? offset;
      node = childOf(node, step);
      if (isPair(node)) node = node.value ?? node.key;
      if (node === undefined) break;
    }
    return this.#positionAt(startOf(node) ?? offset);
  }

  /** Where the key at the end of `path` stands. */
  positionOfKey(path: Path): Position {
    const parent = this.#nodeAt(path.slice(0, -1));
    const pair = childOf(parent, path.at(-1) ?? '');
    if (!isPair(pair)) return this.positionOf(path);
    return this.#positionAt(startOf(pair.key) ?? 0);
  }

  #nodeAt(path: Path): unknown {
    let node: unknown = this.#document.contents;
    for (const step of path) {
      node = childOf(node, step);
      if (isPair(node)) node = node.value;
    }
    return node;
  }

  #positionAt(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}

/** The pair under a key, or the entry at an index. */
function childOf(node: unknown, step: PropertyKey): unknown {
  if (isMap(node)) return node.items.find((pair) => keyText(pair) === String(step));
  if (isSeq(node) && typeof step === 'number') return node.items[step];
  return undefined;
}
