// A Mermaid sequence diagram, for an issue or a wiki page.
import { serverName } from '../format.js';
import type { ExportInput } from './export.js';
import { sequenceOf } from './sequence.js';

/** Semicolons end statements and a hash begins an entity, also within text. */
function escaped(text: string): string {
  return text.replace(/[#;<>]/g, (char) => `#${char.charCodeAt(0)};`);
}

export function* mermaid(input: ExportInput): Generator<string> {
  yield 'sequenceDiagram';
  yield `  title ${escaped(input.title)}`;
  for (const sid of input.servers) yield `  participant ${serverName(sid)}`;
  for (const step of sequenceOf(input)) {
    const text = escaped(step.text);
    yield step.kind === 'arrow'
      ? `  ${step.from}->>${step.to}: ${text}`
      : `  Note over ${step.over.join(',')}: ${text}`;
  }
}
