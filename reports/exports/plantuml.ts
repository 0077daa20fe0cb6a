// A PlantUML sequence diagram: the same steps as Mermaid's.
import { serverName } from '../format.js';
import type { ExportInput } from './export.js';
import { sequenceOf } from './sequence.js';

/** A tilde takes away what a mark of Creole or a tag means. */
function escaped(text: string): string {
  return text.replace(/[~*_<\\]|--|\/\/|""|^[@!'#]/g, (mark) => `~${mark}`);
}

export function* plantuml(input: ExportInput): Generator<string> {
  yield '@startuml';
  yield `title ${escaped(input.title)}`;
  for (const sid of input.servers) yield `participant ${serverName(sid)}`;
  for (const step of sequenceOf(input)) {
    const text = escaped(step.text);
    yield step.kind === 'arrow'
      ? `${step.from} -> ${step.to} : ${text}`
      : `note over ${step.over.join(', ')} : ${text}`;
  }
  yield '@enduml';
}
