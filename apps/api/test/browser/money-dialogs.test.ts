import { FakeStripe } from '@bastionary/testing/fake-stripe';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

const stripe = await FakeStripe.open();
afterAll(() => stripe.kill());
const DAY_MS = 86_400_000;

// One world, in which every dialog about money is gone through once; what came of it is asked of the api.
describeInChromium('dialogs about money', () => {
  const visit = new Visit({ worker: true, env: stripe.env });
  const { press, heading, look, told } = visit;
  let customer = '';
  let subscription = '';

  const go = async (path: string, title: string) => {
    await visit.page.goto(path);
    await heading(title);
  };
  const field = (label: string) => visit.page.getByLabel(label, { exact: true });
  const typed = (name: string) => visit.dialog.getByRole('textbox', { name, exact: true });
  const confirm = async (name: string) => {
    await visit.dialog.getByRole('button', { name, exact: true }).click();
    await visit.dialog.waitFor({ state: 'hidden' });
  };
  const menu = async (item: string) => {
    await press('Actions');
    await visit.page.getByRole('menuitem', { name: item, exact: true }).click();
    await visit.dialog.waitFor();
  };
  const get = async (path: string) => (await visit.manage(path)).body;
  const make = async (path: string, body: object = {}) => {
    const answer = await visit.manage(path, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const open = async (amount: string) => {
    const lines = [{ description: 'Training', unit_amount: amount }];
    const { id } = await make('/api/invoices', { customer_id: customer, lines });
    return make(`/api/invoices/${id}/finalize`);
  };
  const owed = () => visit.manage('/api/invoices/preview', { body: { subscription_id: subscription } });

  test('a payment is refunded in part, an invoice given up', async () => {
    const nordlicht = { name: 'Nordlicht GmbH', email: 'office@nordlicht.example', currency: 'EUR', country: 'DE' };
    customer = (await make('/api/customers', nordlicht)).id;
    const base = { key: 'base', model: 'flat', amount: '4900', currency: 'EUR', interval: 'month' };
    await make('/api/plans', { key: 'pro', name: 'Pro', publish: true, prices: [base] });
    const [paid, lost] = [await open('10000'), await open('700')];
    await make(`/api/invoices/${paid.id}/payments`, { amount: '10000', reference: 'SEPA 1' });

    await go(`/invoices/${paid.id}`, `Invoice ${paid.number}`);
    await press('Refund SEPA 1');
    await typed('Amount in EUR').fill('100.01');
    await visit.dialog.getByRole('button', { name: 'Refund', exact: true }).click();
    await visit.dialog.getByText('at most 100.00 EUR are left of it').waitFor();
    await visit.dialog.getByText('say why').waitFor();
    await typed('Amount in EUR').fill('30.00');
    await typed('Reason').fill('One day fell through');
    await confirm('Refund');
    await told('30.00 EUR are paid back.');
    await told('30.00 EUR paid back');
    expect((await get(`/api/payments?invoice_id=${paid.id}`)).data).toMatchObject([
      { amount: '10000', refunded: '3000' },
    ]);

    await go(`/invoices/${lost.id}`, `Invoice ${lost.number}`);
    await menu('Mark as uncollectible');
    await visit.dialog.getByText('7.00 EUR leave the receivables as a loss.').waitFor();
    await confirm('Mark as uncollectible');
    await told('The invoice is marked as uncollectible.');
    expect(await get(`/api/invoices/${lost.id}`)).toMatchObject({ status: 'uncollectible', amount_due: '700' });
  });

  test('a coupon and a tax rate are made, given, taken away and retired', async () => {
    await go('/billing-terms', 'Coupons and taxes');
    await press('Create a coupon');
    await visit.dialog.getByRole('button', { name: 'Create the coupon' }).click();
    await visit.dialog.getByText('must be a decimal number of percent as text, such as 19').waitFor();
    await typed('Name').fill('Welcome');
    await typed('Percent').fill('20');
    await visit.dialog.getByLabel('For how long').selectOption('repeating');
    await typed('Billing periods').fill('3');
    await confirm('Create the coupon');
    await told('Welcome is created.');
    await press('Create a coupon');
    await typed('Name').fill('Five off');
    await visit.dialog.getByRole('radio', { name: 'An amount' }).click();
    await typed('Amount in EUR').fill('5');
    await confirm('Create the coupon');
    await told('5.00 EUR off, once');
    await press('Retire Five off');
    await confirm('Retire');
    await told('Five off is retired.');

    await press('Create a tax rate');
    await typed('Name').fill('VAT');
    await visit.dialog.getByRole('combobox', { name: 'Country' }).fill('germ');
    await visit.page.getByRole('option', { name: 'Germany' }).click();
    await typed('Percent').fill('19');
    await confirm('Create the tax rate');
    await told('VAT is created.');
    await look('105-billing-terms');
    expect((await get('/api/coupons')).data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'welcome', percent: '20', periods: 3, retired_at: null }),
        expect.objectContaining({ key: 'five_off', amount: '500', currency: 'EUR', retired_at: expect.any(String) }),
      ]),
    );
    expect((await get('/api/tax-rates')).data).toMatchObject([{ country: 'DE', percent: '19', retired_at: null }]);

    await go(`/customers/${customer}?tab=billing`, 'Nordlicht GmbH');
    await field('Days to pay').fill('10');
    await field('Address on invoices').fill('Hafenstraße 1\n20457 Hamburg');
    await press('Save');
    await told('The billing data is saved.');
    await field('Give a coupon').selectOption('welcome');
    await press('Give it');
    await told('The coupon is given.');
    expect(await get(`/api/customers/${customer}/billing`)).toMatchObject({
      net_days: 10,
      address: ['Hafenstraße 1', '20457 Hamburg'],
      coupons: [{ coupon: { key: 'welcome' }, subscription_id: null }],
    });
    await press('Take away Welcome');
    await told('The coupon is taken away.');
    expect((await get(`/api/customers/${customer}/billing`)).coupons).toEqual([]);
    await go('/billing-terms', 'Coupons and taxes');
    await press('Retire VAT');
    await confirm('Retire');
    await told('VAT is retired.');
  });

  test('a credit is granted and taken back', async () => {
    await go(`/customers/${customer}?tab=wallet`, 'Nordlicht GmbH');
    await press('Grant a credit');
    await typed('Amount in EUR').fill('25.00');
    await typed('Reason').fill('Trade fair');
    await confirm('Grant the credit');
    await told('25.00 EUR are in the wallet.');
    const credits = async () => (await get(`/api/customers/${customer}/credits`)).data;
    expect(await credits()).toMatchObject([{ remaining: '2500', reason: 'Trade fair', state: 'available' }]);
    await press('Take back: Trade fair');
    await confirm('Take it back');
    await told('What was left of the credit is taken back.');
    expect(await credits()).toMatchObject([{ remaining: '0', state: 'void' }]);
  });

  test('a subscription begins with a coupon; its invoice is void and billed again, then void for good', async () => {
    await go(`/subscriptions/actions/create?customer=${customer}`, 'Create a subscription');
    await visit.page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('pro');
    await field('Coupon').selectOption('welcome');
    await press('Create');
    await told('The subscription is created.');
    await visit.page.waitForURL(/\/subscriptions\/sub_/);
    subscription = visit.page.url().split('/').at(-1) ?? '';
    const { coupons } = await get(`/api/customers/${customer}/billing`);
    expect(coupons).toMatchObject([{ coupon: { key: 'welcome' }, subscription_id: subscription }]);

    for (const isRebilled of [true, false]) {
      const draft = await make('/api/invoices', { subscription_id: subscription });
      const { number } = await make(`/api/invoices/${draft.id}/finalize`);
      expect(draft).toMatchObject({ subtotal: '4900', discount: '980', total: '3920' });
      await go(`/invoices/${draft.id}`, `Invoice ${number}`);
      await menu('Void the invoice');
      await typed('Reason').fill('Ordered by mistake');
      if (isRebilled) await visit.dialog.getByLabel('Bill it again').check();
      await visit.dialog.getByText(isRebilled ? 'is owed again' : 'is waived').waitFor();
      await confirm('Void the invoice');
      await told('The invoice is void.');
      expect(await get(`/api/invoices/${draft.id}`)).toMatchObject({ status: 'void', amount_due: '0' });
      expect((await owed()).body.total).toBe(isRebilled ? '3920' : '0');
    }
  });

  test('a billing run is started; its draft is held, and released', async () => {
    const start = new Date(Date.now() - 20 * DAY_MS).toISOString();
    await go('/billing-runs', 'Billing runs');
    subscription = (await make('/api/subscriptions', { customer_id: customer, plan: 'pro', start })).id;
    await press('Run now');
    await told('A billing run is under way.');
    const runs = await waitFor('the runs', async () => {
      const { data } = await get('/api/billing-runs');
      return data.every(({ status }: { status: string }) => status === 'done') && data;
    });
    expect(runs).toContainEqual(
      expect.objectContaining({ started_by: expect.stringMatching(/^operator:/), failed: 0 }),
    );
    await visit.page.getByRole('cell', { name: 'done' }).first().waitFor();

    const [{ id }] = (await get(`/api/invoices?customer_id=${customer}&status=draft`)).data;
    const goesOut = async () => (await get(`/api/invoices/${id}`)).finalize_at;
    expect(await goesOut()).toEqual(expect.any(String));
    await go(`/invoices/${id}`, 'Draft for Nordlicht GmbH');
    await menu('Hold it for review');
    await confirm('Hold it');
    await told('The draft waits for somebody to finalize it.');
    expect(await goesOut()).toBeNull();
    await menu('Release it');
    await confirm('Release it');
    await told('The draft goes out with the next billing run.');
    await waitFor('the invoice to go out', async () => (await get(`/api/invoices/${id}`)).status === 'open');
  });

  test('what happens to whoever does not pay is changed, and said in words', async () => {
    await go('/receivables', 'Receivables');
    await visit.page.getByRole('link', { name: 'What happens when' }).click();
    await heading('Dunning');
    await told('7 days after an invoice was due, its subscription is past due. It works on for 14 days');
    await press('Remove step 2');
    await press('Save the steps');
    await told('must warn before it suspends');
    await look('107-dunning');
    await press('Add a step');
    await field('Step 4: after').fill('10');
    await field('What happens at step 4').selectOption('past_due');
    await told('10 days after an invoice was due, its subscription is past due. It works on for 11 days');
    await press('Save the steps');
    await told('The steps are saved.');
    expect((await get('/api/dunning-policy')).steps).toEqual([
      { act: 'remind', after_seconds: 86_400 },
      { act: 'past_due', after_seconds: 864_000 },
      { act: 'remind', after_seconds: 1_209_600 },
      { act: 'suspend', after_seconds: 1_814_400 },
    ]);
  });

  test('usage is watched: a threshold, a forecast; a meter is archived', async () => {
    const calls = { key: 'calls', name: 'Calls', event_type: 'api.call', aggregation: 'sum', property: 'n' };
    await make('/api/meters', calls);
    const event = { id: 'e1', source: 'test', type: 'api.call', subject: customer, data: { n: 1235 } };
    await make('/api/usage/events', event);
    await go(`/usage?meter=calls&customer=${customer}`, 'Usage');
    await visit.page.getByText('Expected at its end').waitFor();
    await field('Usage reaches').fill('1000');
    await press('Add a threshold');
    await told('The threshold is added.');
    const thresholds = async () => (await get('/api/usage-thresholds?meter=calls')).data;
    const [{ id }] = await waitFor('it to be reached', async () => {
      const data = await thresholds();
      return data[0]?.reached && data;
    });
    expect(await thresholds()).toMatchObject([{ id, customer_id: customer, window: 'period', value: '1000' }]);
    await visit.page.reload();
    await told('reached by');
    await look('108-usage-watched');
    await press('Remove 1,000 in a billing period');
    await told('There is none for this customer.');
    expect(await thresholds()).toEqual([]);

    await go('/meters', 'Meters');
    await press('Archive Calls');
    await confirm('Archive the meter');
    await told('Calls is archived.');
    expect((await get('/api/meters/calls')).archived_at).toEqual(expect.any(String));
    await look('109-meters');
    await press('Take back Calls');
    await confirm('Take it back');
    await told('Calls is taken back.');
    expect((await get('/api/meters/calls')).archived_at).toBeNull();
  });

  test('the books leave as CSV, and add up to nothing', async () => {
    await go('/finance', 'Finance');
    const address = (await visit.page.getByRole('link', { name: 'Ledger as CSV' }).getAttribute('href')) ?? '';
    const csv = await (await visit.page.request.get(address)).text();
    const [head = '', ...lines] = csv.trim().split('\r\n');
    const at = head.split(',').indexOf('amount_minor');
    const amounts = lines.map((line) => BigInt(line.split(',')[at] ?? ''));
    expect(amounts).toContain(-3000n);
    expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
  });

  test('both books are compared, and a row is mended', async () => {
    const urls = { success_url: 'https://example.com/done', cancel_url: 'https://example.com/back' };
    const { url } = await make(`/api/customers/${customer}/checkout`, urls);
    stripe.account.completeSession(url.split('/').at(-1), 'success');
    const payment = async () => (await get(`/api/customers/${customer}/stripe`)).customer.payment_method;
    expect(await payment()).toBeNull();
    await go('/reconciliations', 'Reconciliation');
    await press('Compare now');
    await told('The comparison is under way.');
    const { id } = await waitFor('the comparison', async () => {
      const { data } = await get('/api/stripe/reconciliations');
      return data.every(({ state }: { state: string }) => state === 'done') && data[0];
    });
    await go(`/reconciliations/${id}`, 'Our books and Stripe’s');
    await told('differs');
    await look('110-reconciliation');
    await visit.page
      .getByRole('button', { name: /^Take over/ })
      .first()
      .click();
    await told('The row is repaired.');
    expect(await payment()).toMatchObject({ last4: '4242' });
  });

  visit.endsWithoutComplaint();
});
