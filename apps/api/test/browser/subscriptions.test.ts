import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

const price = (amount: string) => ({ model: 'flat', amount, currency: 'EUR' });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

// One life, told in order: each test goes on where the one before ended.
describeInChromium('somebody who sells puts customers on plans', () => {
  const visit = new Visit();
  const { press, heading, look, told } = visit;
  const customers = { nordlicht: '', aurora: '' };
  let subscription = '';

  const make = async (path: string, body: object) => {
    const answer = await visit.manage(path, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const current = async () => (await visit.manage(`/api/subscriptions/${subscription}`)).body;
  const menu = async (item: string) => {
    await press('Actions');
    await visit.page.getByRole('menuitem', { name: item, exact: true }).click();
    await visit.dialog.waitFor();
  };
  const confirm = (name: string) => visit.dialog.getByRole('button', { name, exact: true }).click();

  test('sees what a subscription is before there is one', async () => {
    await make('/api/features', { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' });
    await make('/api/features', { key: 'sso', name: 'Single sign-on', type: 'switch' });
    await make('/api/features', { key: 'support', name: 'Support', type: 'value' });
    await make('/api/plans', {
      key: 'starter',
      name: 'Starter',
      features: { seats: 5, support: 'e-mail' },
      prices: [price('1900')],
      publish: true,
    });
    await make('/api/plans', {
      key: 'pro',
      name: 'Pro',
      features: { seats: 25, sso: true, support: 'phone' },
      prices: [price('9900')],
      trial_days: 14,
      publish: true,
    });
    await make('/api/plans', {
      key: 'more_seats',
      name: 'More seats',
      kind: 'add_on',
      features: { seats: 10 },
      prices: [{ model: 'per_unit', unit_amount: '400', currency: 'EUR' }],
      publish: true,
    });
    const customer = { currency: 'EUR', country: 'DE', time_zone: 'Europe/Berlin' };
    const nordlicht = { ...customer, name: 'Nordlicht Software GmbH', email: 'office@nordlicht.example' };
    customers.nordlicht = (await make('/api/customers', nordlicht)).id;
    const aurora = { ...customer, name: 'Aurora Labs', email: 'hello@aurora.example', time_zone: 'America/New_York' };
    customers.aurora = (await make('/api/customers', aurora)).id;
    await visit.page.getByRole('link', { name: 'Subscriptions', exact: true }).click();
    await heading('Subscriptions');
    await told('No subscriptions yet');
    await look('80-subscriptions-empty');
  });

  test('creates one; what the customer will have is tried out before', async () => {
    await visit.page.getByRole('link', { name: 'Create a subscription' }).click();
    await heading('Create a subscription');
    await press('Create');
    await told('choose a customer');
    await visit.page.getByRole('combobox', { name: 'Customer' }).fill('nordl');
    await visit.page.getByRole('option', { name: /Nordlicht/ }).click();
    await visit.page.getByLabel('Plan').selectOption('starter');
    await press('Add an add-on');
    await visit.page.getByLabel('Quantity of add-on 1').fill('2');
    await visit.page.getByRole('region', { name: 'What follows' }).getByText('Seats').waitFor();
    await told('19.00 EUR a month');
    await told('2 × 4.00 EUR a month');
    await look('81-subscription-create');
    await press('Create');
    await heading('Nordlicht Software GmbH: Starter');
    subscription = visit.page.url().split('/').at(-1) ?? '';
    expect(await current()).toMatchObject({
      customer_id: customers.nordlicht,
      state: 'active',
      plan: 'starter@1',
      quantity: 1,
      items: [
        { plan: 'starter@1', quantity: 1 },
        { plan: 'more_seats@1', quantity: 2 },
      ],
    });
  });

  test('changes it now: before and after, with what the customer gains and loses', async () => {
    await press('Change');
    await visit.dialog.getByText('Change something, and see here what follows.').waitFor();
    await visit.dialog.getByLabel('Plan').selectOption('pro');
    await visit.dialog.getByRole('button', { name: 'Remove add-on 1' }).click();
    await visit.dialog.getByText('Single sign-on').waitFor();
    await visit.dialog.getByRole('row', { name: /Price 19.00 EUR a month/ }).waitFor();
    const support = visit.dialog.getByRole('listitem').filter({ hasText: 'Support' });
    expect(await support.textContent()).toMatch(/e-mail → phone/);
    await support.getByRole('img', { name: 'changes' }).waitFor();
    await look('82-subscription-change');
    await confirm('Change now');
    await told('The subscription is changed.');
    await heading('Nordlicht Software GmbH: Pro');
    expect(await current()).toMatchObject({ plan: 'pro@1', items: [{ plan: 'pro@1' }] });
  });

  test('arranges a change for the end of the period, and withdraws it', async () => {
    await press('Change');
    await visit.dialog.getByLabel('Plan').selectOption('starter');
    await visit.dialog.getByLabel('Quantity', { exact: true }).fill('0');
    await visit.dialog.getByText('must be a whole number, 1 or more').waitFor();
    await visit.dialog.getByLabel('Quantity', { exact: true }).fill('3');
    await visit.dialog.getByLabel('When it takes effect').selectOption('period_end');
    await visit.dialog.getByText('Single sign-on').waitFor();
    await confirm('Arrange the change');
    await told('The change is arranged.');
    const { scheduled, current_period } = await current();
    expect(scheduled).toEqual([
      { id: expect.any(String), at: current_period.end, change: { plan: 'starter@1', quantity: 3 } },
    ]);
    await visit.page.getByText('Plan starter@1', { exact: true }).waitFor();
    await press(/^Withdraw the change/);
    await visit.dialog.getByText('Quantity 3').waitFor();
    await confirm('Withdraw the change');
    await told('The change is withdrawn.');
    expect((await current()).scheduled).toEqual([]);
  });

  test('cancels at the end of the period, and takes the end back', async () => {
    await menu('Cancel the subscription');
    await visit.dialog.getByText('Single sign-on').waitFor();
    await look('83-subscription-cancel');
    await confirm('Cancel the subscription');
    await told('The subscription is canceled, or will be at its end.');
    const { cancel_at, current_period } = await current();
    expect(cancel_at).toBe(current_period.end);
    await menu('Take back the end');
    await confirm('Take back the end');
    await told('The subscription goes on.');
    expect((await current()).cancel_at).toBeNull();
  });

  test('pauses and resumes', async () => {
    await menu('Pause');
    await visit.dialog.getByText('Single sign-on').waitFor();
    await confirm('Pause');
    await told('The subscription is paused, or will be.');
    expect((await current()).state).toBe('paused');
    await menu('Resume');
    await visit.dialog.getByRole('img', { name: 'gains' }).first().waitFor();
    await confirm('Resume');
    await visit.page.getByText('Resumed', { exact: true }).waitFor();
    expect((await current()).state).toBe('active');
  });

  test('moves it to the new version of its plan, after seeing what that changes', async () => {
    await make('/api/plans/pro/versions', {
      features: { seats: 50, sso: true, support: 'phone' },
      prices: [price('11900')],
      publish: true,
    });
    await visit.page.reload();
    await told('Version 2 is out');
    await press('See what a move changes');
    await visit.dialog.getByText('25 → 50').waitFor();
    await look('84-subscription-migrate');
    await confirm('Move to version 2');
    await told('It moves to version 2 at the end of the period.');
    await visit.page.getByText('Plan pro@2', { exact: true }).waitFor();
    await look('85-subscription');
  });

  test('who changes what somebody else has changed meanwhile is told so', async () => {
    await press('Change');
    await visit.dialog.getByLabel('Quantity', { exact: true }).fill('2');
    await visit.dialog.getByText('25 → 50').waitFor();
    await visit.manage(`/api/subscriptions/${subscription}`, { method: 'PATCH', body: { quantity: 7 } });
    await confirm('Change now');
    await visit.dialog.getByText('The subscription was changed meanwhile').waitFor();
    await press('Load what is there now');
    expect((await current()).quantity).toBe(7);
  });

  test('what the api refuses is said before it is tried', async () => {
    const { id } = await make('/api/subscriptions', { customer_id: customers.aurora, plan: 'pro', trial_days: 14 });
    await visit.page.goto(`/subscriptions/${id}`);
    await heading('Aurora Labs: Pro');
    await told('Times of America/New_York');
    await menu('Pause');
    await visit.dialog.getByText('A trial cannot be paused').waitFor();
    expect(await visit.dialog.getByRole('button', { name: 'Pause', exact: true }).isDisabled()).toBe(true);
    await visit.page.keyboard.press('Escape');
  });

  test('finds them by customer, state and plan; the address keeps the filters', async () => {
    await make('/api/subscriptions', { customer_id: customers.aurora, plan: 'starter', start: inDays(10) });
    await visit.page.goto('/subscriptions');
    await visit.page.getByRole('link', { name: 'Nordlicht Software GmbH' }).waitFor();
    await look('86-subscriptions');
    await visit.page.getByLabel('State').selectOption('scheduled');
    await visit.page.waitForURL(/state=scheduled/);
    await visit.page.getByRole('link', { name: 'Nordlicht Software GmbH' }).waitFor({ state: 'detached' });
    await visit.page.getByLabel('Plan').selectOption('pro');
    await told('No subscription matches');
    await press('Clear the filters');
    await visit.page.getByRole('link', { name: 'Nordlicht Software GmbH' }).waitFor();
    await visit.page.goto('/subscriptions/sub_nothing');
    await told('There is no such subscription');
  });

  visit.endsWithoutComplaint();
});
