// From what the schema library objects to, to problems in our words. A choice between forms (a
// duration, or a map with a mean) is reported for the form that the writer seems to have meant.
import { z } from 'zod';
import { unreachable } from '../../base/assert.js';
import type { Path } from './source.js';
import { foundText, nearest } from './problem.js';

/** A problem before it has a place in a file. */
export interface Complaint {
  readonly path: Path;
  /** Does it concern the key at the end of the path rather than its value? */
  readonly atKey: boolean;
  readonly found: string;
  readonly expected: string;
  readonly hint: string;
}

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

const ARTICLE: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/** What was expected, in words; used wherever a schema does not say it better itself. */
export function expectationOf(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return ARTICLE[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'unrecognized_keys':
      return issue.inst instanceof z.ZodObject
        ? oneOf(Object.keys(issue.inst.shape))
        : 'no such key';
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'array' ? ' entries' : ''}`;
    case 'invalid_union': {
      const { options } = issue;
      return Array.isArray(options) ? oneOf(options.map(String)) : '';
    }
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'not_multiple_of':
      return 'something else';
    default:
      return unreachable(issue);
  }
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** `base` is the path of the part of `root` that the issue's own path starts from. */
export function complaintsOf(issue: Issue, root: unknown, base: Path = []): Complaint[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], key, issue.message));
  }
  if (issue.code === 'invalid_union' && issue.message === '') {
    return meantForm(issue.errors, root, path);
  }
  const value = valueAt(root, path);
  const hint = hintFor(value, issue.message);
  return [{ path, atKey: false, found: foundText(value), expected: issue.message, hint }];
}

function unknownKey(path: Path, key: string, expected: string): Complaint {
  const words = expected.replace(/^one of /, '').split(', ');
  const close = nearest(key, words);
  const hint = close === undefined ? '' : `did you mean ${close}?`;
  return { path, atKey: true, found: `the unknown key ${JSON.stringify(key)}`, expected, hint };
}

/** The form of which at least the outermost type is right, or all of them at once. */
function meantForm(forms: readonly (readonly Issue[])[], root: unknown, path: Path): Complaint[] {
  const isOutermost = (issue: Issue): boolean =>
    issue.path.length === 0 && issue.code === 'invalid_type';
  const meant = forms.filter((issues) => !issues.some(isOutermost));
  const closest = meant.toSorted((a, b) => a.length - b.length)[0];
  if (closest !== undefined) return closest.flatMap((issue) => complaintsOf(issue, root, path));
  const expected = [...new Set(forms.flatMap((issues) => issues.map(({ message }) => message)))];
  const found = foundText(valueAt(root, path));
  return [{ path, atKey: false, found, expected: expected.join(' or '), hint: '' }];
}

function hintFor(value: unknown, expected: string): string {
  if (typeof value === 'number' && expected.includes('with its unit')) {
    return `did you mean ${value}ms or ${value}s?`;
  }
  if (typeof value !== 'string' || !expected.startsWith('one of ')) return '';
  const close = nearest(value, expected.slice('one of '.length).split(', '));
  return close === undefined ? '' : `did you mean ${close}?`;
}
