import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Any, FinanceWorld } from './world.js';

const JAN_TO_APRIL = 'currency=EUR&from=2026-01-01T00:00:00Z&to=2026-05-01T00:00:00Z';
const NET = { amount: 10_000, discount: 1_000, tax: 1_710, taxRate: '19', taxName: 'VAT' };
const GROSS = { amount: 11_900, tax: 1_900, taxRate: '19', taxName: 'VAT', taxInclusive: true };

// On a busy machine a past takes its time.
jest.setTimeout(240_000);

let world: FinanceWorld;
const ids: Record<string, string> = {};
beforeAll(async () => {
  world = await FinanceWorld.open();
  ids.alpha = await world.customer('Alpha', { country: 'DE' });
  ids.beta = await world.customer('Beta', { country: 'FR' });
  ids.gamma = await world.customer('Gamma');
  // Due 14 days after each: 19 January, 15 February, 24 February.
  ids.one = await world.invoice('2026-01-05', ids.alpha, [NET]);
  ids.two = await world.invoice('2026-02-01', ids.beta, [GROSS, { amount: -500 }]);
  ids.three = await world.invoice('2026-02-10', ids.gamma, [{ amount: 2_000 }]);
  ids.swiss = await world.invoice(
    '2026-02-10',
    await world.customer('Swiss', { currency: 'CHF' }),
    [{ amount: 7_000 }],
    {
      currency: 'CHF',
    },
  );
  await world.pay('2026-03-01', ids.one, 4_000n, 'a');
  await world.pay('2026-03-20', ids.one, 6_710n, 'b');
  await world.pay('2026-04-02', ids.two, 400n, 'c');
});
afterAll(() => world.close());

const asOf = (day: string): string => `currency=EUR&as_of=${day}T00:00:00Z`;
const buckets = (body: Any): string[] => body.buckets.map((one: Any) => `${one.bucket} ${one.invoices} ${one.amount}`);

describe('GET /api/finance/receivables', () => {
  test.each([
    ['2026-01-01', ['not_due 0 0', '1_30 0 0', '31_60 0 0', '61_90 0 0', 'over_90 0 0'], '0', '0'],
    ['2026-01-19', ['not_due 1 10710', '1_30 0 0', '31_60 0 0', '61_90 0 0', 'over_90 0 0'], '10710', '0'],
    ['2026-01-20', ['not_due 0 0', '1_30 1 10710', '31_60 0 0', '61_90 0 0', 'over_90 0 0'], '10710', '10710'],
    ['2026-02-12', ['not_due 2 13400', '1_30 1 10710', '31_60 0 0', '61_90 0 0', 'over_90 0 0'], '24110', '10710'],
    ['2026-03-02', ['not_due 0 0', '1_30 2 13400', '31_60 1 6710', '61_90 0 0', 'over_90 0 0'], '20110', '20110'],
    ['2026-04-20', ['not_due 0 0', '1_30 0 0', '31_60 1 2000', '61_90 1 11000', 'over_90 0 0'], '13000', '13000'],
    ['2026-06-01', ['not_due 0 0', '1_30 0 0', '31_60 0 0', '61_90 0 0', 'over_90 2 13000'], '13000', '13000'],
  ])('as of %s', async (day, expected, amount, overdue) => {
    const body = await world.get(`/api/finance/receivables?${asOf(day)}`);
    expect(buckets(body)).toEqual(expected);
    expect(body).toMatchObject({ currency: 'EUR', as_of: `${day}T00:00:00Z`, total: { amount, overdue } });
  });

  test('every bucket opens its invoices, and each is what the invoice says is due', async () => {
    const body = await world.get('/api/finance/receivables?currency=EUR');
    let sum = 0n;
    for (const { bucket, amount, invoices } of body.buckets) {
      const { total, data } = await world.get(`/api/finance/receivables/invoices?currency=EUR&bucket=${bucket}`);
      expect([bucket, total]).toEqual([bucket, { rows: invoices, amount }]);
      for (const row of data) {
        const invoice = await world.get(`/api/invoices/${row.invoice_id}`);
        expect([row.amount, row.total, row.number, row.due_at]).toEqual([
          invoice.amount_due,
          invoice.total,
          invoice.number,
          invoice.due_at,
        ]);
      }
      sum += BigInt(amount);
    }
    expect(body.total.amount).toBe(String(sum));
  });

  test('the dunning board counts what is overdue by its step', async () => {
    await world.house.sql('UPDATE invoice SET dunning_step = 2 WHERE id = $1', [ids.two]);
    const board = await world.get('/api/finance/dunning?currency=EUR');
    expect(board).toMatchObject({
      total: { invoices: 2, amount: '13000' },
      data: [
        { step: 0, invoices: 1, amount: '2000' },
        { step: 2, invoices: 1, amount: '11000' },
      ],
    });
    const { data } = await world.get('/api/finance/receivables/invoices?currency=EUR&overdue=true&dunning_step=2');
    expect(data.map((one: Any) => one.invoice_id)).toEqual([ids.two]);
  });
});

describe('GET /api/finance/revenue', () => {
  test('net of discounts and tax, by country; equal to its lines and to the books', async () => {
    const body = await world.get(`/api/finance/revenue?${JAN_TO_APRIL}&by=country`);
    const row = (key: string | null, amount: string, rows: number) => ({
      key,
      label: key ?? '',
      invoiced: amount,
      taken_back: '0',
      amount,
      rows,
    });
    expect(body).toMatchObject({ by: 'country', total: { invoiced: '20500', taken_back: '0', amount: '20500' } });
    expect(body.data).toEqual([row('FR', '9500', 2), row('DE', '9000', 1), row(null, '2000', 1)]);
    const { total, data } = await world.get(`/api/finance/revenue/lines?${JAN_TO_APRIL}&country=FR`);
    expect([total, data.map((one: Any) => one.amount)]).toEqual([{ rows: 2, amount: '9500' }, ['-500', '10000']]);
    expect((await world.get(`/api/finance/revenue/lines?${JAN_TO_APRIL}&country=`)).total.amount).toBe('2000');
    const [books] = await world.house.sql(
      `SELECT -sum(amount)::bigint AS sum FROM ledger_entry WHERE account = 'revenue' AND currency = 'EUR'`,
    );
    expect(books.sum).toBe('20500');
  });

  test('by month and by customer it is the same money', async () => {
    const months = await world.get(`/api/finance/revenue?${JAN_TO_APRIL}&by=month`);
    expect(months.data.map((one: Any) => [one.key, one.amount])).toEqual([
      ['2026-01', '9000'],
      ['2026-02', '11500'],
    ]);
    const customers = await world.get(`/api/finance/revenue?${JAN_TO_APRIL}&by=customer`);
    expect(customers.data.map((one: Any) => [one.label, one.amount])).toEqual([
      ['Beta', '9500'],
      ['Alpha', '9000'],
      ['Gamma', '2000'],
    ]);
  });
});

test('cash is what came in, by the day it came', async () => {
  const march = await world.get('/api/finance/cash?currency=EUR&from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z');
  expect(march.total).toEqual({ rows: 2, amount: '10710' });
  expect(march.data[0]).toEqual({
    id: expect.stringMatching(/^pay_/),
    at: '2026-03-20T00:00:00Z',
    kind: 'payment',
    customer_id: ids.alpha,
    customer_name: 'Alpha',
    invoice_id: ids.one,
    invoice_number: expect.stringMatching(/^INV-/),
    provider: 'manual',
    reference: 'b',
    amount: '6710',
  });
});

describe('GET /api/finance/overview', () => {
  const EQUAL = [
    'mrr',
    'net_new_mrr',
    'churned_mrr',
    'revenue',
    'open',
    'overdue',
    'cash',
    'failed_payments',
    'wallet_liability',
  ];

  test('every tile is defined, and is the total of the rows and of the CSV that it names', async () => {
    const body = await world.get(`/api/finance/overview?${JAN_TO_APRIL}`);
    expect(body).toMatchObject({ currency: 'EUR', currencies: ['EUR', 'CHF'], to: '2026-05-01T00:00:00Z' });
    const tiles = Object.fromEntries(body.tiles.map((tile: Any) => [tile.key, tile]));
    expect(tiles).toMatchObject({
      revenue: { value: '20500', before: '0', unit: 'amount' },
      open: { value: '13000', before: '0' },
      overdue: { value: '13000' },
      cash: { value: '11110' },
      logo_churn: { value: null, unit: 'percent' },
    });
    for (const tile of body.tiles) expect(tile.definition.length).toBeGreaterThan(20);
    for (const key of EQUAL) {
      const { rows, csv, value } = tiles[key];
      expect([key, (await world.get(rows)).total.amount]).toEqual([key, value]);
      const lines = (await world.csv(csv)).trimEnd().split('\r\n');
      const column = lines[0]?.split(',').indexOf('amount_minor') as number;
      const sum = lines.slice(1).reduce((total, line) => total + BigInt(line.split(',')[column] ?? ''), 0n);
      expect([key, String(sum)]).toEqual([key, value]);
    }
  });
});
