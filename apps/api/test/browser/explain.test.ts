import { waitFor } from '@bastionary/testing/wait-for';
import { expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

// One life, told in order: each test goes on where the one before ended.
describeInChromium('somebody asks why', () => {
  const visit = new Visit();
  const { press, heading, look, told } = visit;
  const shop = { id: 'northern_shop', secret: '', customer: '' };
  const answer = (word: 'Yes' | 'No') => visit.page.getByRole('status').getByText(word, { exact: true }).waitFor();

  const make = async (path: string, body: object, method = 'POST') => {
    const made = await visit.manage(path, { method, body });
    if (made.status >= 300) throw new Error(`${path}: ${made.status} ${JSON.stringify(made.body)}`);
    return made.body;
  };
  const sql = async (statement: string) => {
    const client = new pg.Client({ connectionString: visit.api.databaseUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const refusal = async (scope: string) => {
    const { status, body } = await visit.askForToken({ scope }, shop);
    return [status, body.error];
  };

  test('about a refused request: its link asks why with the client and the scope of then', async () => {
    await make('/api/features', { key: 'reports', name: 'Reports', type: 'switch' });
    await make('/api/features', { key: 'seats', name: 'Seats', type: 'limit' });
    await make('/api/plans', { key: 'starter', name: 'Starter', features: { seats: 2 }, publish: true });
    const customer = { name: 'Northern Shop', email: 'shop@example.com', currency: 'EUR' };
    shop.customer = (await make('/api/customers', customer)).id;
    await make('/api/subscriptions', { customer_id: shop.customer, plan: 'starter' });
    const { id } = await make('/api/resources', {
      identifier: 'https://api.example.com/reports',
      name: 'Reports',
      scopes: [{ name: 'reports:read', description: 'See reports' }],
    });
    await sql(`UPDATE scope SET feature = 'reports' WHERE name = 'reports:read'`);
    // Whatever changes a resource makes every process read the scopes again.
    await make(`/api/resources/${id}`, { name: 'Reports of the shop' }, 'PATCH');
    const client = { client_id: shop.id, name: 'Shop', customer_id: shop.customer, scopes: ['reports:read', 'read'] };
    shop.secret = (await make('/api/clients', client)).client_secret;
    await waitFor('the refusal', async () => (await refusal('reports:read'))[1] === 'invalid_scope');
    await visit.page.getByRole('link', { name: 'Refused requests' }).click();
    await heading('Refused requests');
    await visit.page.getByRole('link', { name: 'Why, and is it still so?' }).first().click();
    await heading('Explain');
    await answer('No');
    expect(new URL(visit.page.url()).search).toBe(`?client=${shop.id}&ask=token&about=reports%3Aread`);
    await visit.page.getByRole('img', { name: 'denies it' }).first().waitFor();
    await look('90-explain-no');
  });

  test('does the smallest change, and asks again: yes', async () => {
    await press('Do this');
    await visit.dialog.getByText(/^PUT/).waitFor();
    await look('91-explain-change');
    await press('Make the change');
    await told('It is done; the question is asked again.');
    await answer('Yes');
    await look('92-explain-yes');
    await waitFor('the token', async () => (await refusal('reports:read'))[0] === 200);
  });

  test('about a feature and a limit of a customer, by the form; the address keeps the question', async () => {
    await visit.page.goto('/explain');
    await heading('Explain');
    await look('93-explain-empty');
    await visit.page.getByLabel('Question', { exact: true }).selectOption('quota');
    await press('Ask');
    await told('choose a customer');
    await visit.page.getByRole('combobox', { name: 'Customer' }).fill('north');
    await visit.page.getByRole('option', { name: /Northern Shop/ }).click();
    await visit.page.getByLabel('Limit').selectOption('seats');
    await press('Ask');
    await answer('Yes');
    await told('starter@1');
    await visit.page.reload();
    await answer('Yes');
    await make('/api/quotas', { customer_id: shop.customer, feature: 'seats', amount: 2 });
    await press('Ask again');
    await answer('No');
  });

  test('about a suspended client, from its page', async () => {
    await make(`/api/clients/${shop.id}`, { status: 'suspended' }, 'PATCH');
    await visit.page.goto(`/clients/${shop.id}`);
    await visit.page.getByRole('link', { name: 'Why?' }).click();
    await answer('No');
    await told('It is suspended.');
    await visit.page.getByRole('link', { name: shop.id }).first().click();
    await heading('Shop');
  });

  test('what does not exist is said to be so', async () => {
    await visit.page.goto('/explain?client=nobody&ask=token');
    await visit.page.getByRole('alert').waitFor();
  });

  visit.endsWithoutComplaint();
});
