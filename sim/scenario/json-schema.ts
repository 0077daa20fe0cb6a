// The JSON Schema of scenario files, for editors: completion and red underlines while one writes.
// It is generated from the schema that parses them, and docs/scenario.schema.json must equal it.
import { z } from 'zod';
import { scenarioSchema } from './schema.js';

const WIDTH = 100;

function inline(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
}

/** JSON as the formatter of the repository lays it out: short lists of words on one line. */
function layOut(value: unknown, indent: string, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item !== 'object');
    const line = inline(value);
    if (plain && used + line.length < WIDTH) return line;
    const items = value.map((item) => `${deeper}${layOut(item, deeper, deeper.length)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value).map(([key, field]) => {
    const name = `${deeper}${JSON.stringify(key)}: `;
    return `${name}${layOut(field, deeper, name.length)}`;
  });
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${indent}}`;
}

/** The text of docs/scenario.schema.json. */
export function scenarioJsonSchema(): string {
  const schema: unknown = z.toJSONSchema(scenarioSchema, { io: 'input' });
  return `${layOut(schema, '', 0)}\n`;
}
