// A reader of reports: Debian's chromium, driven by playwright-core. A page must not say anything on
// the console, must not be stopped by its own policy, and must not ask for anything but itself.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why there is nobody to read; undefined if there is. */
export const NO_READER: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `SKIPPED: the tests of the page need ${CHROMIUM} (apt-get install -y chromium)\n`;

if (NO_READER !== undefined) process.stderr.write(NO_READER);

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** With the hash sign. */
  readonly fragment?: string;
}

export interface Reading {
  readonly page: Page;
  /** What a report must never cause. */
  readonly complaints: readonly string[];
}

export async function open(browser: Browser, path: string, look: Look = {}): Promise<Reading> {
  const { width = 1440, height = 1000, dark = false, fragment = '' } = look;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const url = pathToFileURL(path).href;
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith('blob:')) complaints.push(`request: ${asked}`);
  });
  await page.goto(`${url}${fragment}`);
  await page.waitForSelector('html[data-ready="yes"]', { state: 'attached' });
  return { page, complaints };
}

/** Until the run has been made again in the page. */
export async function settled(page: Page): Promise<void> {
  await page.getByText('same hash').first().waitFor();
}
