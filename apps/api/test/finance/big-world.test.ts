import { parseConfig } from '@bastionary/platform/config';
import { connect } from '@bastionary/prisma/client';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { makeBigWorld } from '../../src/demo/make-big-world.js';
import { type Any, FinanceWorld } from './world.js';

// BIG_WORLD_CUSTOMERS=2000 BIG_WORLD_YEARS=3 is the world that finance is looked at with.
const { BIG_WORLD_CUSTOMERS = '40', BIG_WORLD_YEARS = '1' } = process.env;
const PRESENT = new Date('2026-09-10T12:00:00Z');
const SPAN = 'from=2025-09-10T12:00:00Z&to=2026-09-10T12:00:00Z';
const YEAR = `currency=EUR&${SPAN}`;
jest.setTimeout(1_800_000);

let world: FinanceWorld;
beforeAll(async () => {
  world = await FinanceWorld.open();
  const { db, close } = connect(world.house.api.databaseUrl, { applicationName: 'big-world', poolSize: 4 });
  const size = { customers: Number(BIG_WORLD_CUSTOMERS), years: Number(BIG_WORLD_YEARS), seed: 7, present: PRESENT };
  await makeBigWorld(db, parseConfig({ DATABASE_URL: world.house.api.databaseUrl }), size);
  await close();
});
afterAll(() => world.close());

const sumOf = (rows: Any[], field: string): string =>
  String(rows.reduce((sum: bigint, row) => sum + BigInt(row[field]), 0n));

test('every tile is the sum of its rows and of its CSV, in every currency', async () => {
  const { currencies } = await world.get('/api/finance/overview');
  expect(currencies.toSorted()).toEqual(['EUR', 'GBP', 'USD']);
  for (const currency of currencies) {
    const { tiles } = await world.get(`/api/finance/overview?currency=${currency}&${SPAN}`);
    for (const { key, unit, value, rows, csv } of tiles) {
      const { total, summary } = await world.get(rows);
      const lines = parse(await world.csv(csv), { columns: true });
      const sum = sumOf(lines, 'amount_minor');
      expect([currency, key, sum, lines.length]).toEqual([currency, key, total.amount, total.rows]);
      if (unit === 'percent') expect([currency, key, value]).toEqual([currency, key, summary[key]]);
      else expect([currency, key, value]).toEqual([currency, key, key === 'arr' ? String(12n * BigInt(sum)) : sum]);
    }
  }
  const { tiles } = await world.get(`/api/finance/overview?${YEAR}`);
  const by = Object.fromEntries(tiles.map((tile: Any) => [tile.key, tile.value]));
  for (const key of ['mrr', 'net_new_mrr', 'revenue', 'open', 'overdue', 'cash'])
    expect([key, by[key] > '0']).toEqual([key, true]);
  expect(by.arr).toBe(String(12n * BigInt(by.mrr)));
});

test('MRR at the start and all movements are MRR at the end, in every window', async () => {
  for (const window of ['week', 'month', 'quarter']) {
    const { data } = await world.get(`/api/finance/mrr?${YEAR}&window=${window}`);
    const kinds = ['new', 'expansion', 'contraction', 'churn', 'reactivation'];
    for (const bar of data) {
      expect(String(kinds.reduce((sum, kind) => sum + BigInt(bar[kind]), BigInt(bar.start)))).toBe(bar.end);
      const { total } = await world.get(`/api/finance/mrr/customers?currency=EUR&as_of=${bar.to}`);
      expect([bar.to, total.amount, total.rows]).toEqual([bar.to, bar.end, bar.customers]);
    }
  }
});

test('revenue, receivables and cash are what the books say', async () => {
  const books = Object.fromEntries(
    (
      await world.house.sql(
        `SELECT account, sum(amount)::text AS sum FROM ledger_entry WHERE currency = 'EUR' GROUP BY account`,
      )
    ).map(({ account, sum }) => [account, sum]),
  );
  const all = 'currency=EUR&from=2020-01-01T00:00:00Z';
  const { total: revenue } = await world.get(`/api/finance/revenue?${all}`);
  const { total: open } = await world.get('/api/finance/receivables?currency=EUR');
  const { total: cash } = await world.get(`/api/finance/cash?${all}`);
  expect([revenue.amount, open.amount, cash.amount]).toEqual([
    String(-BigInt(books.revenue)),
    books.receivable,
    books.cash,
  ]);
});

test('the list of invoices is its CSV, filters too', async () => {
  const query = 'currency=EUR&status=open';
  const lines = parse(await world.csv(`/api/invoices.csv?${query}`), { columns: true }) as Record<string, string>[];
  const rows: Any[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Any = await world.get(`/api/invoices?${query}&limit=100${cursor && `&cursor=${cursor}`}`);
    rows.push(...page.data);
    cursor = page.next_cursor;
  }
  expect(rows.length).toBeGreaterThan(0);
  expect(
    lines.map(({ id, number, total_minor, amount_due_minor, due_at }) => [
      id,
      number,
      total_minor,
      amount_due_minor,
      due_at,
    ]),
  ).toEqual(rows.map(({ id, number, total, amount_due, due_at }) => [id, number, total, amount_due, due_at]));
});

test('the journal sums to zero, and holds every entry', async () => {
  const lines = parse(await world.csv('/api/ledger.csv?currency=EUR'), { columns: true }) as Record<string, string>[];
  const [{ count }] = await world.house.sql(`SELECT count(*)::int FROM ledger_entry WHERE currency = 'EUR'`);
  expect([sumOf(lines, 'amount_minor'), lines.length]).toEqual(['0', count]);
});
