import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

describeInChromium('an owner who sets prices', () => {
  const visit = new Visit();
  const { press, heading, look, told } = visit;
  const region = (name: string) => visit.page.getByRole('region', { name });
  const price = (number: number) =>
    visit.page
      .getByRole('list', { name: 'Prices' })
      .locator(':scope > li')
      .nth(number - 1);
  const line = (words: string) =>
    region('What it would cost')
      .getByRole('table', { name: 'Calculated prices' })
      .getByRole('row')
      .filter({ hasText: words });
  const tiers = () => visit.page.getByRole('table', { name: 'Tiers of price 2' });

  test('types a fee and tiers of a meter; what is wrong is said at its field', async () => {
    await visit.manage('/api/meters', { body: { key: 'calls', event_type: 'call', aggregation: 'count' } });
    await visit.manage('/api/meters', {
      body: { key: 'paid', event_type: 'sale', aggregation: 'sum', property: 'amount' },
    });
    await visit.manage('/api/plans', { body: { key: 'pro', name: 'Pro', features: {} } });
    await visit.page.goto(`${visit.api.url}/catalogue/plans/pro`);
    await heading('Pro');
    await press('Add a price');
    await price(1).getByLabel('Amount').fill('30.005');
    await press('Add a price');
    await price(2).getByLabel('Model').selectOption('graduated');
    await price(2).getByLabel('Meter').selectOption('calls');
    await tiers().getByLabel('Up to, tier 1').fill('1,000');
    await tiers().getByLabel('Each unit, tier 1').fill('0.10');
    await press('Save the draft');
    await price(1).getByText('EUR has 2 decimals').waitFor();
    await tiers().getByText('must be an amount, such as 19.99').waitFor();
    await tiers().evaluate((part) => part.scrollIntoView({ block: 'center' }));
    await look('120-prices-refused');
    await price(1).getByLabel('Amount').fill('30');
    await tiers().getByLabel('Each unit, tier 2').fill('0.0005');
    await price(2).getByLabel('Minimum').fill('5');
  });

  test('sees what it would cost while typing, by the rules of the invoices', async () => {
    const asked = region('What it would cost').getByLabel('calls', { exact: true });
    await asked.fill('1,500');
    await line('1,000 × 0.10 = 100.00, then 500 × 0.0005 = 0.25; rounded 100.25')
      .getByText('100.25 EUR', { exact: true })
      .waitFor();
    await line('Total per month').getByText('130.25').waitFor();
    await asked.fill('20');
    await line('20 × 0.10 = 2.00; 3.00 up to the minimum of 5.00').waitFor();
    await line('Total per month').getByText('35.00').waitFor();
    await region('What it would cost').getByLabel('calls, roughly').fill('22');
    expect(await asked.inputValue()).toBe('10000000');
    await asked.fill('many');
    await told('must be a number');
    await asked.fill('1500');
    await region('What it would cost').locator('.recharts-line').nth(1).waitFor();
    // The window is narrower than the page is long: what is looked at is brought into it.
    await region('What it would cost').evaluate((part) => part.scrollIntoView());
    await look('121-prices-calculated');
  });

  test('knows yen and dinars, packages and percentages; saved, they are in minor units', async () => {
    await press('Add a price');
    await price(3).getByLabel('Model').selectOption('package');
    await price(3).getByLabel('Currency').fill('JPY');
    await price(3).getByLabel('Each package').fill('150');
    await price(3).getByLabel('Units in a package').fill('100');
    await press('Add a price');
    await price(4).getByLabel('Model').selectOption('percentage');
    await price(4).getByLabel('Currency').fill('KWD');
    await price(4).getByLabel('Percent').fill('1.3');
    await price(4).getByLabel('Meter').selectOption('paid');
    await price(4).getByLabel('Per event').fill('0.025');
    const currency = visit.page.getByLabel('Currency of the calculation');
    await currency.selectOption('JPY');
    await region('What it would cost').getByLabel('Quantity', { exact: true }).fill('201');
    await line('3 packages of 100 × 150 = 450').getByText('450 JPY', { exact: true }).waitFor();
    await currency.selectOption('KWD');
    await line('1.3 % of 1,000.000 = 13.000, then 10 events × 0.025 = 0.250; rounded 13.250').waitFor();
    await press('Save the draft');
    await told('The draft is saved.');
    const { prices } = (await visit.manage('/api/plans/pro')).body.versions[0];
    const every = { interval: 'month', interval_count: 1 };
    expect(prices).toEqual([
      { ...every, key: 'base', model: 'flat', currency: 'EUR', timing: 'in_advance', amount: '3000' },
      {
        ...every,
        key: 'calls',
        model: 'graduated',
        currency: 'EUR',
        timing: 'in_arrears',
        meter: 'calls',
        tiers: [
          { up_to: '1000', unit_amount: '10' },
          { up_to: null, unit_amount: '0.05' },
        ],
        minimum: '500',
      },
      {
        ...every,
        key: 'packages',
        model: 'package',
        currency: 'JPY',
        timing: 'in_advance',
        unit_amount: '150',
        package_size: '100',
      },
      {
        ...every,
        key: 'paid',
        model: 'percentage',
        currency: 'KWD',
        timing: 'in_arrears',
        meter: 'paid',
        unit_amount: '1.3',
        flat_amount: '25',
      },
    ]);
    await press('Publish');
    await visit.dialog.getByText('€0.10 up to 1,000, then €0.0005 per unit of calls').waitFor();
    await visit.dialog.getByRole('button', { name: 'Publish', exact: false }).click();
    await told('Version 1, published');
  });

  visit.endsWithoutComplaint();
});
