import { type Api, startApi } from '@bastionary/testing/api-process';
import { freePort } from '@bastionary/testing/free-port';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { codeOf } from '../operators/people.js';
import { type Console, describeInChromium, openConsole } from './browser.js';
import { lookAt } from './look-at.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse battery staple';

jest.setTimeout(300_000);

// One life, told in order: each test goes on where the one before ended.
describeInChromium('an owner secures the account and lets somebody in', () => {
  let api: Api;
  let browser: Console;
  let page: Page;
  let secret: string;
  let recoveryCodes: string[];

  beforeAll(async () => {
    const port = await freePort();
    api = await startApi({ port, env: { ISSUER_URL: `http://localhost:${port}` } });
    browser = await openConsole(`http://localhost:${port}`);
    page = browser.page;
    // The authenticator of the browser's own: WebAuthn Level 3 §11.
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  });

  afterAll(async () => {
    await browser?.close();
    await api?.stop();
  });

  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
  const dialog = (name: string) => page.getByRole('dialog', { name });
  const look = async (screen: string) => expect(await lookAt(page, screen)).toEqual([]);
  const sql = async (statement: string) => {
    const client = new pg.Client({ connectionString: api.databaseUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const signOut = async () => {
    await page.getByRole('button', { name: /Ada Lovelace/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in');
  };
  const signIn = async () => {
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await press('Sign in');
  };

  test('the account page shows how one signs in', async () => {
    await page.goto(api.firstRun?.sign_in_link ?? '');
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await press('Set password and go on');
    await heading('Overview');
    await page.getByRole('button', { name: /Ada Lovelace/ }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await heading('Your account');
    await page.getByText('this one').waitFor();
    await look('20-account');
  });

  test('an authenticator app is added by its QR code and a first code; recovery codes come once', async () => {
    await press('Add an authenticator app');
    await dialog('Add an authenticator app').getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    secret = (await dialog('Add an authenticator app').locator('code').first().textContent()) ?? '';
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await look('21-totp');
    await page.getByLabel(/^Code/).fill('000000');
    await press('Add the app');
    await dialog('Add an authenticator app').getByRole('alert').waitFor();
    await page.getByLabel(/^Code/).fill(codeOf(secret, -1));
    await press('Add the app');
    await dialog('Your recovery codes').waitFor();
    recoveryCodes = await page.getByTestId('recovery-codes').locator('code').allTextContents();
    expect(recoveryCodes).toHaveLength(10);
    await look('22-recovery-codes');
    await press('I have stored them');
    await page.getByText('10 codes are left').waitFor();
  });

  test('a passkey is added', async () => {
    await press('Add a passkey');
    await page.getByLabel('Name').fill('This laptop');
    await press('Add the passkey');
    await page.getByRole('cell', { name: 'This laptop' }).waitFor();
    await look('23-account-secured');
  });

  test('signing in takes the second step: the code of the app', async () => {
    await signOut();
    await signIn();
    await heading('One more step');
    await look('24-second-step');
    await press('Use the authenticator app');
    await page.getByLabel(/^Code/).fill(codeOf(secret));
    await press('Verify');
    await heading('Overview');
  });

  test('… or a recovery code, or the passkey', async () => {
    await signOut();
    await signIn();
    await heading('One more step');
    await press('Use a recovery code');
    await page.getByLabel(/^Recovery code/).fill(recoveryCodes[0] ?? '');
    await press('Verify');
    await heading('Overview');
    await signOut();
    await signIn();
    await heading('One more step');
    await press('Continue with the passkey');
    await heading('Overview');
  });

  test('a passkey alone signs in', async () => {
    await signOut();
    await press('Sign in with a passkey');
    await heading('Overview');
  });

  test('a dangerous act asks for a fresh proof, and then goes on by itself', async () => {
    await sql(`UPDATE operator_session SET proven_at = now() - interval '1 hour'`);
    await page.getByRole('link', { name: 'Operators' }).click();
    await heading('Operators');
    await look('25-operators');
    await press('Invite');
    await dialog('Invite an operator').getByLabel('E-mail').fill('grace@example.com');
    await dialog('Invite an operator').getByLabel('Name').fill('Grace Hopper');
    await dialog('Invite an operator').getByLabel('Role').selectOption('admin');
    await look('26-invite');
    await dialog('Invite an operator').getByRole('button', { name: 'Invite' }).click();
    await dialog('Is it still you?').waitFor();
    await look('27-step-up');
    await dialog('Is it still you?').getByRole('button', { name: 'Use the password' }).click();
    await dialog('Is it still you?')
      .getByLabel(/^Password/)
      .fill(PASSWORD);
    await dialog('Is it still you?').getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The link is shown only now').waitFor();
    await look('28-handed-link');
    expect(await dialog('Invite an operator').locator('code').first().textContent()).toMatch(/\/start#[\w-]{43}$/);
    await press('Done');
    await page.getByRole('cell', { name: 'Grace Hopper' }).waitFor();
  });

  test('who cancels the proof is told, and nothing has happened', async () => {
    await sql(`UPDATE operator_session SET proven_at = now() - interval '1 hour'`);
    const row = page.getByRole('row', { name: /Grace Hopper/ });
    await row.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Suspend' }).click();
    await dialog('Suspend Grace Hopper?').getByRole('button', { name: 'Suspend' }).click();
    await dialog('Is it still you?').getByRole('button', { name: 'Cancel' }).click();
    await dialog('Suspend Grace Hopper?').getByText('A fresh proof is required').waitFor();
    await dialog('Suspend Grace Hopper?').getByRole('button', { name: 'Suspend' }).click();
    await dialog('Is it still you?').getByRole('button', { name: 'Continue with the passkey' }).click();
    await page.getByRole('row', { name: /Grace Hopper.*suspended/ }).waitFor();
  });

  test('the browser had nothing to complain about', () => {
    expect(browser.complaints).toEqual([]);
  });
});
