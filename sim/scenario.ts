// The way in for scenario files: text becomes a Scenario, or a list of everything that is wrong
// with it. Parsed once, at the edge; behind this, nothing validates again.
import { z } from 'zod';
import { checkScenario } from './scenario/checks.js';
import type { Complaint } from './scenario/issues.js';
import { complaintsOf, expectationOf } from './scenario/issues.js';
import type { Problem } from './scenario/problem.js';
import { pathText } from './scenario/problem.js';
import { readScenario } from './scenario/reading.js';
import type { Scenario } from './scenario/scenario.js';
import { scenarioSchema } from './scenario/schema.js';
import { Source } from './scenario/source.js';

export type ParsedScenario =
  | { readonly ok: Scenario; readonly problems?: undefined }
  | { readonly problems: Problem[]; readonly ok?: undefined };

/** `file` is only for messages. Reads YAML, and so the JSON of a document as well. */
export function parseScenario(text: string, file: string): ParsedScenario {
  const source = new Source(text);
  const errors = source.errors();
  if (errors.length > 0) {
    return {
      problems: errors.map(({ line, column, message }) => ({
        ...{ file, line, column, path: '', found: message, expected: 'plain YAML', hint: '' },
      })),
    };
  }
  const complaints: Complaint[] = [];
  const scenario = read(source.value(), complaints);
  if (scenario !== undefined && complaints.length === 0) return { ok: scenario };
  const problems = complaints.map((complaint) => locate(complaint, source, file));
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

function read(value: unknown, complaints: Complaint[]): Scenario | undefined {
  const result = z.safeDecode(scenarioSchema, value as z.input<typeof scenarioSchema>, {
    error: expectationOf,
  });
  if (result.success) {
    const scenario = readScenario(result.data);
    complaints.push(...checkScenario(result.data, scenario));
    return scenario;
  }
  complaints.push(...result.error.issues.flatMap((issue) => complaintsOf(issue, value)));
  return undefined;
}

function locate(complaint: Complaint, source: Source, file: string): Problem {
  const { path, atKey, found, expected, hint } = complaint;
  const { line, column } = atKey ? source.positionOfKey(path) : source.positionOf(path);
  return { file, line, column, path: pathText(path), found, expected, hint };
}
