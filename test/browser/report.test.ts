// Reports as people read them: opened from a file, clicked, typed at, sent around as links.
import type { Mark } from '../../protocol/marks.js';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { XMLParser } from 'fast-xml-parser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHtmlReport } from '../../cli/html-report.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { temporaryFolder, writtenFile, zabsim } from '../cli/harness.js';
import { launch, NO_READER, open, settled } from './reader.js';
import { FRAMES, scrub } from './scrub.js';

const FOLDER = temporaryFolder();
const HERE = process.cwd();
const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url));
const at = (name: string): string => join(FOLDER, name);

/** A failure that a campaign has met, and the record that its page must open at. */
const FAILED = new URL('../sim/failures/truncate-ahead-in-epoch-219.yaml', import.meta.url);
const FAILURE = readFileSync(FAILED, 'utf8');
const FOUND = at('found.html');

const { ok: FAILING = expect.unreachable('the failure is no scenario any more') } = parseScenario(
  FAILURE,
  'failure',
);
const RUN = runScenario(FAILING, { level: 'full', checkers: 'all' });
const [BROKEN = expect.unreachable('the failure does not fail any more')] = RUN.violations;
const kindOf = (name: string): string => RUN.recorder.at(Number(name.slice(1))).kind;

/** More than a hundred thousand steps of reducers. */
const BUSY = `name: busy
seed: 1
cluster: { voters: 5 }
clients: 10
workload: { rate: 12/s }
faults:
  - { fault: crash, servers: leader, at: 12s, restart-after: 3s }
duration: 36s
`;

const EVIL = '</script><img src=x onerror="alert(1)"><script>alert(2)</script>&amp;"\'';

/** A run in which every text that can be is markup. */
function writeHostile(path: string): void {
  const scenario = FAILING;
  const outcome = RUN;
  const recorder = new Recorder({ level: 'full' });
  const texts = new Set(['mark', 'fault', 'read', 'ignored', 'refused']);
  for (const { atUs, actor, cause, ...entry } of outcome.recorder.records()) {
    const evil = texts.has(entry.kind) ? `${EVIL}${entry.text}` : entry.text;
    recorder.event(atUs, actor, cause, { ...entry, text: evil });
  }
  const paste = { reproduce: EVIL, minimise: EVIL, look: EVIL };
  const hostile = { ...scenario, name: EVIL, story: EVIL, lookFor: [EVIL] };
  const faults = outcome.faults.map((fault) => ({ ...fault, text: EVIL }));
  const words = { scenario: EVIL, marks: new Map([[EVIL as Mark, 1]]), faults, vacuous: [EVIL] };
  const told = { ...outcome, ...words, traceHash: recorder.hex(), recorder };
  writeHtmlReport(path, [
    { label: EVIL, scenario: hostile, outcome: told, untilUs: undefined, paste },
  ]);
}

async function writeReports(): Promise<void> {
  // As a user would: in a folder of one's own, so that the pages name files as they were typed.
  process.chdir(FOLDER);
  const fail = ['--variant', 'ack-before-fsync'];
  await zabsim('run', '--report', at('clean.html'), '--timeline', 'none');
  writtenFile(FOLDER, 'truncate-ahead.yaml', FAILURE);
  await zabsim('replay', 'truncate-ahead.yaml', '--report', FOUND, '--timeline', 'none');
  await zabsim('run', 'election/clean-start', ...fail, '--trace', at('a.ndjson'));
  await zabsim('run', 'election/clean-start', '--seed', '1', '--trace', at('b.ndjson'));
  await zabsim('report', 'a.ndjson', 'b.ndjson', '--format', 'html', '-o', at('compared.html'));
  writtenFile(FOLDER, 'busy.yaml', BUSY);
  await zabsim('run', 'busy.yaml', '--report', at('busy.html'), '--timeline', 'none');
  writeHostile(at('hostile.html'));
  process.chdir(HERE);
}

/** Milliseconds of processor time that the page takes from now on, however busy the machine is. */
async function workOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
  const before = await taken();
  return async () => (await taken()) - before;
}

const selected = (page: Page): Promise<string> =>
  page.locator('[aria-label="Selected record"] h2').innerText();

describe.skipIf(NO_READER !== undefined)('a report', () => {
  let browser: Browser;

  beforeAll(async () => {
    await writeReports();
    browser = await launch();
  }, 60_000);

  afterAll(() => browser.close());

  it('of a violation says what was broken, by what, and where the logs are', async () => {
    const { page, complaints } = await open(browser, FOUND);
    const panel = page.getByRole('region', { name: 'Answers' });
    await expect.poll(() => panel.innerText()).toContain('s1 cuts its log and loses chosen');
    const evidence = page.getByRole('region', { name: 'Violation' });
    expect(await evidence.innerText()).toContain(`#${BROKEN.record}`);
    const words = await panel.innerText();
    expect(words).toContain('The connection breaks at ack number 5');
    expect(words).toContain('committed-log-durability');
    expect(words).toContain('Disalg');
    expect(await selected(page)).toBe(`#${BROKEN.record}`);
    const strip = page.locator('.logs canvas');
    expect(await strip.getAttribute('aria-label')).toContain('s1 to 2:2, s2 to 2:4');
    await settled(page);
    const state = page.getByRole('region', { name: 'State' });
    await expect.poll(() => state.innerText()).toContain('before and after the event of #');
    expect(await state.locator('del').allInnerTexts()).toContain('2:3');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is walked through with the keyboard alone', async () => {
    const { page, complaints } = await open(browser, FOUND);
    const press = async (key: string): Promise<string> => {
      await page.keyboard.press(key);
      return selected(page);
    };
    const [first, next, back] = [
      await selected(page),
      await press('ArrowRight'),
      await press('ArrowLeft'),
    ];
    expect(Number(next.slice(1))).toBeGreaterThan(Number(first.slice(1)));
    expect(back).toBe(first);
    expect(await press('[')).toBe(`#${BROKEN.record - 1}`);
    expect(await press('v')).toBe(`#${BROKEN.record}`);
    const fault = await press('F');
    expect(kindOf(fault)).toMatch(/^(fault|healed|effect)$/);
    const leader = await press('L');
    expect(kindOf(leader)).toMatch(/^(established|activated)$/);
    expect(Number(leader.slice(1))).toBeLessThan(Number(fault.slice(1)));
    await page.keyboard.press('w');
    await page.getByRole('region', { name: 'Why' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('heading', { name: 'Keys' }).count()).toBe(0);
    await page.keyboard.press('.');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Charts');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('searches, follows a transaction, and says so in its address', async () => {
    const { page, complaints } = await open(browser, at('clean.html'));
    await page.keyboard.press('/');
    await page.keyboard.type('kind:newLeader server:s2');
    await expect.poll(() => page.locator('.found').innerText()).toMatch(/^\d+$/);
    expect(Number(await page.locator('.found').innerText())).toBe(2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    expect(await page.locator('.sentence').innerText()).toContain('NEWLEADER');
    await page.fill('#go', '1:7');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('follow=1%3A7');
    const rows = await page.locator('.story .words').allInnerTexts();
    expect(rows.some((row) => row.includes('proposes 1:7'))).toBe(true);
    expect(rows.some((row) => row.includes('sends request'))).toBe(true);

    const again = await open(browser, at('clean.html'), {
      fragment: page.url().slice(page.url().indexOf('#')),
    });
    await expect.poll(() => again.page.locator('.story .words').allInnerTexts()).toEqual(rows);
    expect(await selected(again.page)).toBe(await selected(page));
    expect([...complaints, ...again.complaints]).toEqual([]);
    await page.close();
    await again.page.close();
  });

  it('is clicked, dragged and magnified', async () => {
    const { page, complaints } = await open(browser, FOUND);
    const canvas = page.locator('.timeline');
    const box = (await canvas.boundingBox())!;
    const seen = page.locator('.seen .num');
    const whole = await seen.innerText();
    await page.mouse.move(box.x + 400, box.y + 140);
    await page.locator('.hint').waitFor();
    await page.mouse.dblclick(box.x + 400, box.y + 200);
    await expect.poll(() => seen.innerText()).not.toBe(whole);
    const near = await seen.innerText();
    await page.mouse.move(box.x + 600, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 200, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => seen.innerText()).not.toBe(near);
    await page.keyboard.press('0');
    await expect.poll(() => seen.innerText()).toBe(whole);
    const before = await selected(page);
    await page.locator('.story .row').nth(3).click();
    expect(await selected(page)).not.toBe(before);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('saves what is seen as SVG', async () => {
    const { page } = await open(browser, FOUND);
    const download = page.waitForEvent('download');
    await page.keyboard.press('s');
    const svg = readFileSync(await (await download).path(), 'utf8');
    expect(new XMLParser().parse(svg)).toHaveProperty('svg');
    expect(svg).toContain('leading · epoch 2');
    // The browser is strict about XML: of a file that is none it makes an error page.
    await page.goto(pathToFileURL(writtenFile(FOLDER, 'seen.svg', svg)).href);
    expect(await page.evaluate('document.documentElement.nodeName')).toBe('svg');
    expect(await page.locator('parsererror').count()).toBe(0);
    await page.close();
  });

  it('of two runs shows where they part', async () => {
    const { page, complaints } = await open(browser, at('compared.html'));
    const panel = page.locator('#panel');
    await expect.poll(() => panel.innerText()).toMatch(/The same for [\d,]+ records/);
    const sides = await page.locator('.side').allInnerTexts();
    expect(sides[0]).toContain('acknowledges 1:1');
    expect(await page.locator('.timeline').count()).toBe(2);
    await page.locator('.side .link').nth(1).click();
    await expect.poll(() => page.url()).toContain('run=b');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('of more than 100,000 events is small and scrubs (times are printed, not judged)', async () => {
    const megabytes = statSync(at('busy.html')).size / 1e6;
    expect(megabytes).toBeLessThan(5);
    const opened = performance.now();
    const { page, complaints } = await open(browser, at('busy.html'), { width: 1600, height: 900 });
    const bootMs = performance.now() - opened;
    const events = /([\d,]+) events/.exec(await page.locator('.meta').innerText())?.[1] ?? '0';
    expect(Number(events.replaceAll(',', ''))).toBeGreaterThan(100_000);
    const work = await workOf(page);
    const times = await page.evaluate(scrub);
    const perFrame = ((await work()) / FRAMES).toFixed(1);
    const told = Object.entries(times).map(([name, ms]) => `${name} ${ms}`);
    process.stdout.write(
      `report of ${events} events: ${megabytes.toFixed(2)} MB, opened in ${bootMs.toFixed(0)} ms; ` +
        `frames, median and 95th percentile in ms: ${told.join(', ')}; ` +
        `of the main thread, ${perFrame} ms of processor time a frame\n`,
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('full of markup is text', async () => {
    const { page, complaints } = await open(browser, at('hostile.html'));
    expect(await page.locator('h1').innerText()).toBe(EVIL);
    for (const tab of ['charts', 'servers', 'faults', 'checkers', 'scenario', 'story']) {
      await page.click(`#tab-${tab}`);
    }
    await page.fill('#search', 'kind:fault');
    const rows = page.locator('.story .words');
    await expect.poll(() => rows.first().innerText()).toContain(EVIL);
    await page.locator('.story .row').first().click();
    expect(await page.locator('.sentence').last().innerText()).toContain(EVIL);
    await expect.poll(() => page.locator('.meta').innerText()).toContain('ANOTHER hash');
    expect(await page.locator('#page img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is legible on a narrow screen, in the dark and on paper', async () => {
    const narrow = await open(browser, FOUND, { width: 400, height: 800, dark: true });
    const width = await narrow.page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(400);
    const ground = await narrow.page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe('rgb(20, 23, 27)');
    await narrow.page.keyboard.press('t');
    const light = await narrow.page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(light).toBe('rgb(255, 255, 255)');
    expect((await narrow.page.pdf()).length).toBeGreaterThan(20_000);
    expect(narrow.complaints).toEqual([]);
    await narrow.page.close();
  });

  it('is shown in the README (UPDATE_DOCS=1 takes the pictures again)', async () => {
    if (process.env['UPDATE_DOCS'] === '1') {
      mkdirSync(IMAGES, { recursive: true });
      for (const [name, path, look] of [
        [
          'report-violation.png',
          FOUND,
          { fragment: `#e=${BROKEN.record}&t=${BROKEN.atUs - 74_000}-${BROKEN.atUs + 16_000}` },
        ],
        ['report-run-dark.png', at('clean.html'), { dark: true, fragment: '#e=5576' }],
      ] as const) {
        const { page } = await open(browser, path, { width: 1360, height: 860, ...look });
        await settled(page);
        await page.waitForTimeout(300);
        writeFileSync(join(IMAGES, name), await page.screenshot());
        await page.close();
      }
    }
    for (const name of ['report-violation.png', 'report-run-dark.png']) {
      expect(existsSync(join(IMAGES, name))).toBe(true);
      expect(statSync(join(IMAGES, name)).size).toBeLessThan(300_000);
    }
  });
});

describe('the data of a report', () => {
  it.each([
    ['half a trace', (text: string) => text.slice(0, text.length / 2), /found .*, expected/],
    ['another trace', () => '{"resourceSpans":[]}\n', /found .*, expected the header of a zabsim/],
    ['an edited trace', (text: string) => text.replace('"atUs":2', '"atUs":3'), /expected/],
  ])('is not made of %s: exit 64, and nothing is written', async (_, spoil, message) => {
    const trace = at('whole.ndjson');
    if (!existsSync(trace)) await zabsim('run', 'election/clean-start', '--trace', trace);
    const bad = writtenFile(FOLDER, 'bad.ndjson', spoil(readFileSync(trace, 'utf8')));
    const { code, err } = await zabsim('report', bad, '--format', 'html', '-o', at('bad.html'));
    expect(code).toBe(64);
    expect(err).toMatch(message);
    expect(err).toContain('bad.ndjson:');
    expect(existsSync(at('bad.html'))).toBe(false);
  });

  it('is not written over what is there, unless asked for', async () => {
    const file = writtenFile(FOLDER, 'mine.html', 'mine');
    const argv = ['run', 'election/clean-start', '--timeline', 'none', '--report', file];
    expect((await zabsim(...argv)).code).toBe(64);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await zabsim(...argv, '--force')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain("default-src 'none'");
  });
});
