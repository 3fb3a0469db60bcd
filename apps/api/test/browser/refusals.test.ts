import { expect, jest, test } from '@jest/globals';
import { describeInChromium, openConsole } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

describeInChromium('what the console says when something is refused', () => {
  const visit = new Visit({ signedIn: false });
  const { press, look } = visit;

  test('a link that was never made is explained, with the way to a new one', async () => {
    await visit.page.goto('/start#never-made');
    await visit.page.getByText('This link does not work any more').waitFor();
    await visit.page.getByText('npm run sign-in-link').waitFor();
    await look('30-bad-link');
  });

  test('a link works once', async () => {
    const link = visit.api.firstRun?.sign_in_link ?? '';
    await visit.page.goto(link);
    await visit.page.getByLabel('E-mail').fill('grace@example.com');
    await visit.page.getByLabel('Your name').fill('Grace Hopper');
    await visit.page.getByLabel(/^Password/).fill('another long password');
    await press('Set password and go on');
    await visit.page.getByRole('heading', { name: 'Overview' }).waitFor();
    const other = await openConsole(visit.api.url);
    await other.page.goto(link);
    await other.page.getByText('This link does not work any more').waitFor();
    await other.close();
  });

  test('who edits what somebody else has changed meanwhile is told by whom, and overwrites nothing', async () => {
    await visit.manage('/api/clients', { body: { client_id: 'shared', name: 'Before', scopes: ['read'] } });
    await visit.page.goto('/clients/shared');
    await press('Edit name and expiry');
    await visit.page.getByLabel('Name').fill('Mine');
    await visit.manage('/api/clients/shared', { method: 'PATCH', body: { name: 'Theirs' } });
    await press('Save');
    await visit.page.getByText('The client was changed meanwhile').waitFor();
    await visit.page.getByText(`client ${visit.api.admin.client_id} changed the client’s name`).waitFor();
    await look('31-conflict');
    await press('Load what is there now');
    await visit.page.getByRole('heading', { name: 'Theirs', level: 1 }).waitFor();
    expect((await visit.manage('/api/clients/shared')).body.name).toBe('Theirs');
  });

  test('an id that is taken is said at its field', async () => {
    await visit.page.goto('/clients/actions/create');
    await visit.page.getByLabel('Name').fill('Second');
    await visit.page.getByLabel('Client id').fill('shared');
    await press('Next: scopes');
    await visit.page.getByLabel('read', { exact: true }).check();
    await press('Next: review');
    await press('Create the client');
    await visit.page.getByText('is taken').waitFor();
    expect(await visit.page.getByLabel('Client id').inputValue()).toBe('shared');
  });

  test('a client and a page that do not exist are said to be so', async () => {
    await visit.page.goto('/clients/nobody');
    await visit.page.getByText('There is no such client').waitFor();
    await look('32-no-such-client');
  });

  test('a text that is no token is told what is wrong with it', async () => {
    await visit.page.goto('/token-inspector');
    await visit.page.getByLabel('Access token').fill('not a token');
    await press('Inspect');
    await visit.page.getByText('This token is not valid').waitFor();
    await look('33-no-token');
  });

  test('a session that has ended leads to the sign-in, and nothing of it stays on the screen', async () => {
    await visit.page.goto('/clients');
    await visit.page.getByRole('link', { name: 'Theirs' }).waitFor();
    await visit.browser.context.clearCookies();
    await visit.page.getByLabel('Search clients').fill('x');
    await visit.page.waitForURL(/sign-in\?returnTo=/);
    await visit.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await visit.page.getByText('Theirs').count()).toBe(0);
  });

  visit.endsWithoutComplaint();
});
