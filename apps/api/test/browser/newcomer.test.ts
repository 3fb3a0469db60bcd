import { type Api, startApi } from '@bastionary/testing/api-process';
import { basic, json } from '@bastionary/testing/http';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Console, describeInChromium, openConsole } from './browser.js';
import { lookAt } from './look-at.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse battery staple';

jest.setTimeout(300_000);

// One life, told in order: each test goes on where the one before ended.
describeInChromium('a newcomer, from the one-time link to a revoked token and back', () => {
  let api: Api;
  let browser: Console;
  let page: Page;
  let secret: string;
  let token: string;

  beforeAll(async () => {
    api = await startApi();
    browser = await openConsole(api.url);
    page = browser.page;
  });

  afterAll(async () => {
    await browser?.close();
    await api?.stop();
  });

  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
  const dialog = () => page.getByRole('dialog');
  const look = async (screen: string) => expect(await lookAt(page, screen)).toEqual([]);

  test('the link leads to setting a password, and its token leaves the address at once', async () => {
    await page.goto(api.firstRun?.sign_in_link ?? '');
    await heading('Set up your account');
    await page.getByLabel('E-mail').fill(EMAIL);
    expect(page.url()).toBe(`${api.url}/start`);
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel(/^Password/).fill('too short');
    await press('Set password and go on');
    await page.getByText('must be at least 15 characters').waitFor();
    await look('01-set-password');
  });

  test('with a password the overview opens, with the first step to do', async () => {
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await page.getByText('Long enough').waitFor();
    await press('Set password and go on');
    await heading('Overview');
    await page.getByRole('link', { name: 'Create a client' }).waitFor();
    expect(await page.title()).toBe('Overview · Bastionary');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await look('02-overview-first-run');
  });

  test('the wizard says what is missing, and then creates the client', async () => {
    await page.getByRole('link', { name: 'Create a client' }).click();
    await heading('Create a client');
    await press('Next: scopes');
    await page.getByText('must not be empty').waitFor();
    await page.getByLabel('Name').fill('Nightly export');
    await page.getByLabel('Client id').fill('nightly export');
    await press('Next: scopes');
    await page.getByText('may only contain').waitFor();
    await page.getByLabel('Client id').fill('nightly-export');
    await look('03-wizard-name');
    await press('Next: scopes');
    await page.getByLabel('read', { exact: true }).check();
    await page.getByLabel('write', { exact: true }).check();
    await look('04-wizard-scopes');
    await press('Next: review');
    await look('05-wizard-review');
    await press('Create the client');
    await page.getByText('Waiting for your first token…').waitFor();
    await look('06-wizard-secret');
  });

  test('the secret cannot be left by accident, and can be copied', async () => {
    await page.goBack();
    await dialog().getByText('Leave without the secret?').waitFor();
    await look('07-wizard-leave');
    await dialog().getByRole('button', { name: 'Stay here' }).click();
    await press('Copy the secret');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    secret = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(secret).toMatch(/^bst_secret_/);
    const storage = 'JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href])';
    expect(await page.evaluate(storage)).not.toContain(secret);
    await expect(page.getByRole('button', { name: 'Go to the client' }).isDisabled()).resolves.toBe(true);
  });

  test('the first token turns the wizard by itself', async () => {
    const answer = await json(`${api.url}/oauth2/token`, {
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'read' }),
      headers: { authorization: basic('nightly-export', secret) },
    });
    expect(answer.status).toBe(200);
    token = answer.body.access_token;
    await page.getByText('First token received').waitFor({ timeout: 20_000 });
    await look('08-wizard-first-token');
    await page.getByLabel('I have stored the secret').check();
    await press('Go to the client');
    await heading('Nightly export');
  });

  test('the client shows its facts, credential, scopes and activity', async () => {
    await page.getByText('1 token in total').waitFor({ timeout: 20_000 });
    await page.locator('svg.recharts-surface').waitFor();
    await look('09-client-overview');
    await press('Show as table');
    await page.getByRole('columnheader', { name: 'Hour beginning' }).waitFor();
    await page.getByRole('tab', { name: 'Credentials' }).click();
    await page.getByText(secret.slice(-4)).waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
    await look('10-client-credentials');
    await page.getByRole('tab', { name: 'Scopes' }).click();
    await page.getByLabel('write', { exact: true }).uncheck();
    await page.getByText('will be taken away').waitFor();
    await look('11-client-scopes');
    await press('Save the scopes');
    await page.getByText('The scopes are saved.').waitFor();
    await page.getByRole('tab', { name: 'Activity' }).click();
    await page.getByText('You changed the client’s scopes.').waitFor();
    await look('12-client-activity');
    expect(page.url()).toContain('tab=activity');
  });

  test('the list finds it by search and status, in the address', async () => {
    await page.getByRole('link', { name: 'Clients', exact: true }).click();
    await page.getByRole('link', { name: 'Nightly export' }).waitFor();
    await look('13-clients');
    await page.keyboard.press('/');
    await page.keyboard.type('nightly');
    await page.waitForURL(/search=nightly/);
    await page.getByLabel('Status').selectOption('suspended');
    await page.getByText('No client matches').waitFor();
    expect(page.url()).toContain('status=suspended');
    await look('14-clients-no-match');
    await press('Clear the filters');
    await page.getByRole('link', { name: 'Nightly export' }).waitFor();
  });

  test('the inspector finds the token valid, revokes it, and then says so', async () => {
    await page.getByRole('link', { name: 'Token inspector' }).click();
    await heading('Token inspector');
    await look('15-inspector-empty');
    await page.getByLabel('Access token').fill(token);
    await press('Inspect');
    await page.getByText('This token is valid').waitFor();
    await look('16-inspector-valid');
    await press('Revoke');
    await look('17-inspector-revoke');
    await dialog().getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByText('This token is not valid').waitFor();
    await look('18-inspector-revoked');
    expect(page.url()).toBe(`${api.url}/token-inspector`);
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(token);
  });

  test('the checklist is complete', async () => {
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('3 of 3 done').waitFor({ timeout: 20_000 });
    await page.locator('svg.recharts-surface').waitFor();
    await look('19-overview');
  });

  test('suspend, resume and rotate name their consequences', async () => {
    await page.goto('/clients/nightly-export');
    const choose = async (item: string) => {
      await press('Actions');
      await page.getByRole('menuitem', { name: item }).click();
    };
    await press('Actions');
    await look('20-client-actions');
    await page.getByRole('menuitem', { name: 'Suspend' }).click();
    await dialog().getByText('It gets no new token from now on.').waitFor();
    await look('21-client-suspend');
    await dialog().getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('suspended', { exact: true }).waitFor();
    await choose('Resume');
    await dialog().getByRole('button', { name: 'Resume' }).click();
    await page.getByText('active', { exact: true }).waitFor();
    await choose('Rotate the secret');
    await dialog().getByText('The old secret stops at once').waitFor();
    await dialog().getByRole('button', { name: 'Rotate now' }).click();
    await dialog().getByText('The secret is shown only now').waitFor();
    await page.keyboard.press('Escape');
    await look('22-client-rotated');
    expect(await dialog().getByTestId('client-secret').textContent()).not.toBe(secret);
    await dialog().getByLabel('I have stored the secret').check();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });
  });

  test('deleting asks for the id; the audit log remembers everything', async () => {
    await press('Actions');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const confirm = dialog().getByRole('button', { name: 'Delete for ever' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByLabel('Type nightly-export to confirm').fill('nightly-export');
    await look('23-client-delete');
    await confirm.click();
    await heading('Clients');
    await page.getByRole('link', { name: 'Audit log' }).click();
    const deleted = page.getByRole('row', { name: /client\.deleted/ });
    await deleted.getByText('you', { exact: true }).waitFor();
    await deleted.getByRole('button', { name: /Show/ }).click();
    await page.getByRole('definition').getByText('Nightly export', { exact: true }).waitFor();
    await look('24-audit-log');
    await page.goto('/audit-log?target=client:nightly-export');
    const actions = ['deleted', 'secret_rotated', 'resumed', 'suspended', 'updated', 'created'];
    for (const action of actions) await page.getByText(`client.${action}`, { exact: true }).waitFor();
    await page.goto('/audit-log?action=nothing.like.this');
    await page.getByText('No record matches').waitFor();
    await look('25-audit-log-no-match');
  });

  test('the signing keys stand with their life', async () => {
    await page.getByRole('link', { name: 'Signing keys' }).click();
    await page.getByText('signs every new token').waitFor();
    await look('26-signing-keys');
  });

  test('the keyboard alone skips the menu, and opens a client', async () => {
    await page.goto('/clients');
    await page.getByRole('link', { name: /first run/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    const isOnClient = () =>
      page.evaluate<boolean>("document.activeElement.pathname?.startsWith('/clients/cli_') ?? false");
    for (let presses = 0; presses < 10 && !(await isOnClient()); presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/tab=credentials/);
  });

  test('on a phone the places are behind the menu', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await press('Menu');
    await dialog().getByRole('link', { name: 'Audit log' }).waitFor();
    await page.screenshot({
      path: new URL('../../../console/screenshots/27-menu-light-320.png', import.meta.url).pathname,
    });
    await dialog().getByRole('link', { name: 'Overview' }).click();
    await dialog().waitFor({ state: 'detached' });
    await heading('Overview');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('signed out, a page asks to sign in and then goes on where one was', async () => {
    await page.getByRole('button', { name: /Ada Lovelace/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in');
    await page.goto('/clients?status=active');
    await page.waitForURL(/sign-in\?returnTo=/);
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel(/^Password/).fill('a wrong password!');
    await press('Sign in');
    await page.getByText('The e-mail or the password is wrong').waitFor();
    await look('28-sign-in');
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await press('Sign in');
    await heading('Clients');
    expect(page.url()).toBe(`${api.url}/clients?status=active`);
  });

  test('the browser had nothing to complain about: no error, no policy violation', () => {
    expect(browser.complaints).toEqual([]);
  });
});
