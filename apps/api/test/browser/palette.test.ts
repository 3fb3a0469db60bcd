import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

// In the demo world, where there is something to find.
describeInChromium('an operator goes anywhere by keyboard', () => {
  const visit = new Visit({ env: { BASTIONARY_DEMO: '1' } });
  const { heading, look, told } = visit;
  const field = () => visit.page.getByRole('combobox', { name: 'Search, or go to a page' });
  const option = (name: string | RegExp) => visit.page.getByRole('option', { name });
  const key = (...keys: string[]) =>
    keys.reduce((before, one) => before.then(() => visit.page.keyboard.press(one)), Promise.resolve());
  /** What a screen reader is told to be chosen by Enter. */
  const active = async (): Promise<string> => {
    const id = await field().getAttribute('aria-activedescendant');
    return (await visit.page.locator(`[id="${id}"]`).textContent()) ?? '';
  };

  test('opens it by the shortcut, and goes to a page by a part of its name', async () => {
    await key('Control+k');
    await field().waitFor();
    await option('Overview').waitFor();
    await look('palette-empty');
    await visit.page.keyboard.type('sign');
    await option('Signing keys').waitFor();
    expect(await active()).toBe('Signing keys');
    await key('Enter');
    await heading('Signing keys');
    expect(await field().count()).toBe(0);
  });

  test('finds a client of a customer by name, moves with the arrows, and comes back to it as the latest', async () => {
    await key('Control+k');
    await field().fill('nordlicht');
    await option(/Nightly reports/).waitFor();
    await option(/Nordlicht Logistik GmbH.*business@1, active/s).waitFor();
    await look('palette-found');
    const first = await active();
    await key('ArrowDown', 'ArrowUp');
    expect(await active()).toBe(first);
    await key('ArrowUp');
    expect(await active()).not.toBe(first);
    while (!(await active()).includes('ERP connector')) await key('ArrowDown');
    await key('Enter');
    await heading('ERP connector');
    await key('Control+k');
    expect(await active()).toContain('ERP connector');
  });

  test('says that nothing is found, and what is too long or wrong', async () => {
    await field().fill('no such thing');
    await told('Nothing has “no such thing” in its name, and it is no id.');
    await look('palette-nothing');
    await key('Escape');
    expect(await field().count()).toBe(0);
  });

  test('does things, too; the button opens it where there is no keyboard', async () => {
    await visit.page.getByRole('button', { name: 'Search' }).click();
    await field().fill('switch');
    await option('Switch to dark colours').click();
    expect(await visit.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await visit.page.setViewportSize({ width: 390, height: 800 });
    await visit.page.getByRole('button', { name: 'Search' }).click();
    await field().fill('create client');
    await option('Create client').click();
    await heading('Create a client');
    await visit.page.setViewportSize({ width: 1280, height: 800 });
  });

  test('signs out, and forgets what was chosen', async () => {
    await key('Control+k');
    await field().fill('sign out');
    await key('Enter');
    await heading('Sign in');
    expect(await visit.page.evaluate('sessionStorage.getItem("bastionary-recent")')).toBeNull();
  });

  visit.endsWithoutComplaint();
});
