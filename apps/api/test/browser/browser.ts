import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const chromiumPath = process.env.TEST_CHROMIUM ?? '';

/** Skipped, and counted as such, where there is no Chromium. */
export const describeInChromium: typeof describe.skip = chromiumPath ? describe : describe.skip;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Console {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors, warnings, exceptions, policy violations, answers of 5xx. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A fresh browser, without cookies, that writes down whatever it has to complain about. */
export async function openConsole(url: string): Promise<Console> {
  const profile = await mkdtemp(join(tmpdir(), 'bastionary-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    args: FLAGS,
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy violation: ' + event.violatedDirective + ' ' + event.blockedURI + ' in ' + event.sourceFile))`);
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('response', (answer) => {
    if (answer.status() >= 500) complaints.push(`${answer.status()} from ${answer.url()}`);
  });
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    // Chromium writes a line for each refusal (401, 404, 412 …), also where the console expects and explains it.
    if (isComplaint && !/status of 4\d\d/.test(message.text())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  return {
    page,
    context,
    complaints,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
