// The whole way in one call: the text of a history file in, judgements out. This is what the
// command line does with a file, for programs that have the text at hand.
import type { Json } from './history.js';
import type { NilReads } from './decode.js';
import type { Format, KnownFormat } from './formats/parse.js';
import { parseHistory } from './formats/parse.js';
import { MalformedHistory } from './formats/raw.js';
import type { Judgement, JudgeOptions } from './judge.js';
import { judge, JUDGE_DEFAULTS } from './judge.js';
import type { Consistency, ModelName } from './subject.js';
import { chooseSubject } from './subject.js';
import type { Verdict } from './verdict.js';

export interface CheckTextOptions {
  readonly format: Format;
  /** Undefined for what the file names, or what its operations look like. */
  readonly model: ModelName | undefined;
  /** Undefined for `session` with znodes and `linearizable` with everything else. */
  readonly consistency: Consistency | undefined;
  /** Value of registers nobody has written; undefined for what is usual in the format. */
  readonly initial: Json | undefined;
  readonly nilReads: NilReads | undefined;
  readonly limits: JudgeOptions['limits'];
  readonly explaining: JudgeOptions['explaining'];
}

const CHECK_TEXT_DEFAULTS: CheckTextOptions = {
  format: 'auto',
  model: undefined,
  consistency: undefined,
  initial: undefined,
  nilReads: undefined,
  limits: JUDGE_DEFAULTS.limits,
  explaining: JUDGE_DEFAULTS.explaining,
};

export interface CheckedHistory {
  /** Empty unless the file holds several histories. */
  readonly name: string;
  readonly format: KnownFormat;
  readonly judgement: Judgement;
}

export type CheckedText =
  | {
      readonly ok: true;
      /** Not linearizable if one of them is not, else unknown if one of them is. */
      readonly verdict: Verdict;
      readonly histories: readonly CheckedHistory[];
    }
  | {
      readonly ok: false;
      readonly line: number;
      readonly found: string;
      readonly expected: string;
    };

export function checkText(text: string, options: Partial<CheckTextOptions> = {}): CheckedText {
  const all: CheckTextOptions = { ...CHECK_TEXT_DEFAULTS, ...options };
  try {
    const parsed = parseHistory(text, all.format);
    if (!parsed.ok) return malformed(parsed.problem);
    const histories = parsed.histories.map((history): CheckedHistory => {
      const { name, subject } = chooseSubject(history, all.model, all);
      const usual = name === 'znode' ? 'session' : 'linearizable';
      const consistency = all.consistency ?? usual;
      const { limits, explaining } = all;
      const judgement = judge(subject, { consistency, limits, explaining });
      return { name: history.name, format: history.format, judgement };
    });
    return { ok: true, verdict: worst(histories), histories };
  } catch (error) {
    if (error instanceof MalformedHistory) return malformed(error);
    throw error;
  }
}

function malformed({ line, found, expected }: MalformedHistory): CheckedText {
  return { ok: false, line, found, expected };
}

function worst(histories: readonly CheckedHistory[]): Verdict {
  const verdicts = histories.map(({ judgement }) => judgement.verdict);
  if (verdicts.includes('not-linearizable')) return 'not-linearizable';
  return verdicts.includes('unknown') ? 'unknown' : 'linearizable';
}
