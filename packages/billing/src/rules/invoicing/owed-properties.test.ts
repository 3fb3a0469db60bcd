import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chargesWithin, type Holding } from './charges.js';
import type { Billed } from './difference.js';
import { at, Books, flat, merged, PLANS, plan, price, seats } from './simulated-books.js';

describe('whatever happens', () => {
  const days = fc.integer({ min: 0, max: 120 });
  const day = (count: number): Date => new Date(at('2026-01-31').getTime() + count * 86_400_000);
  const A = plan(
    flat('4999'),
    seats('733'),
    price({ key: 'calls', model: 'per_unit', unit_amount: '3.7', meter: 'calls' }),
  );
  const B = plan(
    flat('9999', { timing: 'in_arrears' }),
    seats('1099'),
    price({ key: 'calls', model: 'per_unit', unit_amount: '1.1', meter: 'calls' }),
  );
  const life = fc
    .record({
      changes: fc.array(
        fc.record({ day: days, plan: fc.constantFrom(A, B), quantity: fc.integer({ min: 1, max: 9 }) }),
        { maxLength: 5 },
      ),
      end: fc.option(days),
      used: fc.array(days, { maxLength: 30 }),
      bills: fc.array(days, { maxLength: 6 }),
    })
    .map(({ changes, end, used, bills }) => {
      const known = new Map([[0, { day: 0, plan: A, quantity: 1 }], ...changes.map((one) => [one.day, one] as const)]);
      const order = [...known.values()].sort((one, other) => one.day - other.day);
      // What was known on a day: changes and an end to come are not.
      const holdingOn = (today: number): Holding => ({
        spans: order
          .filter((one) => one.day <= today)
          .map((one, index, list) => ({
            ...one,
            kind: 'plan',
            anchor: day(0),
            from: day(one.day),
            until: list[index + 1] === undefined ? null : day(list[index + 1]?.day ?? 0),
          })),
        pricesOf: (name) => PLANS[name] ?? [],
        timeZone: 'UTC',
        service: { from: day(0), until: end !== null && end <= today ? day(end) : null },
        pauses: [],
      });
      return { holdingOn, used: used.map(day), bills: [...new Set(bills)].sort((one, other) => one - other) };
    });
  type Life = typeof life extends fc.Arbitrary<infer One> ? One : never;

  function bill({ holdingOn, used }: Life, on: readonly number[]): { sums: bigint[]; billed: Billed[] } {
    const billed: Billed[] = [];
    const sums = on.map((today) => {
      const books = new Books(holdingOn(today));
      books.billed.push(...billed);
      books.used = used;
      const amounts = books.bill(day(today).toISOString());
      billed.splice(0, billed.length, ...books.billed);
      return amounts.reduce((sum, amount) => sum + amount, 0n);
    });
    return { sums, billed };
  }
  const total = (sums: readonly bigint[]): bigint => sums.reduce((sum, one) => sum + one, 0n);
  const LAST = 89;

  test('a draft that is billed leaves nothing to bill', () => {
    fc.assert(
      fc.property(life, (one) =>
        expect(bill(one, [...one.bills.filter((d) => d < LAST), LAST, LAST]).sums.at(-1)).toBe(0n),
      ),
    );
  });

  test('billed often or once, the sum is the same', () => {
    fc.assert(
      fc.property(life, (one) => {
        const often = bill(one, [...one.bills.filter((d) => d < LAST), LAST]).sums;
        expect(total(often)).toBe(total(bill(one, [LAST]).sums));
      }),
    );
  });

  test('no more is credited than was invoiced, of any charge', () => {
    fc.assert(
      fc.property(life, (one) => {
        for (const { amount } of merged(bill(one, [...one.bills.filter((d) => d < LAST), LAST]).billed)) {
          expect(amount >= 0n).toBe(true);
        }
      }),
    );
  });

  test('the order of usage, and of what is held, makes no difference', () => {
    fc.assert(
      fc.property(life, (one) => {
        const turned = {
          ...one,
          used: one.used.toReversed(),
          holdingOn: (today: number) => reversed(one.holdingOn(today)),
        };
        expect(bill(turned, [LAST])).toEqual(bill(one, [LAST]));
      }),
    );
  });

  test('the services of a price never overlap, and lie in their periods', () => {
    fc.assert(
      fc.property(life, ({ holdingOn }) => {
        const charges = chargesWithin(holdingOn(LAST), day(0), day(LAST));
        for (const group of Map.groupBy(charges, ({ plan: name, price: { key } }) => `${name} ${key}`).values()) {
          for (const [index, { service, period }] of group.entries()) {
            const next = group[index + 1];
            expect(service.start >= period.start && service.end <= period.end && service.start < service.end).toBe(
              true,
            );
            if (next !== undefined) expect(next.service.start >= service.end).toBe(true);
          }
        }
      }),
    );
  });
});

const reversed = (holding: Holding): Holding => ({ ...holding, spans: holding.spans.toReversed() });
