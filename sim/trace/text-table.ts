// The texts of a trace, each stored and hashed once. A run has few different ones (kinds of
// message, roles, reasons, paths), so a record holds a number and the hash takes the text's own
// hash, which does not depend on the order in which texts were first seen. Forks of a world share
// one table: it only grows.
import { assert } from '../../base/assert.js';
import { hashString } from '../../base/digest.js';

export class TextTable {
  readonly #ids = new Map<string, number>([['', 0]]);
  readonly #texts: string[] = [''];
  readonly #hashes: number[] = [hashString('')];

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#texts.length;
    this.#ids.set(text, id);
    this.#texts.push(text);
    this.#hashes.push(hashString(text));
    return id;
  }

  textOf(id: number): string {
    const text = this.#texts[id];
    assert(text !== undefined, 'a text that the table never gave out');
    return text;
  }

  hashOf(id: number): number {
    return this.#hashes[id] ?? 0;
  }
}
