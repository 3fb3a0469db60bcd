// @ts-check
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findTools } from '../test/tools.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/** What the tests of the api look at screens with. */
const fromApi = createRequire(new URL('../../apps/api/package.json', import.meta.url));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
const LOADS = 5;

/** @type {[name: string, path: string][]} */
const SCREENS = [
  ['overview', '/finance'],
  ['MRR', '/finance/mrr'],
  ['revenue', '/finance/revenue'],
  ['rows behind MRR', '/finance/rows/mrr-customers'],
  ['rows behind revenue', '/finance/rows/revenue-lines'],
  ['receivables', '/receivables'],
  ['wallets', '/wallets'],
  ['invoices', '/invoices'],
  ['payments', '/payments'],
];

/** When there is an amount of money in the content of the page, and when the first was painted at all; in milliseconds. */
const SEEN = `new Promise((resolve) => {
  const look = () => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const hasNumbers = /\\d[\\d,]*(\\.\\d\\d)?\\s[A-Z]{3}\\b/.test(document.querySelector('main')?.innerText ?? '');
    if (paint && hasNumbers) resolve({ paint: paint.startTime, numbers: performance.now() });
    else requestAnimationFrame(look);
  };
  look();
})`;

/** @typedef {{ name: string, cold: number, paint: number, numbers: number, faults: string[] }} Screen */

/**
 * Every finance screen in Chromium: milliseconds from the navigation to the first contentful paint, once with nothing cached and
 * then at the median, and until there are numbers; and what axe has to say, wide in light and narrow in dark.
 * @param {string} url
 * @param {string} signInLink
 * @param {import('./started.mjs').Started} started
 * @param {string | undefined} screenshots folder for them
 * @returns {Promise<Screen[]>}
 */
export async function visitScreens(url, signInLink, started, screenshots) {
  const { chromium } = fromApi('playwright-core');
  const { chromium: executablePath } = await findTools();
  if (!executablePath) throw new Error('There is no Chromium to look at the screens with.');
  const profile = await temporaryFolder();
  started.add(async () => profile.remove());
  const options = { executablePath, args: FLAGS, baseURL: url, locale: 'en-GB', timezoneId: 'Europe/Berlin' };
  const context = await chromium.launchPersistentContext(join(profile.path, 'profile'), {
    ...options,
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  started.add(() => context.close());
  const page = await context.newPage();
  await signIn(page, signInLink);
  const session = await context.newCDPSession(page);
  /** @type {Screen[]} */
  const seen = [];
  for (const [name, path] of SCREENS) {
    started.signal.throwIfAborted();
    await session.send('Network.clearBrowserCache');
    const { paint: cold } = await load(page, path);
    const loads = [];
    for (let round = 0; round < LOADS; round++) loads.push(await load(page, path));
    const faults = await lookAt(page, name, screenshots);
    seen.push({ name, cold, paint: median(loads, 'paint'), numbers: median(loads, 'numbers'), faults });
  }
  return seen;
}

/** @param {any} page @param {string} link */
async function signIn(page, link) {
  await page.goto(link);
  await page.getByLabel('E-mail').fill('bench@example.com');
  await page.getByLabel('Your name').fill('Bench');
  await page.getByLabel(/^Password/).fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Set password and go on', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** @param {any} page @param {string} path @returns {Promise<{ paint: number, numbers: number }>} */
async function load(page, path) {
  await page.goto(path, { waitUntil: 'commit' });
  const seen = await page.evaluate(SEEN);
  await page.waitForLoadState('networkidle');
  return seen;
}

const LOOKS = /** @type {const} */ ([
  ['light', 1280, 800, true],
  ['dark', 1280, 800, false],
  ['light', 320, 640, false],
  ['dark', 320, 640, true],
]);

/** @param {any} page @param {string} name @param {string | undefined} screenshots @returns {Promise<string[]>} */
async function lookAt(page, name, screenshots) {
  const { AxeBuilder } = fromApi('@axe-core/playwright');
  /** @type {string[]} */
  const faults = [];
  for (const [colorScheme, width, height, isForAxe] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    if (wide > 0) faults.push(`${wide} pixels too wide at ${width}`);
    if (screenshots) {
      await mkdir(screenshots, { recursive: true });
      const path = join(screenshots, `${name.replaceAll(' ', '-')}-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    if (!isForAxe) continue;
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    for (const { id, nodes } of violations) faults.push(`axe ${id} at ${width}: ${nodes[0]?.html.slice(0, 160)}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
  return faults;
}

/** @param {{ paint: number, numbers: number }[]} loads @param {'paint' | 'numbers'} of */
const median = (loads, of) => loads.map((one) => one[of]).sort((a, b) => a - b)[Math.floor(loads.length / 2)];
