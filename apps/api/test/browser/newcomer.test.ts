import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { ADA, Visit } from './visit.js';

jest.setTimeout(300_000);

// One life, told in order: each test goes on where the one before ended.
describeInChromium('a newcomer, from the one-time link to a revoked token and back', () => {
  const visit = new Visit({ signedIn: false });
  const { press, heading, look, tab } = visit;
  let secret: string;
  let token: string;

  test('the link leads to setting a password, and its token leaves the address at once', async () => {
    await visit.page.goto(visit.api.firstRun?.sign_in_link ?? '');
    await heading('Set up your account');
    await visit.page.getByLabel('E-mail').fill(ADA.email);
    expect(visit.page.url()).toBe(`${visit.api.url}/start`);
    await visit.page.getByLabel('Your name').fill(ADA.name);
    await visit.page.getByLabel(/^Password/).fill('too short');
    await press('Set password and go on');
    await visit.page.getByText('must be at least 15 characters').waitFor();
    await look('01-set-password');
  });

  test('with a password the overview opens, with the first step to do', async () => {
    await visit.page.getByLabel(/^Password/).fill(ADA.password);
    await visit.page.getByText('Long enough').waitFor();
    await press('Set password and go on');
    await heading('Overview');
    await visit.page.getByRole('link', { name: 'Create a client' }).waitFor();
    expect(await visit.page.title()).toBe('Overview · Bastionary');
    expect(await visit.page.evaluate('document.activeElement.tagName')).toBe('H1');
    await look('02-overview-first-run');
  });

  test('the wizard says what is missing, and then creates the client', async () => {
    await visit.page.getByRole('link', { name: 'Create a client' }).click();
    await heading('Create a client');
    await press('Next: scopes');
    await visit.page.getByText('must not be empty').waitFor();
    await visit.page.getByLabel('Name').fill('Nightly export');
    await visit.page.getByLabel('Client id').fill('nightly export');
    await press('Next: scopes');
    await visit.page.getByText('may only contain').waitFor();
    await visit.page.getByLabel('Client id').fill('nightly-export');
    await look('03-wizard-name');
    await press('Next: scopes');
    await visit.page.getByLabel('read', { exact: true }).check();
    await visit.page.getByLabel('write', { exact: true }).check();
    await look('04-wizard-scopes');
    await press('Next: review');
    await look('05-wizard-review');
    await press('Create the client');
    await visit.page.getByText('Waiting for your first token…').waitFor();
    await look('06-wizard-secret');
  });

  test('the secret cannot be left by accident, and can be copied', async () => {
    await visit.page.goBack();
    await visit.dialog.getByText('Leave without the secret?').waitFor();
    await look('07-wizard-leave');
    await visit.dialog.getByRole('button', { name: 'Stay here' }).click();
    await press('Copy the secret');
    await visit.page.getByRole('button', { name: 'Copied' }).waitFor();
    secret = await visit.page.evaluate<string>('navigator.clipboard.readText()');
    expect(secret).toMatch(/^bst_secret_/);
    const storage = 'JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href])';
    expect(await visit.page.evaluate(storage)).not.toContain(secret);
    await expect(visit.page.getByRole('button', { name: 'Go to the client' }).isDisabled()).resolves.toBe(true);
  });

  test('the first token turns the wizard by itself', async () => {
    const answer = await visit.askForToken({ scope: 'read' }, { id: 'nightly-export', secret });
    expect(answer.status).toBe(200);
    token = String(answer.body.access_token);
    await visit.page.getByText('First token received').waitFor({ timeout: 20_000 });
    await look('08-wizard-first-token');
    await visit.page.getByLabel('I have stored the secret').check();
    await press('Go to the client');
    await heading('Nightly export');
  });

  test('the client shows its facts, credential, scopes and activity', async () => {
    await visit.page.getByText('1 token in total').waitFor({ timeout: 20_000 });
    await visit.page.locator('svg.recharts-surface').waitFor();
    await look('09-client-overview');
    await press('Show as table');
    await visit.page.getByRole('columnheader', { name: 'Hour beginning' }).waitFor();
    await tab('Credentials');
    await visit.page.getByText(secret.slice(-4)).waitFor();
    expect(await visit.page.getByText(secret).count()).toBe(0);
    await look('10-client-credentials');
    await tab('Permissions');
    await visit.page.getByLabel('write', { exact: true }).uncheck();
    await visit.page.getByText('will be taken away').waitFor();
    await look('11-client-scopes');
    await press('Save the changes');
    await visit.page.getByText('The scopes are saved.').waitFor();
    await tab('Activity');
    await visit.page.getByText('You changed the client’s scopes.').waitFor();
    await look('12-client-activity');
    expect(visit.page.url()).toContain('tab=activity');
  });

  test('the list finds it by search and status, in the address', async () => {
    await visit.page.getByRole('link', { name: 'Clients', exact: true }).click();
    await visit.page.getByRole('link', { name: 'Nightly export' }).waitFor();
    await look('13-clients');
    await visit.page.keyboard.press('/');
    await visit.page.keyboard.type('nightly');
    await visit.page.waitForURL(/search=nightly/);
    await visit.page.getByLabel('Status').selectOption('suspended');
    await visit.page.getByText('No client matches').waitFor();
    expect(visit.page.url()).toContain('status=suspended');
    await look('14-clients-no-match');
    await press('Clear the filters');
    await visit.page.getByRole('link', { name: 'Nightly export' }).waitFor();
  });

  test('the inspector finds the token valid, revokes it, and then says so', async () => {
    await visit.page.getByRole('link', { name: 'Token inspector' }).click();
    await heading('Token inspector');
    await look('15-inspector-empty');
    await visit.page.getByLabel('Access token').fill(token);
    await press('Inspect');
    await visit.page.getByText('This token is valid').waitFor();
    await look('16-inspector-valid');
    await press('Revoke');
    await look('17-inspector-revoke');
    await visit.dialog.getByRole('button', { name: 'Revoke the token' }).click();
    await visit.page.getByText('This token is not valid').waitFor();
    await look('18-inspector-revoked');
    expect(visit.page.url()).toBe(`${visit.api.url}/token-inspector`);
    expect(await visit.page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toContain(
      token,
    );
  });

  test('the checklist is complete', async () => {
    await visit.page.getByRole('link', { name: 'Overview' }).click();
    await visit.page.getByText('3 of 3 done').waitFor({ timeout: 20_000 });
    await visit.page.locator('svg.recharts-surface').waitFor();
    await look('19-overview');
  });

  test('suspend, resume and rotate name their consequences', async () => {
    await visit.page.goto('/clients/nightly-export');
    const choose = async (item: string) => {
      await press('Actions');
      await visit.page.getByRole('menuitem', { name: item }).click();
    };
    await press('Actions');
    await look('20-client-actions');
    await visit.page.getByRole('menuitem', { name: 'Suspend' }).click();
    await visit.dialog.getByText('It gets no new token from now on.').waitFor();
    await look('21-client-suspend');
    await visit.dialog.getByRole('button', { name: 'Suspend' }).click();
    await visit.page.getByText('suspended', { exact: true }).waitFor();
    await choose('Resume');
    await visit.dialog.getByRole('button', { name: 'Resume' }).click();
    await visit.page.getByText('active', { exact: true }).waitFor();
    await choose('Rotate the secret');
    await visit.dialog.getByLabel('How long the old secret still works').selectOption('0');
    await visit.dialog.getByText('The old secret stops at once').waitFor();
    await visit.dialog.getByRole('button', { name: 'Rotate now' }).click();
    await visit.dialog.getByText('The secret is shown only now').waitFor();
    await visit.page.keyboard.press('Escape');
    await look('22-client-rotated');
    expect(await visit.dialog.getByTestId('client-secret').textContent()).not.toBe(secret);
    await visit.dialog.getByLabel('I have stored the secret').check();
    await visit.dialog.getByRole('button', { name: 'Done' }).click();
    await visit.dialog.waitFor({ state: 'detached' });
  });

  test('deleting asks for the id; the audit log remembers everything', async () => {
    await press('Actions');
    await visit.page.getByRole('menuitem', { name: 'Delete' }).click();
    const confirm = visit.dialog.getByRole('button', { name: 'Delete for ever' });
    expect(await confirm.isDisabled()).toBe(true);
    await visit.dialog.getByLabel('Type nightly-export to confirm').fill('nightly-export');
    await look('23-client-delete');
    await confirm.click();
    await heading('Clients');
    await visit.page.getByRole('link', { name: 'Audit log' }).click();
    const deleted = visit.page.getByRole('row', { name: /client\.deleted/ });
    await deleted.getByText('you', { exact: true }).waitFor();
    await deleted.getByRole('button', { name: /Show/ }).click();
    await visit.page.getByRole('definition').getByText('Nightly export', { exact: true }).waitFor();
    await look('24-audit-log');
    await visit.page.goto('/audit-log?target=client:nightly-export');
    const actions = ['deleted', 'secret_rotated', 'resumed', 'suspended', 'updated', 'created'];
    for (const action of actions) await visit.page.getByText(`client.${action}`, { exact: true }).waitFor();
    await visit.page.goto('/audit-log?action=nothing.like.this');
    await visit.page.getByText('No record matches').waitFor();
    await look('25-audit-log-no-match');
  });

  test('the signing keys stand with their life', async () => {
    await visit.page.getByRole('link', { name: 'Signing keys' }).click();
    await visit.told('signs every new token');
    await look('26-signing-keys');
  });

  test('the keyboard alone skips the menu, and opens a client', async () => {
    await visit.page.goto('/clients');
    await visit.page.getByRole('link', { name: /first run/ }).waitFor();
    await visit.page.keyboard.press('Tab');
    expect(await visit.page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await visit.page.keyboard.press('Enter');
    expect(await visit.page.evaluate('document.activeElement.id')).toBe('main');
    const isOnClient = () =>
      visit.page.evaluate<boolean>("document.activeElement.pathname?.startsWith('/clients/cli_') ?? false");
    for (let presses = 0; presses < 10 && !(await isOnClient()); presses += 1) await visit.page.keyboard.press('Tab');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByRole('tab', { name: 'Overview' }).focus();
    await visit.page.keyboard.press('ArrowRight');
    await visit.page.waitForURL(/tab=credentials/);
  });

  test('on a phone the places are behind the menu', async () => {
    await visit.page.setViewportSize({ width: 320, height: 640 });
    await press('Menu');
    await visit.dialog.getByRole('link', { name: 'Audit log' }).waitFor();
    await visit.page.screenshot({
      path: new URL('../../../console/screenshots/27-menu-light-320.png', import.meta.url).pathname,
    });
    await visit.dialog.getByRole('link', { name: 'Overview' }).click();
    await visit.dialog.waitFor({ state: 'detached' });
    await heading('Overview');
    await visit.page.setViewportSize({ width: 1280, height: 800 });
  });

  test('signed out, a page asks to sign in and then goes on where one was', async () => {
    await visit.page.getByRole('button', { name: /Ada Lovelace/ }).click();
    await visit.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in');
    await visit.page.goto('/clients?status=active');
    await visit.page.waitForURL(/sign-in\?returnTo=/);
    await visit.page.getByLabel('E-mail').fill(ADA.email);
    await visit.page.getByLabel(/^Password/).fill('a wrong password!');
    await press('Sign in');
    await visit.page.getByText('The e-mail or the password is wrong').waitFor();
    await look('28-sign-in');
    await visit.page.getByLabel(/^Password/).fill(ADA.password);
    await press('Sign in');
    await heading('Clients');
    expect(visit.page.url()).toBe(`${visit.api.url}/clients?status=active`);
  });

  visit.endsWithoutComplaint();
});
