import { waitFor } from '@bastionary/testing/wait-for';
import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

const IDENTIFIER = 'https://api.example.com/orders';

// One life, told in order: each test goes on where the one before ended.
describeInChromium('an owner who keeps clients in order', () => {
  const visit = new Visit({ env: { USAGE_FLUSH_MS: '100' } });
  const { press, heading, look, tab, told, button } = visit;
  const shop = { id: 'shop', secret: '' };
  const clientOf = async (id: string) => (await visit.manage(`/api/clients/${id}`)).body;

  test('creates a resource with its scopes; what is wrong is said at its field', async () => {
    await visit.manage('/api/features', { body: { key: 'editing', name: 'Editing', type: 'switch' } });
    await visit.page.getByRole('link', { name: 'Resources' }).click();
    await heading('Resources');
    await look('40-resources');
    await visit.page.getByRole('link', { name: 'Create a resource' }).click();
    await heading('Create a resource');
    await visit.page.getByLabel('Identifier').fill('orders');
    await visit.page.getByLabel('Scope', { exact: true }).fill('orders:read');
    await press('Create the resource');
    await told('must be an absolute URI');
    await told('must not be empty');
    await visit.page.getByLabel('Identifier').fill(IDENTIFIER);
    await visit.page.getByLabel('Name').fill('Orders');
    await visit.page.getByLabel('What it allows').fill('See orders and their lines');
    await press('Add a scope');
    await visit.page.getByLabel('Scope', { exact: true }).nth(1).fill('orders:write');
    await visit.page.getByLabel('What it allows').nth(1).fill('Create and change orders');
    await visit.page.getByLabel('Longest lifetime', { exact: true }).fill('5');
    await look('41-resource-create');
    await press('Create the resource');
    await heading('Orders');
    const { data } = (await visit.manage('/api/resources')).body;
    const made = data.find(({ identifier }: { identifier: string }) => identifier === IDENTIFIER);
    expect(made).toMatchObject({ name: 'Orders', access_token_ttl: 300, access_token_format: null });
    expect(made.scopes.map(({ name }: { name: string }) => name)).toEqual(['orders:read', 'orders:write']);
  });

  test('changes it: what changed is saved, and only against what was on the screen', async () => {
    await press('Remove the scope orders:write');
    await told('orders:write will be gone');
    await press('Undo');
    await visit.page.getByRole('radio', { name: 'Opaque' }).click();
    await visit.page.getByLabel('Customers need').nth(1).selectOption('editing');
    await look('42-resource');
    await press('Save the changes');
    await told('The resource is saved.');
    const { data } = (await visit.manage('/api/resources')).body;
    const saved = data.find(({ identifier }: { identifier: string }) => identifier === IDENTIFIER);
    expect(saved.scopes.map(({ feature }: { feature: string | null }) => feature)).toEqual([null, 'editing']);
    await expect(button('Save the changes').count()).resolves.toBe(0);
  });

  test('sets how it authenticates and from where; an address that is none is refused at its field', async () => {
    const made = await visit.manage('/api/clients', {
      body: { client_id: 'shop', name: 'Shop', scopes: ['orders:read', 'orders:write'] },
    });
    shop.secret = made.body.client_secret;
    await visit.page.goto('/clients/shop?tab=authentication');
    await visit.page.getByRole('radio', { name: 'A secret in the Authorization header' }).click();
    await visit.page.getByLabel('Allowed addresses').last().fill('300.1.2.3');
    await press('Add');
    await told('300.1.2.3 is no address');
    await visit.page.getByLabel('Allowed addresses').last().fill('127.0.0.1 2001:db8::/32');
    await visit.page.keyboard.press('Enter');
    await look('48-authentication');
    await press('Save the changes');
    await told('The authentication is saved.');
    expect(await clientOf('shop')).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      allowed_addresses: ['127.0.0.1', '2001:db8::/32'],
    });
  });

  test('sets its tokens and limits', async () => {
    await tab('Tokens');
    await visit.page.getByRole('radio', { name: 'JWT' }).click();
    await visit.page.getByLabel('Lifetime', { exact: true }).fill('2');
    await visit.page.getByRole('switch', { name: 'Give it refresh tokens' }).click();
    await told('RFC 6749 §4.4.3');
    await look('49-tokens');
    await press('Save the changes');
    await told('The token settings are saved.');
    await tab('Limits');
    await visit.page.getByRole('switch', { name: 'A quota' }).click();
    await press('Save the changes');
    await told('Set one of the two.');
    await visit.page.getByLabel('Tokens per hour').fill('1000');
    await visit.page.getByRole('radio', { name: 'Observe' }).click();
    await look('50-limits');
    await press('Save the changes');
    await told('The limits are saved.');
    expect(await clientOf('shop')).toMatchObject({
      access_token_format: 'jwt',
      access_token_ttl: 120,
      grant_types: ['client_credentials', 'refresh_token'],
      rate_limit: null,
      token_quota: { per_hour: 1000, per_day: null, enforce: false },
    });
  });

  test('narrows its scopes to what it has asked for', async () => {
    const got = await visit.askForToken({ scope: 'orders:read' }, shop);
    expect([got.status, got.body.expires_in]).toEqual([200, 120]);
    await waitFor('the use to be counted', async () => {
      const { suggested_scopes } = (await visit.manage('/api/clients/shop/permission-use')).body;
      return suggested_scopes.length === 1;
    });
    await tab('Permissions');
    await told('One scope was not asked for: orders:write.');
    await look('51-permissions');
    await press('Narrow to what is used');
    await visit.dialog.getByText('will be taken away').waitFor();
    await look('52-narrow');
    await visit.dialog.getByRole('button', { name: 'Narrow the scopes' }).click();
    await told('The scopes are narrowed.');
    expect((await clientOf('shop')).scopes).toEqual(['orders:read']);
  });

  test('revokes all its tokens, having seen how many that hits', async () => {
    const got = await visit.askForToken({ scope: 'orders:read' }, shop);
    expect(got.status).toBe(200);
    await tab('Tokens');
    await press('Revoke all tokens');
    await visit.dialog.getByText(/live tokens? will be dead/).waitFor();
    const { hits } = (await visit.manage('/api/revocations?dry_run=true', { body: { by: 'client', id: 'shop' } })).body;
    await visit.dialog.getByText(hits, { exact: true }).waitFor();
    expect(Number(hits)).toBeGreaterThan(0);
    await look('53-revoke-all');
    await visit.dialog.getByRole('button', { name: 'Revoke them all' }).click();
    await told('revoked.');
    await told('are dead.');
    await visit.page.goto('/token-inspector');
    await visit.page.getByLabel('Access token').fill(String(got.body.access_token));
    await press('Inspect');
    await told('This token is not valid');
  });

  test('finds why a request was refused by its trace id', async () => {
    const refused = await visit.askForToken({ scope: 'orders:write' }, shop);
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_scope']);
    const wrong = await visit.askForToken({}, { id: 'shop', secret: 'a wrong secret' });
    expect(wrong.status).toBe(401);
    const trace = wrong.headers.get('x-request-id') ?? '';
    await visit.page.getByRole('link', { name: 'Refused requests' }).click();
    await heading('Refused requests');
    await visit.page.getByRole('cell').filter({ hasText: 'orders:write' }).first().waitFor();
    await look('54-failures');
    await visit.page.getByRole('textbox', { name: 'Trace id' }).fill(trace);
    await press('Filter');
    await visit.page.waitForURL(`/failures?trace_id=${trace}`);
    const rows = visit.page.getByRole('row').filter({ hasText: trace });
    await rows.filter({ hasText: 'invalid_client' }).waitFor();
    const others = visit.page.getByRole('row').filter({ hasText: 'orders:write' });
    await others.first().waitFor({ state: 'detached' });
    expect(await visit.page.getByRole('row').count()).toBe(2);
    await visit.page.getByRole('link', { name: 'shop' }).click();
    await told('The answers say less than stands here');
    await look('55-client-failures');
    await visit.page.goto('/failures?trace_id=never-given');
    await told('No refused request matches');
  });

  test('is told what stands in the way of deleting a resource', async () => {
    await visit.page.goto('/resources');
    await visit.page.getByRole('link', { name: 'Orders' }).click();
    await press('Delete');
    await visit.dialog.getByRole('button', { name: 'Delete the resource' }).click();
    await visit.dialog.getByRole('alert').getByText(/shop/).waitFor();
    await look('56-resource-delete');
    await visit.page.keyboard.press('Escape');
  });

  test('imports clients: first what would happen, then it happens', async () => {
    const rows = [
      { client_id: 'shop', name: 'The shop' },
      { client_id: 'stock', name: 'Stock', scopes: ['orders:read'] },
      { client_id: 'nobody', scopes: ['no:such:scope'] },
    ];
    await visit.page.goto('/clients');
    await press('Import and export');
    expect(await visit.page.getByRole('menuitem', { name: 'Export as CSV' }).getAttribute('href')).toContain('csv');
    await visit.page.getByRole('menuitem', { name: 'Import clients' }).click();
    await heading('Import clients');
    await visit.page.getByLabel('Clients', { exact: true }).fill(JSON.stringify({ clients: rows }));
    await press('Check what would happen');
    await visit.page.getByText('refused', { exact: true }).waitFor();
    await look('57-import');
    expect(await button(/^Import: /).isDisabled()).toBe(true);
    await visit.page.getByLabel('Clients', { exact: true }).fill(JSON.stringify({ clients: rows.slice(0, 2) }));
    await press('Check what would happen');
    await press('Import: create 1, change 1');
    await told('The import is done.');
    await told('The secrets are shown only now');
    expect((await clientOf('shop')).name).toBe('The shop');
    expect((await clientOf('stock')).scopes).toEqual(['orders:read']);
  });

  visit.endsWithoutComplaint();
});
