// A stranger with nothing but the page: what was violated, which fault mattered, what came too late,
// where the logs parted. Asked of three failures that have nothing in common, and held against
// answers that are worked out here, from records and from runs of our own, without the page's code.
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { formatZxid } from '../../protocol/ids.js';
import type { Zxid } from '../../protocol/ids.js';
import { violationWords } from '../../reports/violation-words.js';
import type { RunOutcome } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import type { Scenario } from '../../sim/scenario/scenario.js';
import type { Violation } from '../../sim/checkers/verdict.js';
import { temporaryFolder, zabsim } from '../cli/harness.js';
import { launch, NO_READER, open, settled } from './reader.js';

const FOLDER = temporaryFolder();

const FAILURES = [
  // A follower that comes back is told to cut off what was chosen meanwhile.
  '../sim/failures/truncate-ahead-in-epoch-219.yaml',
  // ZOOKEEPER-1154: an old leader comes back with a transaction that nobody else has.
  '../viewer/specimens/diff-keeps-stray-tail.yaml',
  // ZOOKEEPER-4646: NEWLEADER is acknowledged before the DIFF is on disk.
  '../viewer/specimens/ack-newleader-before-fsync.yaml',
].map((file) => ({
  name: /[^/]+(?=[.]yaml)/.exec(file)?.[0],
  path: fileURLToPath(new URL(file, import.meta.url)),
}));

interface Failure {
  readonly scenario: Scenario;
  readonly outcome: RunOutcome;
  readonly violation: Violation;
}

function failureOf(path: string): Failure {
  const scenario = parseScenario(readFileSync(path, 'utf8'), path).ok;
  if (scenario === undefined) return expect.unreachable(`${path} is no scenario any more`);
  const outcome = runScenario(scenario, { level: 'full', checkers: 'all' });
  const [violation] = outcome.violations;
  if (violation === undefined) return expect.unreachable(`${path} does not fail any more`);
  return { scenario, outcome, violation };
}

/** Faults without which the same run keeps the claim. */
function decisive({ scenario, violation }: Failure): number[] {
  return scenario.faults.flatMap((_, index) => {
    const faults = scenario.faults.map((spec, at) =>
      at === index ? { ...spec, trigger: { kind: 'at' as const, atUs: 2 ** 50 } } : spec,
    );
    const checkers = [violation.checker];
    const other = runScenario({ ...scenario, faults }, { level: 'hash', checkers });
    return other.violations.length === 0 ? [index] : [];
  });
}

/** What each server has on its disk at the violation, oldest first. */
function disksAt({ scenario, outcome, violation }: Failure): Map<number, string[]> {
  const { voters, observers } = scenario.cluster;
  const logs = new Map<number, { zxid: number; digest: number }[]>();
  const durable = new Map<number, number>();
  for (const sid of [...voters, ...observers]) logs.set(sid, []);
  for (const { index, kind, actor, zxid, digest } of outcome.recorder.records()) {
    if (index > violation.record) break;
    const log = logs.get(actor);
    if (log === undefined) continue;
    if (kind === 'appended') log.push({ zxid, digest });
    if (kind === 'flushed') durable.set(actor, zxid);
    const cuts = kind === 'truncated' || kind === 'boot' || kind === 'crash';
    if (!cuts) continue;
    logs.set(
      actor,
      log.filter((entry) => entry.zxid <= zxid),
    );
    durable.set(actor, Math.min(durable.get(actor) ?? 0, zxid));
  }
  return new Map(
    [...logs].map(([sid, log]) => [
      sid,
      log.filter(({ zxid }) => zxid <= (durable.get(sid) ?? 0)).map((e) => `${e.zxid}/${e.digest}`),
    ]),
  );
}

/** Zxids that some disk has and another has not. */
function disputed(failure: Failure): string[] {
  const disks = [...disksAt(failure).values()];
  const all = new Set(disks.flat());
  return [...all]
    .filter((entry) => disks.some((disk) => !disk.includes(entry)))
    .map((entry) => formatZxid(Number(entry.split('/')[0]) as Zxid));
}

const answer = (page: Page, name: string): Promise<string> =>
  page.getByRole('region', { name: 'Answers' }).getByRole('region', { name }).innerText();

/** The number of the record that an answer leads to first. */
async function linked(page: Page, name: string): Promise<number> {
  const region = page.getByRole('region', { name: 'Answers' }).getByRole('region', { name });
  return Number((await region.locator('a.record').first().innerText()).slice(1));
}

describe.skipIf(NO_READER !== undefined)('a failing run', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  }, 30_000);

  afterAll(() => browser.close());

  it.each(FAILURES)('$name is explained by what the page shows', async ({ path }) => {
    const failure = failureOf(path);
    const { outcome, violation } = failure;
    const html = join(FOLDER, `${violation.checker}.html`);
    await zabsim('run', path, '--report', html, '--timeline', 'none');
    const { page, complaints } = await open(browser, html);
    await settled(page);

    const violated = await answer(page, 'What was violated');
    expect(violated.toLowerCase()).toContain(violationWords(violation).toLowerCase());
    expect(violated).toContain(violation.checker);
    expect(await linked(page, 'What was violated')).toBe(violation.record);

    const needed = decisive(failure);
    expect(needed.length).toBeGreaterThan(0);
    const ofFault = (): Promise<string> => answer(page, 'The fault that mattered');
    await expect.poll(ofFault).toContain('without it, the same run keeps the claim');
    const fault = outcome.recorder.at(await linked(page, 'The fault that mattered'));
    expect(fault.kind).toBe('fault');
    expect(needed).toContain(fault.value);
    expect((await ofFault()).toLowerCase()).toContain(fault.text.toLowerCase());
    expect(await ofFault()).toContain('With safe rules, the same run keeps the claim');

    const parted = await answer(page, 'Where the logs part');
    const [, zxid = 'nowhere'] = /At (\d+:\d+):/.exec(parted) ?? [];
    expect(disputed(failure)).toContain(zxid);
    for (const sid of disksAt(failure).keys()) expect(parted).toContain(`s${sid}`);

    const late = await answer(page, 'What came too late');
    const record = outcome.recorder.at(await linked(page, 'What came too late'));
    expect(late).toContain(zxid);
    expect(['lost', 'received', 'proposed', 'flushed']).toContain(record.kind);
    if (record.kind === 'flushed') expect(record.index).toBeGreaterThan(violation.record);
    else expect(formatZxid(record.zxid as Zxid)).toBe(zxid);

    // All of it in the first screen, and each answer leads to its place in the picture.
    const box = await page.getByRole('region', { name: 'Answers' }).boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? Infinity)).toBeLessThan(420);
    await page.getByRole('region', { name: 'What came too late' }).locator('a').first().click();
    const heading = page.locator('[aria-label="Selected record"] h2');
    expect(await heading.innerText()).toBe(`#${record.index}`);
    await page
      .getByRole('button', { name: `Follow ${zxid}` })
      .first()
      .click();
    await expect.poll(() => page.url()).toContain(`follow=${encodeURIComponent(zxid)}`);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
