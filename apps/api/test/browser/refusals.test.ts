import { type Api, startApi } from '@bastionary/testing/api-process';
import { json, managementToken } from '@bastionary/testing/http';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Console, describeInChromium, openConsole } from './browser.js';
import { lookAt } from './look-at.js';

jest.setTimeout(300_000);

describeInChromium('what the console says when something is refused', () => {
  let api: Api;
  let browser: Console;
  let page: Page;

  beforeAll(async () => {
    api = await startApi();
    browser = await openConsole(api.url);
    page = browser.page;
  });

  afterAll(async () => {
    await browser?.close();
    await api?.stop();
  });

  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

  test('a link that was never made is explained, with the way to a new one', async () => {
    await page.goto('/start#never-made');
    await page.getByText('This link does not work any more').waitFor();
    await page.getByText('npm run sign-in-link').waitFor();
    expect(await lookAt(page, '30-bad-link')).toEqual([]);
  });

  test('a link works once', async () => {
    const link = api.firstRun?.sign_in_link ?? '';
    await page.goto(link);
    await page.getByLabel('E-mail').fill('grace@example.com');
    await page.getByLabel('Your name').fill('Grace Hopper');
    await page.getByLabel(/^Password/).fill('another long password');
    await press('Set password and go on');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const other = await openConsole(api.url);
    await other.page.goto(link);
    await other.page.getByText('This link does not work any more').waitFor();
    await other.close();
  });

  test('who edits what somebody else has changed meanwhile is told by whom, and overwrites nothing', async () => {
    const token = await managementToken(api);
    const address = `${api.url}/api/clients/shared`;
    await json(`${api.url}/api/clients`, { token, body: { client_id: 'shared', name: 'Before', scopes: ['read'] } });
    await page.goto('/clients/shared');
    await press('Edit name and expiry');
    await page.getByLabel('Name').fill('Mine');
    await json(address, { method: 'PATCH', token, body: { name: 'Theirs' } });
    await press('Save');
    await page.getByText('The client was changed meanwhile').waitFor();
    await page.getByText(`client ${api.admin.client_id} changed the client’s name`).waitFor();
    expect(await lookAt(page, '31-conflict')).toEqual([]);
    await press('Load what is there now');
    await page.getByRole('heading', { name: 'Theirs', level: 1 }).waitFor();
    expect((await json(address, { token })).body.name).toBe('Theirs');
  });

  test('an id that is taken is said at its field', async () => {
    await page.goto('/clients/actions/create');
    await page.getByLabel('Name').fill('Second');
    await page.getByLabel('Client id').fill('shared');
    await press('Next: scopes');
    await page.getByLabel('read', { exact: true }).check();
    await press('Next: review');
    await press('Create the client');
    await page.getByText('is taken').waitFor();
    expect(await page.getByLabel('Client id').inputValue()).toBe('shared');
  });

  test('a client and a page that do not exist are said to be so', async () => {
    await page.goto('/clients/nobody');
    await page.getByText('There is no such client').waitFor();
    expect(await lookAt(page, '32-no-such-client')).toEqual([]);
  });

  test('a text that is no token is told what is wrong with it', async () => {
    await page.goto('/token-inspector');
    await page.getByLabel('Access token').fill('not a token');
    await press('Inspect');
    await page.getByText('This token is not valid').waitFor();
    expect(await lookAt(page, '33-no-token')).toEqual([]);
  });

  test('a session that has ended leads to the sign-in, and nothing of it stays on the screen', async () => {
    await page.goto('/clients');
    await page.getByRole('link', { name: 'Theirs' }).waitFor();
    await browser.context.clearCookies();
    await page.getByLabel('Search clients').fill('x');
    await page.waitForURL(/sign-in\?returnTo=/);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('Theirs').count()).toBe(0);
  });

  test('the browser had nothing to complain about: no error, no policy violation', () => {
    expect(browser.complaints).toEqual([]);
  });
});
