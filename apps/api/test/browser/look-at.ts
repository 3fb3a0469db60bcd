import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const screenshots = fileURLToPath(new URL('../../../console/screenshots', import.meta.url));
const SCHEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 320, height: 640 },
];

// Each colour scheme and each size once: what depends on both would have to be wrong in one of them alone.
const isForAxe = (scheme: (typeof SCHEMES)[number], { width }: (typeof SIZES)[number]) =>
  (scheme === 'light') === width > 320;
/** SCREENSHOTS=1: for people to look at, of every screen in both schemes and sizes. */
const isForPeople = process.env.SCREENSHOTS === '1';

/**
 * Looks at the screen, light and wide, dark and narrow, and returns what is wrong, in words: WCAG 2.2 by axe, and 1.4.10:
 * no scrolling in two directions at 320 pixels.
 */
export async function lookAt(page: Page, screen: string): Promise<string[]> {
  const faults: string[] = [];
  if (isForPeople) await mkdir(screenshots, { recursive: true });
  // A tooltip below a resting pointer is not part of the screen.
  await page.mouse.move(0, 0);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    for (const size of SIZES.filter((size) => isForPeople || isForAxe(colorScheme, size))) {
      await page.setViewportSize(size);
      await settled(page);
      const name = `${screen}-${colorScheme}-${size.width}`;
      if (isForPeople) await page.screenshot({ path: join(screenshots, `${name}.png`) });
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (overflow > 0) faults.push(`${name}: the page is ${overflow} pixels too wide`);
      if (isForAxe(colorScheme, size)) faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
  return faults;
}

async function axeFaults(page: Page): Promise<string[]> {
  // The other mode opens a second page each time, for frames; there are none here.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // WCAG 2.5.8; axe leaves it off unless asked.
  axe.options({ rules: { 'target-size': { enabled: true } } });
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => {
    const [first] = nodes;
    const why = [...(first?.any ?? []), ...(first?.all ?? []), ...(first?.none ?? [])].map(({ message }) => message);
    return `axe ${id} (${nodes.length}): ${first?.html.slice(0, 200)} ${why.join('; ')}`;
  });
}

/** Two frames after the layout changed, and every transition over. */
const settled = (page: Page) =>
  page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    .then(() => Promise.allSettled(document.getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
      .map((animation) => animation.finished)))`);
