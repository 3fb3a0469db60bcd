import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

// One life, told in order: each test goes on where the one before ended.
describeInChromium('somebody of finance', () => {
  const visit = new Visit();
  const { press, heading, look, told } = visit;
  let subscription = '';
  let invoice = '';
  const current = async () => (await visit.manage(`/api/invoices/${invoice}`)).body;
  const menu = async (item: string) => {
    await press('Actions');
    await visit.page.getByRole('menuitem', { name: item, exact: true }).click();
    await visit.dialog.waitFor();
  };
  const confirm = (name: string) => visit.dialog.getByRole('button', { name, exact: true }).click();
  const make = async (path: string, body: object) => {
    const answer = await visit.manage(path, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  test('makes a draft of a subscription; what it would hold is seen before', async () => {
    await make('/api/meters', { key: 'calls', event_type: 'api.call', aggregation: 'sum', property: 'calls' });
    const month = { currency: 'EUR', interval: 'month' };
    await make('/api/plans', {
      key: 'pro',
      name: 'Pro',
      publish: true,
      prices: [
        { key: 'base', model: 'flat', amount: '4900', ...month },
        {
          key: 'calls',
          model: 'graduated',
          meter: 'calls',
          tiers: [
            { up_to: '1000', unit_amount: '2' },
            { up_to: null, unit_amount: '0.5' },
          ],
          ...month,
        },
      ],
    });
    const nordlicht = {
      name: 'Nordlicht Software GmbH',
      email: 'office@nordlicht.example',
      currency: 'EUR',
      country: 'DE',
    };
    const customer = (await make('/api/customers', nordlicht)).id;
    subscription = (await make('/api/subscriptions', { customer_id: customer, plan: 'pro' })).id;
    const event = { id: 'e1', source: 'test', type: 'api.call', subject: customer, data: { calls: 1235 } };
    expect(await make('/api/usage/events', event)).toMatchObject({ accepted: 1 });

    await visit.page.goto(`/subscriptions/${subscription}`);
    await menu('Make a draft invoice');
    const preview = visit.dialog.getByRole('list', { name: 'What the draft would hold' });
    await preview.waitFor();
    // 49.00, and 1,000 × 0.02 + 235 × 0.005 = 21.175, half away from zero.
    expect(await preview.getByRole('listitem').last().textContent()).toBe('Total70.18 EUR');
    await confirm('Make the draft');
    await heading('Draft for Nordlicht Software GmbH');
    invoice = visit.page.url().split('/').at(-1) ?? '';
    expect(await current()).toMatchObject({ status: 'draft', total: '7018' });
  });

  test('reads why a line is what it is: events, tiers, rounding', async () => {
    await press(/^Why this amount: .*calls/i);
    const way = visit.page.getByRole('list', { name: /^How the amount of/ });
    await way.waitFor();
    const words = (await way.textContent()) ?? '';
    for (const part of ['1 event', '1,000 × 0.02 EUR', '235 × 0.005 EUR', '21.175 EUR', '21.18 EUR']) {
      expect(words).toContain(part);
    }
  });

  test('finalizes it, records a part of the money, and takes a part back', async () => {
    await press('Finalize now');
    await confirm('Finalize');
    await told('The invoice is finalized.');
    const { number, status } = await current();
    expect(status).toBe('open');
    await heading(`Invoice ${number}`);

    await press('Record a payment');
    await visit.dialog.getByRole('textbox', { name: 'Amount in EUR' }).fill('50.001');
    await confirm('Record the payment');
    await visit.dialog.getByText('must be an amount in EUR, such as 70.18').waitFor();
    await visit.dialog.getByText('say what the transfer was called').waitFor();
    await visit.dialog.getByRole('textbox', { name: 'Amount in EUR' }).fill('50.00');
    await visit.dialog.getByLabel('Reference').fill('SEPA 4711');
    await confirm('Record the payment');
    await told('50.00 EUR are recorded.');
    expect(await current()).toMatchObject({ status: 'open', amount_paid: '5000', amount_due: '2018' });

    await menu('Issue a credit note');
    await visit.dialog.getByRole('radio', { name: 'An amount' }).click();
    await visit.dialog.getByRole('textbox', { name: 'Amount in EUR' }).fill('30.18');
    await visit.dialog.getByLabel('Reason').fill('An outage');
    await visit.dialog.getByText('20.18 EUR less are due: 0.00 EUR remain.').waitFor();
    await visit.dialog.getByText('10.00 EUR go to the customer’s wallet, for the next invoices.').waitFor();
    await look('100-credit-note');
    await confirm('Issue the credit note');
    await told(/^Credit note .* is issued\.$/);
    expect(await current()).toMatchObject({ status: 'paid', amount_credited: '3018', amount_due: '0' });
    await told('20.18 EUR off what was due');
    await told('10.00 EUR to the wallet');
    await press(/^Why this amount: .*calls/i);
    await press('Verify the document');
    await told('It is what was finalized');
    const pdf = (await visit.page.getByRole('link', { name: 'PDF', exact: true }).getAttribute('href')) ?? '';
    expect((await (await visit.page.request.get(pdf)).body()).subarray(0, 5).toString()).toBe('%PDF-');
    await look('101-invoice-paid');
  });

  test('finds it in the list, by its view and its number', async () => {
    const { number } = await current();
    await visit.page.goto('/invoices');
    await heading('Invoices');
    await visit.tab('Paid');
    await visit.page.getByRole('link', { name: number, exact: true }).waitFor();
    await visit.tab('Overdue');
    await told('Nothing is late.');
  });

  test('sees a number of finance, the rows behind it, and the same rows as CSV', async () => {
    await visit.page.goto('/finance');
    await heading('Finance');
    const tile = visit.page.getByRole('listitem').filter({ hasText: 'Cash received' });
    await tile.getByText('50.00 EUR').waitFor();
    await look('102-finance');
    await tile.getByRole('link').click();
    await heading('Cash');
    await visit.page.getByRole('row', { name: /SEPA 4711 .*50\.00 EUR/ }).waitFor();
    await told('one row in all');
    await look('103-finance-rows');
    const address = (await visit.page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '';
    const csv = await (await visit.page.request.get(address)).text();
    const [head = '', ...lines] = csv.trim().split('\r\n');
    const at = head.split(',').indexOf('amount_minor');
    expect(lines.map((line) => line.split(',')[at])).toEqual(['5000']);
  });

  test('sees whether an event was accepted, and what the meter made of it', async () => {
    const event = { id: 'e2', source: 'test', type: 'api.call', subject: 'nobody', data: { calls: 1 } };
    expect(await make('/api/usage/events', event)).toMatchObject({ rejected: 1 });
    await visit.page.goto('/usage/events');
    await visit.page.getByLabel('Event id').fill('e2');
    await press('Filter');
    await told('An event is named by its id and its source together.');
    await visit.page.getByLabel('Source').fill('test');
    await press('Filter');
    await visit.page.getByRole('row', { name: /e2.*rejected/ }).waitFor();
    await visit.page.getByRole('link', { name: 'By meter' }).click();
    await visit.page.getByRole('heading', { name: '1,235 in all' }).waitFor();
    await visit.page.getByRole('row', { name: /1,235/ }).waitFor();
    await look('104-usage');
  });

  visit.endsWithoutComplaint();
});
