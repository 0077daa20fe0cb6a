// A statement about a run before it becomes a line: who does what. Kept in parts so that a timeline
// can say "s1, s2 and s4 promise epoch 2" where three servers do the same thing one after another.
import { compareNumbers } from '../base/order.js';
import { actorNames } from './format.js';

export type Phrase =
  | { readonly form: 'does'; readonly actor: number; readonly verb: string; readonly rest: string }
  | {
      readonly form: 'sends';
      readonly actor: number;
      readonly message: string;
      readonly to: number;
    }
  | { readonly form: 'states'; readonly text: string };

export function does(actor: number, verb: string, rest: string): Phrase {
  return { form: 'does', actor, verb, rest };
}

export function sends(actor: number, message: string, to: number): Phrase {
  return { form: 'sends', actor, message, to };
}

export function states(text: string): Phrase {
  return { form: 'states', text };
}

/** `vote` as in "s1 votes": regular English, and the two verbs that are not. */
export function thirdPerson(verb: string): string {
  if (verb === 'be') return 'is';
  if (verb === 'have') return 'has';
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|x|sh|ch)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

/** "s1 leaves its role", but "s1 and s2 leave their role". */
function owned(rest: string, subjects: number): string {
  if (subjects === 1) return rest;
  return rest.replace(/\bitself\b/g, 'themselves').replace(/\bits\b/g, 'their');
}

function inflected(verb: string, subjects: number): string {
  if (subjects === 1) return thirdPerson(verb);
  return verb === 'be' ? 'are' : verb;
}

/** Several phrases that say the same of different actors, or of one actor to different targets. */
export interface Company {
  readonly actors: readonly number[];
  readonly targets: readonly number[];
}

export function companyOf(phrase: Phrase): Company {
  if (phrase.form === 'states') return { actors: [], targets: [] };
  return { actors: [phrase.actor], targets: phrase.form === 'sends' ? [phrase.to] : [] };
}

function ascending(actors: readonly number[]): number[] {
  return actors.toSorted(compareNumbers);
}

/** The company with one more, if `next` says the same as `phrase` does of this company. */
export function joined(phrase: Phrase, company: Company, next: Phrase): Company | undefined {
  const { actors, targets } = company;
  if (phrase.form === 'does' && next.form === 'does') {
    const same = phrase.verb === next.verb && phrase.rest === next.rest;
    const known = actors.includes(next.actor);
    return same && !known ? { actors: ascending([...actors, next.actor]), targets } : undefined;
  }
  if (phrase.form !== 'sends' || next.form !== 'sends') return undefined;
  if (phrase.message !== next.message) return undefined;
  if (targets.length === 1 && next.to === phrase.to && !actors.includes(next.actor)) {
    return { actors: ascending([...actors, next.actor]), targets };
  }
  if (actors.length === 1 && next.actor === phrase.actor && !targets.includes(next.to)) {
    return { actors, targets: ascending([...targets, next.to]) };
  }
  return undefined;
}

/** The sentence for one phrase, or for a company that shares it. */
export function sentence(phrase: Phrase, company: Company = companyOf(phrase)): string {
  const who = company.actors;
  switch (phrase.form) {
    case 'does': {
      const verb = inflected(phrase.verb, who.length);
      const rest = owned(phrase.rest, who.length);
      return `${actorNames(who)} ${verb}${rest.startsWith(':') ? '' : ' '}${rest}`;
    }
    case 'sends': {
      const from = actorNames(who);
      return `${from} ── ${phrase.message} ─▶ ${actorNames(company.targets)}`;
    }
    case 'states':
      return phrase.text;
  }
}
