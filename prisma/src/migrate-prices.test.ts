import { createDatabase } from '@bastionary/testing/database';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from './migrate.js';
import { readMigrations } from './migrations-folder.js';

const old = (amount: string, some: object = {}) => ({
  kind: 'flat',
  amount,
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  billing: 'in_advance',
  ...some,
});
const made = (some: object) => ({
  model: 'flat',
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  ...some,
});

test('prices of before 0016 are what they were, in minor units, also of versions that never change', async () => {
  const database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('DROP SCHEMA public, bullmq, opaque_token_days, usage_partitions CASCADE; CREATE SCHEMA public');
  const all = await readMigrations();
  await migrate(
    database.url,
    all.filter(({ name }) => name < '0016'),
  );
  await client.query(
    `INSERT INTO plan (key, name, kind, created_at, updated_at) VALUES ('p', 'P', 'plan', now(), now())`,
  );
  const insert = (version: number, status: string, prices: object[]) =>
    client.query(
      `INSERT INTO plan_version (plan_key, version, status, features, prices, created_at, published_at)
       VALUES ('p', $1, $2, '{"a": 1}', $3, '2026-01-01', '2026-01-02')`,
      [version, status, JSON.stringify(prices)],
    );
  await insert(1, 'published', [
    old('19.99', { interval: 'year' }),
    old('19.990', { currency: 'USD' }),
    old('0.0006', { kind: 'per_unit', interval: 'day', billing: 'in_arrears' }),
    old('1400', { currency: 'JPY' }),
    old('1.5', { currency: 'KWD', kind: 'per_unit', interval_count: 3 }),
    old('0', { currency: 'USD' }),
  ]);
  await insert(2, 'draft', [
    old('5', { key: 'base' }),
    old('6', { key: 'base', currency: 'USD' }),
    old('0.005'),
    old('12345678901234567.123456789012', { kind: 'per_unit' }),
  ]);
  await insert(3, 'retired', []);

  await migrate(database.url, all);
  const { rows } = await client.query('SELECT version, status, features, prices FROM plan_version ORDER BY version');
  expect(rows).toEqual([
    {
      version: 1,
      status: 'published',
      features: { a: 1 },
      prices: [
        made({ key: 'base', amount: '1999', interval: 'year' }),
        made({ key: 'base-usd', amount: '1999', currency: 'USD' }),
        made({ key: 'units', model: 'per_unit', unit_amount: '0.06', interval: 'day', timing: 'in_arrears' }),
        made({ key: 'base-jpy', amount: '1400', currency: 'JPY' }),
        made({ key: 'units-kwd', model: 'per_unit', unit_amount: '1500', currency: 'KWD', interval_count: 3 }),
        made({ key: 'base-usd-2', amount: '0', currency: 'USD' }),
      ],
    },
    {
      version: 2,
      status: 'draft',
      features: { a: 1 },
      prices: [
        made({ key: 'base', amount: '500' }),
        made({ key: 'base-usd', amount: '600', currency: 'USD' }),
        made({
          key: 'base-eur',
          model: 'graduated',
          tiers: [{ up_to: null, unit_amount: '0', flat_amount: '0.5' }],
        }),
        made({ key: 'units', model: 'per_unit', unit_amount: '1234567890123456712.3456789012' }),
      ],
    },
    { version: 3, status: 'retired', features: { a: 1 }, prices: [] },
  ]);
  const change = `UPDATE plan_version SET prices = '[]' WHERE version = 1`;
  await expect(client.query(change)).rejects.toThrow('version 1 of plan p is published and never changes');
  await client.end();
  await database.drop();
});
