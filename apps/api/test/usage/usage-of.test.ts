import { readUsage } from '@bastionary/billing/actions/metering/read-usage';
import { usageOf, usageOfMany } from '@bastionary/billing/actions/metering/usage-of';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bruteForce, type Event, METERS, type MeterName, World } from './world.js';

const names = Object.keys(METERS) as MeterName[];
const runs = Number(process.env.USAGE_RUNS ?? 15);
const BASE = Date.parse('2026-03-07T22:00:00Z');

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

let made = 0;
/** Times at and around the edges of minutes, hours and days. */
const at = fc
  .tuple(fc.constantFrom(1, 60_000, 3_600_000, 86_400_000), fc.nat(60), fc.integer({ min: -2, max: 2 }))
  .map(([unit, count, off]) => BASE + unit * (unit === 86_400_000 ? count % 4 : count) + off);
const event = fc.record({
  at,
  data: fc.record(
    {
      bytes: fc.oneof(
        fc.constantFrom<unknown>(
          0,
          1,
          10,
          0.1,
          0.2,
          '12.000000000001',
          '-3.5',
          '99999999999999999999999999',
          'many',
          true,
        ),
        fc.integer({ min: -1_000, max: 1_000 }),
      ),
      user: fc.constantFrom<unknown>('a', 'b', 'c', 7, null),
      region: fc.constantFrom('eu', 'us'),
      model: fc.constantFrom<unknown>({ name: 'm1' }, { name: 'm2' }, 'none'),
    },
    { requiredKeys: [] },
  ),
});

describe('usageOf is what counting one by one gives', () => {
  test('for events in any order, at any boundary, in any transactions, at any point of the fold', async () => {
    const batches = fc.array(fc.tuple(fc.array(event, { maxLength: 12 }), fc.nat(3)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, at, at, async (steps, a, b) => {
        const customer = `cus_${++made}`;
        const [from, to] = a < b ? [a, b] : [b, a];
        const asks = names.map((meter) => ({ meter, customerId: customer, from: new Date(from), to: new Date(to) }));
        const all: Event[] = [];
        for (const [batch, folds] of steps) {
          const events = batch.map((one, place) => ({ ...one, customer, type: 'call', id: `${all.length}-${place}` }));
          await world.write(events);
          all.push(...events);
          for (let step = 0; step < folds; step++) await world.fold(5);
          const expected = names.map((name) => bruteForce(name, all, { customer, from, to }));
          expect(await usageOfMany(world.db, asks)).toMatchObject(expected);
        }
        await world.foldAll(7);
        const expected = names.map((name) => bruteForce(name, all, { customer, from, to }));
        expect(await usageOfMany(world.db, asks)).toMatchObject(expected);
        const raw = await readUsage(world.db, asks, { raw: true });
        expect(raw.map(({ value: quantity, events }) => ({ quantity, events }))).toEqual(expected);
      }),
      { numRuns: runs },
    );
  });

  test('without events: nothing, and a meter that does not exist is told', async () => {
    const ask = { customerId: 'cus_none', from: new Date(0), to: new Date(BASE) };
    expect(await usageOf(world.db, { meter: 'peak', ...ask })).toEqual({
      quantity: '0',
      events: 0n,
      watermark: expect.stringMatching(/^\d+:\d+:/),
    });
    await expect(usageOf(world.db, { meter: 'none', ...ask })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('with the watermark of before, what was known before', async () => {
    const customer = 'cus_watermark';
    const ask = { meter: 'calls', customerId: customer, from: new Date(BASE), to: new Date(BASE + 1_000) };
    const one = { customer, type: 'call', at: BASE, data: {} };
    await world.write([{ ...one, id: '1' }]);
    const before = await usageOf(world.db, ask);
    await world.write([{ ...one, id: '2' }]);
    expect((await usageOf(world.db, ask)).quantity).toBe('2');
    expect(await usageOf(world.db, ask, before.watermark)).toMatchObject({ quantity: '1', events: 1n });
  });
});
