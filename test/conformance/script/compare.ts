// Two lists of answers, and where they differ. The words of a step (`#`) are for people only.
import { compareCodeUnits } from '../../../base/order.js';
import type { Answer, EventAnswer } from './answer.js';
import { spacedJson } from './answer.js';

export interface Difference {
  /** Of the step, from 0. */
  readonly step: number;
  readonly words: string;
  /** Where in the answer: `stat.cversion`. */
  readonly where: string;
  readonly got: string;
  readonly wanted: string;
}

const ABSENT = 'nothing';

interface Leaf {
  readonly where: string;
  readonly got: unknown;
  readonly wanted: unknown;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lists whose entries mean nothing one by one. */
function isWhole(where: string): boolean {
  return /(^|\.)(acl|children|paths|who)$/.test(where);
}

function leaves(got: unknown, wanted: unknown, where: string): Leaf[] {
  if (isPlain(got) && isPlain(wanted)) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(got)]);
    keys.delete('#');
    return [...keys].flatMap((key) => {
      return leaves(got[key], wanted[key], where === '' ? key : `${where}.${key}`);
    });
  }
  if (
    Array.isArray(got) &&
    Array.isArray(wanted) &&
    got.length === wanted.length &&
    !isWhole(where)
  ) {
    return wanted.flatMap((value, index) => leaves(got[index], value, `${where}[${index}]`));
  }
  return isSame(got, wanted) ? [] : [{ where, got, wanted }];
}

function isSame(got: unknown, wanted: unknown): boolean {
  if (got === undefined || wanted === undefined) return got === wanted;
  return spacedJson(got) === spacedJson(wanted);
}

type Events = Readonly<Record<string, readonly EventAnswer[]>>;

function sortedEvents(events: Events | undefined): Events | undefined {
  if (events === undefined) return undefined;
  const sorted = Object.entries(events).map(([name, list]) => {
    const texts = list.map((event) => ({ event, text: spacedJson(event) }));
    texts.sort((a, b) => compareCodeUnits(a.text, b.text));
    return [name, texts.map(({ event }) => event)] as const;
  });
  return Object.fromEntries(sorted);
}

/** Where the order of events is nobody's promise, they are compared as multisets. */
function comparable(answer: Answer | undefined, unordered: boolean): unknown {
  if (answer === undefined || !unordered) return answer;
  const { ev, evAfter } = answer;
  const sorted = { ev: sortedEvents(ev), evAfter: sortedEvents(evAfter) };
  return { ...answer, ...sorted, evUnordered: true };
}

export function differences(got: readonly Answer[], wanted: readonly Answer[]): Difference[] {
  const count = Math.max(got.length, wanted.length);
  return Array.from({ length: count }, (_, step) => step).flatMap((step) => {
    const unordered = (wanted[step]?.evUnordered ?? false) || (got[step]?.evUnordered ?? false);
    const words = (wanted[step] ?? got[step])?.['#'] ?? '';
    const found = leaves(comparable(got[step], unordered), comparable(wanted[step], unordered), '');
    return found.map((leaf) => ({
      step,
      words,
      where: leaf.where,
      got: leaf.got === undefined ? ABSENT : spacedJson(leaf.got),
      wanted: leaf.wanted === undefined ? ABSENT : spacedJson(leaf.wanted),
    }));
  });
}

/** As people read it, one line for each. */
export function differenceText({ step, words, where, got, wanted }: Difference): string {
  return `  step ${step + 1} (${words}): ${where || 'the answer'} is ${got}, should be ${wanted}`;
}
