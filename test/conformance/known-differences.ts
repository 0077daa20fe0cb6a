// Where the simulator is known to answer otherwise than a real 3.8.0, and why. Each is a row of
// docs/divergence.md, too. Whatever is not explained here fails.
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import type { Answer } from './script/answer.js';
import type { Difference } from './script/compare.js';
import { requestOf } from './script/request.js';
import type { RequestStep, Script, Step } from './script/script.js';
import { isRequest } from './script/script.js';
import { decodeRequest } from './wire/decode.js';
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

/** Can nobody make sense of this multi, and at what is it noticed? */
function flawOfMulti(step: RequestStep): 'path' | 'bytes' | undefined {
  const { opcode, body } = requestOf(step, 0n);
  if (opcode !== OPCODES.multi) return undefined;
  const read = decodeRequest(opcode, Buffer.from(body), DEFAULT_SERVICE);
  if (read?.op.kind !== 'malformedWrite') return undefined;
  return read.begun ? 'path' : 'bytes';
}

/** A multi that a real one trips over after it took a zxid. */
function leavesHole(step: RequestStep): boolean {
  return flawOfMulti(step) === 'path';
}

/** How many zxids nobody has between the last transaction and this step. */
function holesBefore({ script, wanted, difference }: Place): number {
  let holes = 0;
  let last = 0;
  for (const [index, step] of script.steps.slice(0, difference.step + 1).entries()) {
    const zxid = Number(wanted[index]?.zxid);
    if (zxid > last) {
      last = zxid;
      holes = 0;
    }
    holes += requestsOf(step).filter(leavesHole).length;
  }
  return holes;
}

/** Is the real one behind by no more than the holes? */
function isBehind(place: Place): boolean {
  const { where, got, wanted } = place.difference;
  const behind = Number(got) - Number(wanted);
  return /(^|\.)zxid$/.test(where) && behind >= 1 && behind <= holesBefore(place);
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
    why: 'reconfiguration of an ensemble is not built; it is refused as by a server alone',
    explains: (place) =>
      place.script.server === 'ensemble' &&
      (isReconfigured(place) ||
        (requestsOf(place.step).some(isReconfig) &&
          /^(replies\[\d+\]\.)?(rc|err)$/.test(place.difference.where))),
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
      'a multi with a path of length -1 ends in a NullPointerException after it took a zxid, which ' +
      'no transaction ever has: until the next one, replies tell the one before',
    explains: isBehind,
  },
  {
    id: 'local-session-multi',
    why:
      'a server that has local sessions looks into a multi for ephemerals; of one that it cannot ' +
      'read it answers that all is well, with no results',
    explains: ({ script, step, difference: { where } }) =>
      (script.cfg ?? []).includes('localSessionsEnabled=true') &&
      requestsOf(step).some((request) => flawOfMulti(request) !== undefined) &&
      /^(replies\[\d+\]\.)?(rc|err|results)$/.test(where),
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
    explains: ({ script, difference }) =>
      (script.props ?? []).some((line) => line.endsWith('readonlymode.enabled=true')) &&
      script.steps.slice(0, difference.step + 1).some(({ op }) => op === 'ctl'),
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
