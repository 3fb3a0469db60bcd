import { checkUsage } from '@bastionary/billing/actions/metering/check-usage';
import { readUsage } from '@bastionary/billing/actions/metering/read-usage';
import { usageOfMany } from '@bastionary/billing/actions/metering/usage-of';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bruteForce, type Event, METERS, type MeterName, World } from './world.js';

const names = Object.keys(METERS) as MeterName[];
const BASE = Date.parse('2026-05-10T23:30:00Z');
const CUSTOMERS = ['cus_a', 'cus_b', 'cus_c'];

let world: World;
beforeEach(async () => {
  world = await World.open([]);
});
afterEach(() => world.close());

const span = { from: BASE - 1, to: BASE + 86_400_000 * 3 + 77 };
/** Events that repeat in no order anybody would guess. */
const events = (count: number, since = 0): Event[] =>
  Array.from({ length: count }, (_, place) => ({
    customer: CUSTOMERS[place % 3] ?? '',
    type: place % 7 === 0 ? 'other' : 'call',
    at: BASE + ((place * 7_919_333) % (span.to - span.from - 2)),
    id: `${since + place}`,
    data: { bytes: (place * 37) % 101, user: `u${(place * 13) % 29}`, region: place % 2 ? 'eu' : 'us' },
  }));
const asks = CUSTOMERS.flatMap((customerId) =>
  names.map((meter) => ({ meter, customerId, from: new Date(span.from), to: new Date(span.to) })),
);
const expected = (all: readonly Event[]) =>
  asks.map(({ meter, customerId }) => bruteForce(meter as MeterName, all, { customer: customerId, ...span }));
const meters = async () => {
  for (const name of names) await world.meter(name);
};
/** Whether rollups alone say it: what is not folded is not read. */
const rolledUp = async () => {
  const { rows } = await world.pool.query(
    `SELECT customer_id, sum(events)::int AS events FROM usage_rollup JOIN meter ON number = meter
     WHERE key = 'calls' AND resolution = 1440 GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ events }) => events);
};

test('a meter made after the events counts them too: read at once, folded in parts, with others coming in between', async () => {
  const all = events(300);
  await world.write(all.slice(0, 200));
  await meters();
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all.slice(0, 200)));
  for (let step = 0; step < 9; step++) await world.fold(30);
  await world.write(all.slice(200));
  for (let step = 0; step < 9; step++) {
    expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
    await world.fold(30);
  }
  await world.foldAll(30);
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
  expect((await rolledUp()).reduce((sum, one) => sum + one, 0)).toBe(all.filter(({ type }) => type === 'call').length);
});

test('a transaction of any size is folded in parts, new or past, and meters join those that are on their way', async () => {
  await world.meter('calls');
  await world.foldAll();
  await world.pool.query(
    `INSERT INTO usage_event (customer_id, type, time, seq, source, id, sent_by)
    SELECT 'cus_z', 'other', $1, n, 'test', 'z' || n, 'test' FROM generate_series(1, 500) AS n`,
    [new Date(BASE)],
  );
  const all = events(240);
  await world.write(all);
  const steps: number[] = [];
  const step = async () => {
    await world.fold(20);
    const { rows } = await world.pool.query(
      `SELECT coalesce(sum(events), 0)::int AS events FROM usage_rollup WHERE resolution = 1440`,
    );
    steps.push(rows[0].events);
  };
  for (let turn = 0; turn < 6; turn++) {
    await step();
    expect(
      await usageOfMany(
        world.db,
        asks.filter(({ meter }) => meter === 'calls'),
      ),
    ).toMatchObject(expected(all).filter((_, place) => asks[place]?.meter === 'calls'));
  }
  for (const name of names.filter((one) => one !== 'calls')) {
    await world.meter(name);
    await step();
    await step();
  }
  while (!(await world.isFolded())) await step();
  for (const [place, sum] of steps.entries()) expect(sum - (steps[place - 1] ?? 0)).toBeLessThanOrEqual(20);
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
  expect((await rolledUp()).reduce((sum, one) => sum + one, 0)).toBe(all.filter(({ type }) => type === 'call').length);
});

test('a transaction that commits late is not passed over', async () => {
  await meters();
  await world.foldAll();
  const all = events(60);
  const late = await world.pool.connect();
  await late.query('BEGIN');
  await world.write(all.slice(0, 30), late);
  await world.write(all.slice(30));
  while ((await world.fold()) !== null);
  expect(await rolledUp()).toEqual([]);
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all.slice(30)));
  await late.query('COMMIT');
  late.release();
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
  await world.foldAll();
  expect((await rolledUp()).reduce((sum, one) => sum + one, 0)).toBe(all.filter(({ type }) => type === 'call').length);
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
});

test('of many folds at once one adds, and nothing is added twice', async () => {
  await meters();
  const all = events(400);
  for (let first = 0; first < 400; first += 20) await world.write(all.slice(first, first + 20));
  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 5 }, () => world.fold(45)));
  await world.foldAll();
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
});

test('cut off at any statement, the next step goes on as if nothing had been', async () => {
  const all = events(240);
  await world.write(all.slice(0, 120));
  await meters();
  await world.pool.query(`
    CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF random() < 0.08 THEN RAISE EXCEPTION 'cut off'; END IF; RETURN NULL; END $$`);
  for (const table of ['usage_rollup', 'usage_key', 'usage_fold', 'meter']) {
    for (const when of ['BEFORE', 'AFTER']) {
      await world.pool.query(
        `CREATE TRIGGER cut_off_${when} ${when} INSERT OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION cut_off()`,
      );
    }
  }
  let cut = 0;
  for (let batch = 120; batch < 240; batch += 20) await world.write(all.slice(batch, batch + 20));
  while (cut < 500 && !(await world.isFolded())) {
    try {
      await world.fold(50);
    } catch (error) {
      expect(String(error)).toContain('cut off');
      cut++;
    }
  }
  expect(cut).toBeGreaterThan(5);
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
  expect((await rolledUp()).reduce((sum, one) => sum + one, 0)).toBe(all.filter(({ type }) => type === 'call').length);
}, 60_000);

test('the order in which events come makes no difference to the rollups', async () => {
  await meters();
  const all = events(150);
  const other = await World.open();
  try {
    for (let first = 0; first < 150; first += 25) {
      await world.write(all.slice(first, first + 25));
      await world.fold(10);
      await other.write(all.toReversed().slice(first, first + 25));
    }
    for (const one of [world, other]) await one.foldAll(40);
    const rollups = async ({ pool }: World) =>
      (
        await pool.query(`SELECT key, r.*, NULL AS meter FROM usage_rollup r JOIN meter ON number = r.meter
          ORDER BY key, customer_id, resolution, start, dimensions`)
      ).rows;
    const seen = await rollups(world);
    expect(seen.length).toBeGreaterThan(500);
    expect(await rollups(other)).toEqual(seen);
  } finally {
    await other.close();
  }
});

test('in a database that was restored elsewhere nothing new is missed, and all is folded anew', async () => {
  await meters();
  const all = events(80);
  await world.write(all.slice(0, 40));
  await world.foldAll();
  await world.pool.query('UPDATE usage_fold SET xid = xid + 1000000000');
  await world.write(all.slice(40));
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
  await world.foldAll();
  expect(await usageOfMany(world.db, asks)).toMatchObject(expected(all));
  const raw = await readUsage(world.db, asks, { raw: true });
  expect(raw.map(({ value: quantity, events: counted }) => ({ quantity, events: counted }))).toEqual(expected(all));
});

test('the nightly comparison finds nothing, and finds a rollup that is not what its events say', async () => {
  await meters();
  await world.write(events(60));
  await world.foldAll();
  const check = () => world.db.$transaction((tx) => checkUsage(tx, 1_000, new Date()), { timeout: 30_000 });
  const found = await check();
  expect(found).toEqual({ checked: expect.any(Number), differing: [] });
  expect(found.checked).toBeGreaterThan(20);
  await world.pool.query(`UPDATE usage_rollup SET events = events + 1, total = total + 1
    WHERE customer_id = 'cus_a' AND meter = (SELECT number FROM meter WHERE key = 'traffic')`);
  const { differing } = await check();
  expect(new Set(differing.map(({ meter, customer_id }) => `${meter} ${customer_id}`))).toEqual(
    new Set(['traffic cus_a']),
  );
  const { rows } = await world.pool.query('SELECT differing FROM usage_fold');
  expect(rows).toEqual([{ differing: differing.length }]);
});
