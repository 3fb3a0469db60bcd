import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type Any, FinanceWorld } from './world.js';

const flat = (amount: string, some: object = {}) => ({ model: 'flat', amount, currency: 'EUR', ...some });
const SPAN = 'currency=EUR&from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z';

// On a busy machine a past takes its time.
jest.setTimeout(240_000);

let world: FinanceWorld;
const ids: Record<string, string> = {};
beforeAll(async () => {
  world = await FinanceWorld.open();
  await world.post('/api/meters', { key: 'calls', name: 'Calls', event_type: 'call', aggregation: 'count' });
  await world.plan('basic', [flat('1000'), flat('1500', { currency: 'USD' })]);
  await world.plan('pro', [flat('3000')]);
  await world.plan('yearly', [flat('12000', { interval: 'year' })]);
  await world.plan('seats', [
    { model: 'per_unit', unit_amount: '500', currency: 'EUR' },
    { key: 'calls', model: 'per_unit', unit_amount: '1', currency: 'EUR', meter: 'calls' },
  ]);
  ids.alpha = await world.customer('Alpha', { country: 'DE' });
  ids.beta = await world.customer('=BETA()', { country: 'FR' });
  ids.gamma = await world.customer('Gamma');
  ids.delta = await world.customer('Delta', { currency: 'USD' });
  // Told on the 12th, true from the 10th.
  const alpha = await world.subscribe('2026-01-12', ids.alpha, 'basic', { start: '2026-01-10T00:00:00Z' });
  await world.subscribe('2026-01-15', ids.delta, 'basic');
  const gamma = await world.subscribe('2026-01-20', ids.gamma, 'seats', { quantity: 4 });
  await world.subscribe('2026-02-01', ids.beta, 'yearly', { trial_days: 14 });
  await world.change('2026-03-05', alpha, { plan: 'pro' });
  await world.change('2026-03-15', gamma, { quantity: 2, at: '2026-04-01T00:00:00Z' });
  await world.change('2026-04-10', gamma, { pause: true });
  await world.change('2026-04-20', gamma, { pause: false });
  await world.change('2026-05-01', alpha, { cancel: true });
  // Somebody moves from one subscription to another at the same instant: neither gone nor new.
  await world.change('2026-05-10', gamma, { cancel: true });
  await world.subscribe('2026-05-10', ids.gamma, 'basic');
  Object.assign(ids, { subAlpha: alpha, subGamma: gamma });
});
afterAll(() => world.close());

const bar = (month: number, amounts: object, start: string, end: string, customers: number) => ({
  from: `2026-0${month}-01T00:00:00Z`,
  to: `2026-0${month + 1}-01T00:00:00Z`,
  start,
  new: '0',
  expansion: '0',
  contraction: '0',
  churn: '0',
  reactivation: '0',
  end,
  customers,
  ...amounts,
});

describe('GET /api/finance/mrr', () => {
  test('a waterfall by month, with its definitions', async () => {
    const body = await world.get(`/api/finance/mrr?${SPAN}`);
    expect(body).toEqual({
      currency: 'EUR',
      definition: expect.stringContaining('year / 12'),
      definitions: {
        new: expect.any(String),
        expansion: expect.any(String),
        contraction: expect.any(String),
        churn: expect.any(String),
        reactivation: expect.any(String),
      },
      from: '2026-01-01T00:00:00Z',
      to: '2026-06-01T00:00:00Z',
      window: 'month',
      data: [
        bar(1, { new: '3000' }, '0', '3000', 2),
        bar(2, { new: '1000' }, '3000', '4000', 3),
        bar(3, { expansion: '2000' }, '4000', '6000', 3),
        bar(4, { contraction: '-1000', churn: '-1000', reactivation: '1000' }, '6000', '5000', 3),
        bar(5, { churn: '-3000', expansion: '1000', contraction: '-1000' }, '5000', '2000', 2),
      ],
    });
  });

  test('another currency is another number', async () => {
    const { data } = await world.get('/api/finance/mrr?currency=USD&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z');
    expect(data).toEqual([bar(1, { new: '1500' }, '0', '1500', 1)]);
  });

  test.each(['day', 'week', 'quarter', 'year'])('by %s it ends where the months end', async (window) => {
    const { data } = await world.get(`/api/finance/mrr?${SPAN}&window=${window}`);
    expect(data.at(-1)).toMatchObject({ end: '2000', customers: 2 });
    data.forEach((one: Any, index: number) => {
      const moved = ['new', 'expansion', 'contraction', 'churn', 'reactivation'].map((kind) => BigInt(one[kind]));
      expect(String(moved.reduce((sum, amount) => sum + amount, BigInt(one.start)))).toBe(one.end);
      if (index > 0) expect(one.start).toBe(data[index - 1].end);
    });
  });
});

describe('GET /api/finance/mrr/movements', () => {
  test('who, why, when and how much, the newest first', async () => {
    const body = await world.get(`/api/finance/mrr/movements?${SPAN}&customer_id=${ids.gamma}`);
    expect(body.total).toEqual({ rows: 6, amount: '1000' });
    expect(body.next_cursor).toBeNull();
    expect(
      body.data.map((one: Any) => [one.at.slice(0, 10), one.kind, one.reason, one.amount, one.terms]).slice(2),
    ).toEqual([
      ['2026-04-20', 'reactivation', 'subscription.resumed', '1000', 'seats@1 × 2'],
      ['2026-04-10', 'churn', 'subscription.paused', '-1000', ''],
      ['2026-04-01', 'contraction', 'subscription.change_applied', '-1000', 'seats@1 × 2'],
      ['2026-01-20', 'new', 'subscription.started', '2000', 'seats@1 × 4'],
    ]);
    expect(body.data.at(-1)).toEqual({
      at: '2026-01-20T00:00:00Z',
      recorded_at: '2026-01-20T00:00:00Z',
      customer_id: ids.gamma,
      customer_name: 'Gamma',
      subscription_id: ids.subGamma,
      kind: 'new',
      reason: 'subscription.started',
      terms: 'seats@1 × 4',
      amount: '2000',
      before: '0',
      after: '2000',
    });
  });

  test('told later than it was true', async () => {
    const { data } = await world.get(`/api/finance/mrr/movements?${SPAN}&customer_id=${ids.alpha}&kind=new`);
    expect(data).toMatchObject([{ at: '2026-01-10T00:00:00Z', recorded_at: '2026-01-12T00:00:00Z', amount: '1000' }]);
  });

  test('pages hold every row once, and add up to the bars', async () => {
    const rows: Any[] = [];
    let cursor = '';
    do {
      const page = await world.get(`/api/finance/mrr/movements?${SPAN}&limit=3${cursor && `&cursor=${cursor}`}`);
      rows.push(...page.data);
      expect(page.total).toEqual({ rows: 10, amount: '2000' });
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(new Set(rows.map(({ subscription_id, at }) => `${subscription_id} ${at}`)).size).toBe(10);
    expect(rows.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(2_000);
    const { data } = await world.get(`/api/finance/mrr?${SPAN}`);
    for (const kind of ['new', 'expansion', 'contraction', 'churn', 'reactivation']) {
      const { total } = await world.get(`/api/finance/mrr/movements?${SPAN}&kind=${kind}`);
      expect([kind, total.amount]).toEqual([
        kind,
        String(data.reduce((sum: number, one: Any) => sum + Number(one[kind]), 0)),
      ]);
    }
  });

  test('what is settled late, or twice, moves nothing', async () => {
    const before = await world.house.sql('SELECT * FROM mrr_point ORDER BY subscription_id, at');
    await world.settle('2026-06-02');
    await world.settle('2026-06-03');
    expect(await world.house.sql('SELECT * FROM mrr_point ORDER BY subscription_id, at')).toEqual(before);
  });

  test.each([
    ['cursor=x', 'cursor'],
    ['kind=upsell', 'kind'],
    ['from=yesterday', 'from'],
    ['currency=EURO', 'currency'],
    ['colour=red', 'colour'],
  ])('%s is refused', async (query, field) => {
    const answer = await world.house.manage(`/api/finance/mrr/movements?${query}`);
    expect([answer.status, JSON.stringify(answer.body).includes(field)]).toEqual([422, true]);
  });
});

describe('GET /api/finance/mrr/customers and retention', () => {
  test('who pays how much just before an instant', async () => {
    const body = await world.get('/api/finance/mrr/customers?currency=EUR&as_of=2026-04-05T00:00:00Z');
    expect(body).toEqual({
      currency: 'EUR',
      definition: expect.any(String),
      total: { rows: 3, amount: '5000' },
      data: [
        {
          customer_id: ids.alpha,
          customer_name: 'Alpha',
          country: 'DE',
          subscriptions: 1,
          terms: 'pro@1 × 1',
          amount: '3000',
        },
        expect.objectContaining({ amount: '1000' }),
        expect.objectContaining({ amount: '1000' }),
      ],
      next_cursor: null,
    });
  });

  test('of whom there was at the start', async () => {
    const shrunk = await world.get(
      '/api/finance/retention?currency=EUR&from=2026-03-01T00:00:00Z&to=2026-05-05T00:00:00Z',
    );
    expect(shrunk.summary).toEqual({
      customers: 3,
      lost: 1,
      start: '4000',
      end: '2000',
      kept: '2000',
      logo_churn: '33.33',
      gross_retention: '50.00',
      net_retention: '50.00',
    });
    expect(shrunk.data.map((one: Any) => [one.outcome, one.start, one.end, one.amount]).sort()).toEqual([
      ['less', '2000', '1000', '-1000'],
      ['lost', '1000', '0', '-1000'],
      ['same', '1000', '1000', '0'],
    ]);
    const { summary } = await world.get(
      '/api/finance/retention?currency=EUR&from=2026-02-01T00:00:00Z&to=2026-05-01T00:00:00Z',
    );
    expect(summary).toMatchObject({ logo_churn: '0.00', gross_retention: '66.67', net_retention: '133.33' });
    const nobody = await world.get('/api/finance/retention?currency=CHF');
    expect(nobody.summary).toMatchObject({ customers: 0, logo_churn: null, net_retention: null });
  });
});

describe('CSV', () => {
  test('holds the rows of the list; formulas are text, numbers stay numbers', async () => {
    const text = await world.csv(`/api/finance/mrr/movements.csv?${SPAN}`);
    const lines = parse(text, { columns: true }) as Record<string, string>[];
    const { data } = await world.get(`/api/finance/mrr/movements?${SPAN}&limit=100`);
    expect(lines).toEqual(
      data.map((one: Any) => ({
        currency: 'EUR',
        ...one,
        customer_name: one.customer_name.replace(/^=/, "'="),
        before_minor: one.before,
        before: (Number(one.before) / 100).toFixed(2),
        after_minor: one.after,
        after: (Number(one.after) / 100).toFixed(2),
        amount_minor: one.amount,
        amount: (Number(one.amount) / 100).toFixed(2),
      })),
    );
    expect(text).toContain(',-1000,-10.00\r\n');
    expect(text).toContain("'=BETA()");
  });
});

describe('GET /api/finance/unbilled-usage', () => {
  test('usage of the running period, rated as on an invoice; equal to the tile and the CSV', async () => {
    const customer = await world.customer('Heavy', { currency: 'GBP' });
    await world.plan('metered', [
      { key: 'calls', model: 'per_unit', unit_amount: '25', currency: 'GBP', meter: 'calls', free_units: '1' },
    ]);
    const { id } = await world.post('/api/subscriptions', { customer_id: customer, plan: 'metered' });
    const events = ['a', 'b', 'c'].map((name) => ({ id: name, source: 'test', type: 'call', subject: customer }));
    await world.post('/api/usage/events', events);
    const body = await world.get('/api/finance/unbilled-usage?currency=GBP');
    expect(body).toMatchObject({ currency: 'GBP', total: { rows: 1, amount: '50' }, next_cursor: null });
    expect(body.data).toEqual([
      {
        customer_id: customer,
        customer_name: 'Heavy',
        subscription_id: id,
        plan: 'metered@1',
        price: 'calls',
        meter: 'calls',
        period: { start: expect.any(String), end: expect.any(String) },
        quantity: '3',
        amount: '50',
      },
    ]);
    const { tiles } = await world.get('/api/finance/overview?currency=GBP');
    expect(tiles.find(({ key }: Any) => key === 'unbilled_usage')).toMatchObject({ value: '50', before: null });
    const [line] = parse(await world.csv('/api/finance/unbilled-usage.csv?currency=GBP'), { columns: true }) as Any[];
    expect(line).toMatchObject({ currency: 'GBP', quantity: '3', amount_minor: '50', amount: '0.50' });
  });
});
