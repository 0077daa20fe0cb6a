// What a well-formed scenario may still get wrong: clusters that cannot exist, faults on servers
// that are not there, words that have no meaning where they stand. Each complaint names the place.
import { parseSeed } from '../../base/seed.js';
import { SERVER_MAX } from '../../protocol/ids.js';
import { isMark, MARK_NAMES } from '../../protocol/marks.js';
import { MISTAKES_OF } from '../../protocol/recipes/registry.js';
import type { Host, Hosts } from '../faults/hosts.js';
import { clientNumber, isClientNumber, listOf, needsRecord } from '../faults/hosts.js';
import type { FaultSpec, RecordPattern } from '../faults/kind.js';
import { faultKind } from '../faults/registry.js';
import { PROFILES, isProfile, isVariant } from '../profiles.js';
import type { Complaint } from './issues.js';
import { operationProblem } from './operations.js';
import { foundText, nearest } from './problem.js';
import type { Cluster, Scenario } from './scenario.js';
import type { ScenarioDocument } from './schema.js';
import type { Path } from './source.js';
import { formatDuration } from './units.js';

type Report = (path: Path, found: unknown, expected: string, hint?: string) => void;

export function checkScenario(written: ScenarioDocument, scenario: Scenario): Complaint[] {
  const complaints: Complaint[] = [];
  const report: Report = (path, found, expected, hint = '') => {
    const text = typeof found === 'string' ? found : foundText(found);
    complaints.push({ path, atKey: false, found: text, expected, hint });
  };
  checkMembers(scenario.cluster, report);
  checkWeights(scenario.cluster, report);
  checkGroups(scenario.cluster, report);
  checkTiming(scenario.cluster, report);
  checkNames(written, report);
  checkPeripherals(written, scenario, report);
  checkRecipe(scenario, report);
  scenario.faults.forEach((fault, index) =>
    checkFault(fault, written.faults?.[index] ?? {}, { scenario, index, report }),
  );
  scenario.expect.happens.forEach((pattern, index) =>
    checkPattern(pattern, ['expect', 'happens', index], { scenario, report }),
  );
  return complaints;
}

function serversOf({ voters, observers }: Cluster): readonly number[] {
  return [...voters, ...observers];
}

function twice(ids: readonly number[]): number | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

function checkMembers(cluster: Cluster, report: Report): void {
  const { voters, observers } = cluster;
  if (voters.length === 0) report(['cluster', 'voters'], 'no voters', 'at least one voter');
  const double = twice(voters) ?? twice(observers);
  if (double !== undefined) {
    const list = twice(voters) === undefined ? 'observers' : 'voters';
    report(['cluster', list], `server ${double} twice`, 'each server once');
  }
  const both = observers.find((id) => voters.includes(id));
  if (both !== undefined) {
    report(
      ['cluster', 'observers'],
      `server ${both}, which is a voter`,
      'servers that do not vote',
    );
  }
  const largest = Math.max(0, ...serversOf(cluster));
  if (largest > SERVER_MAX) {
    report(['cluster'], `server ${largest}`, `server ids up to ${SERVER_MAX}`);
  }
}

function known(cluster: Cluster): string {
  const { voters, observers } = cluster;
  const list = (ids: readonly number[]): string => ids.join(', ');
  return `a server of this cluster: ${list([...voters, ...observers])}`;
}

function checkWeights({ weights, voters }: Cluster, report: Report): void {
  if (weights === undefined) return;
  for (const { sid } of weights) {
    if (voters.includes(sid)) continue;
    const expected = `a voter of this cluster: ${voters.join(', ')}`;
    report(['cluster', 'weights', String(sid)], `a weight for server ${sid}`, expected);
  }
  const weighed = new Map(weights.map(({ sid, weight }) => [sid, weight]));
  if (voters.every((sid) => weighed.get(sid) === 0)) {
    report(['cluster', 'weights'], 'no voter with any weight', 'a positive weight');
  }
}

function checkGroups({ groups, voters }: Cluster, report: Report): void {
  if (groups === undefined) return;
  const grouped = groups.flat();
  const stranger = grouped.find((sid) => !voters.includes(sid));
  if (stranger !== undefined) {
    const expected = `voters of this cluster: ${voters.join(', ')}`;
    report(['cluster', 'groups'], `server ${stranger}`, expected);
  }
  const double = twice(grouped);
  const missing = voters.find((sid) => !grouped.includes(sid));
  if (double !== undefined) {
    report(['cluster', 'groups'], `server ${double} in two groups`, 'each voter in one group');
  }
  if (missing !== undefined) {
    report(['cluster', 'groups'], `server ${missing} in no group`, 'each voter in one group');
  }
}

function checkTiming({ timing }: Cluster, report: Report): void {
  const at = (key: string): Path => ['cluster', 'timing', key];
  const text = (ms: number): string => formatDuration(ms * 1000);
  if (timing.minSessionTimeoutMs > timing.maxSessionTimeoutMs) {
    const most = `at most max-session-timeout, ${text(timing.maxSessionTimeoutMs)}`;
    report(at('min-session-timeout'), text(timing.minSessionTimeoutMs), most);
  }
  if (timing.minNotificationMs > timing.maxNotificationMs) {
    const most = `at most max-notification, ${text(timing.maxNotificationMs)}`;
    report(at('min-notification'), text(timing.minNotificationMs), most);
  }
}

function checkNames(written: ScenarioDocument, report: Report): void {
  const { profile, variants = [], seed } = written;
  if (profile !== undefined && !isProfile(profile)) {
    const names = PROFILES.map(({ name }) => name);
    const close = nearest(profile, names);
    const hint = close === undefined ? '' : `did you mean ${close}?`;
    report(['profile'], profile, `a profile: ${names.join(', ')}`, hint);
  }
  variants.forEach((id, index) => {
    if (!isVariant(id)) report(['variants', index], id, 'a variant; zabsim list variants');
  });
  (written.expect?.marks ?? []).forEach((name, index) => {
    if (isMark(name)) return;
    const close = nearest(name, MARK_NAMES);
    const hint = close === undefined ? '' : `did you mean ${close}?`;
    report(['expect', 'marks', index], name, 'a mark; zabsim list marks', hint);
  });
  if (seed === undefined) return;
  const exact = typeof seed === 'string' || Number.isSafeInteger(seed);
  if (exact && parseSeed(String(seed)) !== undefined) return;
  const hint = exact ? '' : 'put it in quotes';
  report(['seed'], seed, 'a decimal or 0x number below 2^64, or a commit of 40 digits', hint);
}

function checkPeripherals(written: ScenarioDocument, scenario: Scenario, report: Report): void {
  const servers = serversOf(scenario.cluster);
  for (const { sid } of scenario.clocks) {
    if (!servers.includes(sid)) {
      report(['clocks', String(sid)], `server ${sid}`, known(scenario.cluster));
    }
  }
  scenario.clients.forEach((client, index) => {
    const path = ['clients', index, 'servers'];
    const stranger = client.servers?.find((sid) => !servers.includes(sid));
    if (stranger !== undefined) report(path, `server ${stranger}`, known(scenario.cluster));
    if (client.servers?.length === 0) report(path, 'an empty list', known(scenario.cluster));
  });
  checkOperations(written, scenario, report);
  const { think, rate, mix } = written.workload ?? {};
  if (think !== undefined && rate !== undefined) {
    report(
      ['workload', 'rate'],
      'both think and rate',
      'one of them: a closed loop or an open one',
    );
  }
  if (mix !== undefined && Object.values(mix).every((weight) => (weight ?? 0) === 0)) {
    report(['workload', 'mix'], 'no operation', 'a positive weight');
  }
}

/** Drawn or written down, and each of them one operation of a client that exists. */
function checkOperations(written: ScenarioDocument, scenario: Scenario, report: Report): void {
  const { operations, ...drawn } = written.workload ?? {};
  if (operations === undefined) return;
  const [other] = Object.entries(drawn).filter(([, value]) => value !== undefined);
  if (other !== undefined) {
    report(['workload', other[0]], `both operations and ${other[0]}`, 'one of them');
  }
  operations.forEach((operation, index) => {
    const problem = operationProblem(operation, scenario.clients.length);
    if (problem !== undefined) report(['workload', 'operations', index], ...problem);
  });
}

function checkRecipe({ recipe, clients }: Scenario, report: Report): void {
  if (recipe === undefined) return;
  const { kind, path, mistake } = recipe;
  const mistakes = MISTAKES_OF[kind];
  if (mistake !== undefined && !mistakes.includes(mistake)) {
    const expected = `a mistake that a ${kind} can make: ${mistakes.join(', ')}`;
    report(['recipe', 'mistake'], mistake, expected);
  }
  // Nobody makes what is above it.
  if (path.lastIndexOf('/') > 0)
    report(['recipe', 'path'], path, 'a child of the root, like /lock');
  clients.forEach(({ chroot }, index) => {
    if (chroot === undefined) return;
    report(
      ['clients', index, 'chroot'],
      chroot,
      'no chroot: clients of a recipe meet in one place',
    );
  });
}

interface Place {
  readonly scenario: Scenario;
  readonly report: Report;
}

interface FaultPlace extends Place {
  readonly index: number;
}

type Written = Readonly<Record<string, unknown>>;

function checkFault(fault: FaultSpec, written: Written, place: FaultPlace): void {
  const { scenario, index, report } = place;
  const path: Path = ['faults', index];
  const { at, when } = written;
  if ((at === undefined) === (when === undefined)) {
    const found = at === undefined ? 'neither at nor when' : 'both at and when';
    report(path, found, 'one of them: a time or a record');
  }
  if (typeof at === 'number' && at >= scenario.durationUs) {
    const expected = `a time before the end of all faults, ${formatDuration(scenario.durationUs)}`;
    report([...path, 'at'], formatDuration(at), expected);
  }
  if (fault.fault === 'delay') checkDelay(written, path, report);
  const { trigger } = fault;
  for (const hosts of faultKind(fault.fault).hosts(fault.params)) {
    checkHosts(hosts, [...path, ...placeOf(hosts, fault.params)], trigger.kind === 'when', place);
  }
  if (trigger.kind === 'when') checkPattern(trigger.when, [...path, 'when'], place);
}

/** Of one message or of all: a single one has a sender and a receiver. */
function checkDelay({ message, nth, around }: Written, path: Path, report: Report): void {
  if (message === undefined && nth !== undefined) {
    report([...path, 'nth'], 'nth without message', 'the kind of message that is counted');
  }
  if (message !== undefined && around !== undefined) {
    report([...path, 'around'], 'both message and around', 'from or to, or neither');
  }
}

function checkPattern(pattern: RecordPattern, path: Path, place: Place): void {
  for (const end of ['actor', 'peer'] as const) {
    const host = pattern[end];
    if (host !== undefined) checkHosts(host, [...path, end], false, place);
  }
}

/** Path of the parameter that holds these hosts. */
function placeOf(hosts: Hosts, params: object): Path {
  for (const [key, value] of Object.entries(params)) {
    if (value === hosts) return [key];
    if (!Array.isArray(value)) continue;
    const index = value.indexOf(hosts);
    if (index >= 0) return [key, index];
  }
  return [];
}

function checkHosts(hosts: Hosts, path: Path, triggered: boolean, place: Place): void {
  const { scenario, report } = place;
  for (const host of listOf(hosts)) {
    const expected = whatIsWrong(host, triggered, scenario);
    if (expected !== undefined) report(path, hostText(host), expected);
  }
}

function hostText(host: Host): string {
  return typeof host === 'number' ? `server ${host}` : host;
}

function whatIsWrong(host: Host, triggered: boolean, scenario: Scenario): string | undefined {
  const { cluster, clients } = scenario;
  if (typeof host === 'number') {
    return serversOf(cluster).includes(host) ? undefined : known(cluster);
  }
  if (isClientNumber(host)) {
    return clientNumber(host) <= clients.length ? undefined : `one of ${clients.length} clients`;
  }
  if (needsRecord(host) && !triggered)
    return 'a host by itself: only a fault with `when` has a record';
  if ((host === 'client' || host === 'clients') && clients.length === 0) {
    return 'a server: this scenario has no clients';
  }
  if ((host === 'observer' || host === 'observers') && cluster.observers.length === 0) {
    return 'a voter: this cluster has no observers';
  }
  return undefined;
}
