// Where the simulator is known to answer otherwise than a real 3.8.0, and why. Each is a row of
// docs/divergence.md, too. Whatever is not explained here fails.
import { compareCodeUnits } from '../../base/order.js';
import type { Answer } from './script/answer.js';
import type { Difference } from './script/compare.js';
import type { RequestStep, Script, Step } from './script/script.js';
import { isRequest } from './script/script.js';
import { OPCODES } from './wire/opcodes.js';

interface Place {
  readonly script: Script;
  readonly step: Step;
  /** What the real one answered, to all steps. */
  readonly wanted: readonly Answer[];
  readonly difference: Difference;
}

interface KnownDifference {
  /** Its row in docs/divergence.md. */
  readonly id: string;
  readonly why: string;
  readonly explains: (place: Place) => boolean;
}

const CONFIG = '/zookeeper/config';
const ZXID = /(^|\.)[cmp]?zxid$/;

/** The requests of a step. */
function requestsOf(step: Step): readonly RequestStep[] {
  if (step.op === 'pipeline') return step.ops;
  return isRequest(step) ? [step] : [];
}

/** Has one of the steps up to the one that differs such a request? */
function since({ script, difference }: Place, is: (step: RequestStep) => boolean): boolean {
  return script.steps.slice(0, difference.step + 1).some((step) => requestsOf(step).some(is));
}

function isCheck({ op }: RequestStep): boolean {
  return op === 'check';
}

function isReconfig({ op }: RequestStep): boolean {
  return op === 'reconfig';
}

function isCreateSession(step: RequestStep): boolean {
  return step.op === 'raw' && step.opcode === OPCODES.createSession;
}

function isPathless(step: RequestStep): boolean {
  return step.op === 'multi' && step.ops.some((part) => 'path' in part && part.path === null);
}

/** Does the real one stay silent, or go down, at a check that holds? */
function isLostCheck({ script, wanted, difference }: Place): boolean {
  const lost = script.steps.findIndex((step, index) => {
    const answer = wanted[index];
    return step.op === 'check' && (answer?.timeout === true || answer?.closed === true);
  });
  if (lost < 0 || difference.step < lost) return false;
  return script.server === 'ensemble' || difference.step === lost;
}

function isSameList(got: string, wanted: string): boolean {
  try {
    const [a, b] = [got, wanted].map((text) => {
      return (JSON.parse(text) as string[]).sort(compareCodeUnits).join('\n');
    });
    return a === b;
  } catch {
    return false;
  }
}

/** Has a reconfiguration succeeded, so that the real ensemble is another one since? */
function isReconfigured({ script, wanted, difference }: Place): boolean {
  return script.steps.slice(0, difference.step + 1).some((step, index) => {
    return step.op === 'reconfig' && wanted[index]?.rc === 0;
  });
}

export const KNOWN: readonly KnownDifference[] = [
  {
    id: 'check-alone',
    why:
      'ZOOKEEPER-2623: a check outside of a multi that holds is never answered by a server alone, ' +
      'and takes down one of an ensemble; here it is answered',
    explains: (place) => since(place, isCheck) && isLostCheck(place),
  },
  {
    id: 'reconfig',
    why: 'reconfiguration is not built; it is refused as where it is disabled',
    explains: (place) =>
      isReconfigured(place) ||
      (requestsOf(place.step).some(isReconfig) &&
        /^(replies\[\d+\]\.)?(rc|err)$/.test(place.difference.where)),
  },
  {
    id: 'create-session',
    why:
      'createSession from a client, which only servers send, is carried out by a real one and ' +
      'unknown here: it takes no zxid',
    explains: (place) =>
      since(place, isCreateSession) &&
      (requestsOf(place.step).some(isCreateSession) || ZXID.test(place.difference.where)),
  },
  {
    id: 'null-in-multi',
    why:
      'a multi with a path of length -1 ends in a NullPointerException after it took a zxid, so ' +
      'that the reply tells the one before',
    explains: ({ step, difference }) =>
      requestsOf(step).some(isPathless) && /(^|\.)zxid$/.test(difference.where),
  },
  {
    id: 'local-session-multi',
    why:
      'a server that has local sessions looks into a multi for ephemerals; of one that it cannot ' +
      'read it answers that all is well, with no results',
    explains: ({ script, step, difference: { where } }) =>
      (script.cfg ?? []).includes('localSessionsEnabled=true') &&
      requestsOf(step).some(({ op }) => op === 'multi') &&
      /^(replies\[\d+\]\.)?(rc|err|results)$/.test(where),
  },
  {
    id: 'auth-order',
    why: 'identities behind `auth` in an ACL come in the order of a Java hash set; here, as shown',
    explains: ({ difference: { where, got, wanted } }) =>
      where === 'acl' && isSameList(got, wanted),
  },
  {
    id: 'config-node',
    why:
      'simulated servers have no addresses: /zookeeper/config is empty, and no zxid is shown for ' +
      'what a server wrote there by itself',
    explains: ({ script, step, difference: { where } }) =>
      script.server === 'ensemble' &&
      requestsOf(step).some((request) => 'path' in request && request.path === CONFIG) &&
      /(^|\.)(data|stat\.(mzxid|version|dataLength))$/.test(where),
  },
  {
    id: 'read-only',
    why: 'read-only mode is not built',
    explains: ({ script }) =>
      (script.props ?? []).some((line) => line.endsWith('readonlymode.enabled=true')),
  },
];

/** Undefined: it should not be. */
export function whyKnown(
  script: Script,
  wanted: readonly Answer[],
  difference: Difference,
): string | undefined {
  const step = script.steps[difference.step];
  if (step === undefined) return undefined;
  const place: Place = { script, step, wanted, difference };
  const known = KNOWN.find(({ explains }) => explains(place));
  return known === undefined ? undefined : `${known.id}: ${known.why}`;
}
