import { waitFor } from '@bastionary/testing/wait-for';
import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

const FEATURES = [
  { key: 'api', name: 'API access', type: 'switch' },
  { key: 'api_calls', name: 'API calls', type: 'limit' },
  { key: 'regions', name: 'Regions', type: 'value', default: ['eu'] },
  { key: 'sso', name: 'Single sign-on', type: 'switch' },
];
const PRO = { key: 'pro', name: 'Pro', features: { api: true, api_calls: 1_000 }, publish: true };

// One life, told in order: each test goes on where the one before ended.
describeInChromium('a customer, from the first entry to its suspension', () => {
  const visit = new Visit();
  const { press, heading, look, told, tab } = visit;
  let customerId: string;
  let secret: string;
  const entitled = async (query = '') => (await visit.manage(`/api/customers/${customerId}/entitlements${query}`)).body;
  const askForToken = () => visit.askForToken({ scope: 'read' }, { id: 'acme-export', secret });
  const history = () => visit.page.getByRole('region', { name: 'History' });
  const row = (name: string) => visit.page.getByRole('row', { name: new RegExp(`^${name}`) });

  test('is created: what is missing is said, and currency, country and time zone are found by typing', async () => {
    for (const body of FEATURES) expect((await visit.manage('/api/features', { body })).status).toBe(201);
    expect((await visit.manage('/api/plans', { body: PRO })).status).toBe(201);
    await visit.page.getByRole('link', { name: 'Customers' }).click();
    await told('No customers yet');
    await look('70-customers-empty');
    await visit.page.getByRole('link', { name: 'Create a customer' }).click();
    await heading('Create a customer');
    await press('Create the customer');
    await told('must be an e-mail address');
    await visit.page.getByLabel('Name').first().fill('Acme GmbH');
    await visit.page.getByLabel('E-mail').fill('billing@acme.example');
    await visit.page.getByLabel('External id').fill('crm-4711');
    await choose('Country', 'germ', 'Germany');
    await choose('Time zone', 'berlin', 'Europe/Berlin');
    await visit.page.getByRole('combobox', { name: 'Currency' }).fill('euro');
    await visit.page.getByRole('option', { name: 'EUR – Euro' }).waitFor();
    await look('71-customer-currency');
    await visit.page.getByRole('option', { name: 'EUR – Euro' }).click();
    await press('Add an entry');
    await visit.page.getByLabel('Name 1').fill('segment');
    await visit.page.getByLabel('Text 1').fill('enterprise');
    await look('72-create-customer');
    await press('Create the customer');
    await heading('Acme GmbH');
    const { data } = (await visit.manage('/api/customers')).body;
    expect(data).toEqual([
      expect.objectContaining({
        name: 'Acme GmbH',
        email: 'billing@acme.example',
        currency: 'EUR',
        country: 'DE',
        time_zone: 'Europe/Berlin',
        external_id: 'crm-4711',
        tax_id: null,
        metadata: { segment: 'enterprise' },
      }),
    ]);
    customerId = data[0].id;
    expect(visit.page.url()).toBe(`${visit.api.url}/customers/${customerId}`);
  });

  const choose = async (label: string, words: string, option: string) => {
    await visit.page.getByRole('combobox', { name: label }).fill(words);
    await visit.page.getByRole('option', { name: option, exact: true }).click();
  };

  test('gets a client of its own, found by typing', async () => {
    for (const name of ['Byron Ltd', 'Lovelace & Sons']) {
      await visit.manage('/api/customers', { body: { name, email: 'a@b.example', currency: 'GBP' } });
    }
    await visit.page.getByRole('link', { name: 'Create a client' }).click();
    await heading('Create a client');
    const field = visit.page.getByRole('combobox', { name: 'Customer' });
    await waitFor('the customer to stand in the field', async () => (await field.inputValue()) === 'Acme GmbH');
    await press('Customer: choose none');
    await field.fill('lov');
    const found = visit.page.getByRole('listbox', { name: 'Customer' }).getByRole('option');
    await waitFor('only the one who is called so', async () => (await found.count()) === 1);
    expect(await found.textContent()).toContain('Lovelace & Sons');
    await field.fill('acme');
    await found.filter({ hasText: 'Acme GmbH' }).waitFor();
    await look('73-choose-customer');
    await visit.page.keyboard.press('ArrowDown');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByLabel('Name').fill('Acme export');
    await visit.page.getByLabel('Client id').fill('acme-export');
    await press('Next: scopes');
    await visit.page.getByLabel('read', { exact: true }).check();
    await press('Next: review');
    await visit.page.getByRole('link', { name: 'Acme GmbH' }).waitFor();
    await press('Create the client');
    await press('Copy the secret');
    secret = await visit.page.evaluate<string>('navigator.clipboard.readText()');
    await visit.page.getByLabel('I have stored the secret').check();
    await press('Go to the client');
    await heading('Acme export');
    await visit.page.getByRole('link', { name: 'Acme GmbH' }).waitFor();
    expect((await visit.manage('/api/clients/acme-export')).body.customer_id).toBe(customerId);
    expect((await askForToken()).status).toBe(200);
    await visit.page.getByRole('link', { name: 'Clients', exact: true }).click();
    await visit.page.getByRole('row', { name: /Acme export.*of Acme GmbH/ }).waitFor();
    await look('74-clients-of-customers');
    await visit.page.getByRole('link', { name: 'Acme GmbH' }).click();
    await heading('Acme GmbH');
  });

  test('has everything about it on one page', async () => {
    const body = { customer_id: customerId, plan: 'pro', trial_days: 14 };
    expect((await visit.manage('/api/subscriptions', { body })).status).toBe(201);
    await visit.page.goto(`/customers/${customerId}`);
    await visit.page.getByRole('link', { name: 'pro@1' }).waitFor();
    await visit.page.getByRole('link', { name: 'Acme export' }).waitFor();
    await told('trialing');
    await look('75-customer-overview');
  });

  test('shows each feature with its source and its use', async () => {
    for (const amount of [300, 40]) {
      const { body } = await visit.manage('/api/quotas', {
        body: { customer_id: customerId, feature: 'api_calls', amount },
      });
      await visit.manage(`/api/quotas/${body.id}/commit`, { method: 'POST' });
    }
    await tab('Entitlements');
    await row('API calls').getByText('pro@1').waitFor();
    await row('Regions').getByText('its default').waitFor();
    await visit.page.getByRole('progressbar', { name: 'api_calls: 340 of 1,000 used' }).waitFor();
    await told((await entitled()).hash);
    await look('76-entitlements');
  });

  test('gets an override: its effect is shown before it is set', async () => {
    await press('Override API calls');
    await visit.dialog.getByLabel('Value').fill('5000');
    await visit.dialog.getByText('1,000 → 5,000').waitFor();
    await visit.dialog.getByRole('button', { name: 'Set the override' }).click();
    await visit.dialog.getByText('Say why').waitFor();
    expect((await entitled()).features.api_calls).toBe(1_000);
    await visit.dialog.getByLabel('Reason').fill('Agreed with Ms Byron until the new contract');
    await visit.dialog.getByLabel('Expiry').selectOption('30');
    await look('77-override');
    await visit.dialog.getByRole('button', { name: 'Set the override' }).click();
    await row('API calls').getByText('Agreed with Ms Byron').waitFor();
    await visit.page.getByRole('progressbar', { name: 'api_calls: 340 of 5,000 used' }).waitFor();
    expect((await entitled()).features.api_calls).toBe(5_000);
    await visit.manage(`/api/customers/${customerId}/overrides/regions`, {
      method: 'PUT',
      body: { value: ['eu', 'us'], reason: 'A branch in Boston' },
    });
    await visit.page.reload();
    await press('Change the override of Regions');
    await visit.dialog.getByLabel('Value').fill('eu');
    await visit.dialog.getByLabel('Reason').fill('x');
    await visit.dialog.getByRole('button', { name: 'Set the override' }).click();
    await visit.dialog.getByText('must be JSON').waitFor();
    await visit.dialog.getByRole('button', { name: 'Cancel' }).click();
    await history().getByText('1,000 → 5,000').waitFor();
  });

  test('has a history of what was gained and lost, and why', async () => {
    const epochs = await history().getByRole('listitem').allInnerTexts();
    expect(epochs.filter((words) => words.includes('An override was set')).length).toBe(2);
    await history()
      .getByText(/Plans that began to count: pro@1/)
      .waitFor();
    await history().scrollIntoViewIfNeeded();
    await look('79-history');
  });

  test('can be looked at as of a past instant, which stands in the address', async () => {
    const { data } = (await visit.manage(`/api/customers/${customerId}/entitlements/history`)).body;
    const before = data.find(({ features }: { features: Record<string, unknown> }) => features.api_calls === 1_000);
    await visit.page.getByRole('link', { name: `Show epoch ${before.epoch}`, exact: true }).click();
    await visit.page.getByRole('heading', { name: 'What has changed since' }).waitFor();
    await row('API calls').getByText('1,000').waitFor();
    await told(before.hash);
    expect(new URL(visit.page.url()).searchParams.get('at')).toBe(before.at);
    await look('80-as-of');
    await press('Back to now');
    await row('API calls').getByText('5,000').waitFor();
    await visit.page.getByLabel('As of').fill('2020-01-01T00:00:00');
    await press('Show it');
    await told(`there was no customer ${customerId} yet`);
    await visit.page.goBack();
    await row('API calls').getByText('5,000').waitFor();
  });

  test('loses the override again, having seen what that means', async () => {
    await press('Remove the override of API calls');
    await visit.dialog.getByText('5,000 → 1,000').waitFor();
    await visit.dialog.getByRole('button', { name: 'Remove' }).click();
    await row('API calls').getByText('pro@1').waitFor();
    expect((await entitled()).features.api_calls).toBe(1_000);
  });

  test('is edited against the version on the screen', async () => {
    await tab('Details');
    await visit.page.getByLabel('Tax id').fill('DE123456789');
    await visit.manage(`/api/customers/${customerId}`, { method: 'PATCH', body: { name: 'Acme AG' } });
    await press('Save the changes');
    await told('The customer was changed meanwhile');
    await look('82-customer-conflict');
    await press('Load what is there now');
    await heading('Acme AG');
    await visit.page.getByLabel('Tax id').fill('DE123456789');
    await press('Save the changes');
    await told('The customer is saved.');
    expect((await visit.manage(`/api/customers/${customerId}`)).body).toMatchObject({
      name: 'Acme AG',
      tax_id: 'DE123456789',
      metadata: { segment: 'enterprise' },
    });
    await tab('Activity');
    await told('You set an override of api_calls.');
  });

  test('is suspended: its client gets no token, until it is resumed', async () => {
    expect((await askForToken()).status).toBe(200);
    await press('Suspend');
    await look('84-suspend-customer');
    await visit.dialog.getByRole('button', { name: 'Suspend' }).click();
    await told('This customer is suspended');
    await waitFor('the client to be refused', async () => (await askForToken()).status === 401, { within: 5_000 });
    await tab('Overview');
    await visit.page.getByRole('link', { name: 'Acme export' }).waitFor();
    await visit.page.getByRole('link', { name: '← Customers' }).click();
    await heading('Customers');
    await look('86-customers');
    await visit.page.getByLabel('Status').selectOption('suspended');
    await visit.page.getByRole('link', { name: 'Byron Ltd' }).waitFor({ state: 'detached' });
    expect(visit.page.url()).toContain('status=suspended');
    await visit.page.getByRole('link', { name: 'Acme AG' }).click();
    await heading('Acme AG');
    await press('Resume');
    await visit.dialog.getByRole('button', { name: 'Resume' }).click();
    await told('Acme AG is active again.');
    await waitFor('the client to get a token', async () => (await askForToken()).status === 200, { within: 5_000 });
  });

  test('somebody who is not there is said to be unknown', async () => {
    await visit.page.goto('/customers/cus_nobody');
    await heading('There is no such customer');
  });

  visit.endsWithoutComplaint();
});
