import type { Price } from '@bastionary/contracts/prices';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Exact, roundMinor } from './money.js';
import { ratePrice } from './rate-price.js';

const SCALE = 10n ** 12n;
/** A decimal of at most twelve places, 0 to `max`. */
const decimal = (max: bigint) =>
  fc.bigInt({ min: 0n, max: max * SCALE }).map((units) => new Exact(units.toString()).div(SCALE.toString()).toFixed());
const quantity = fc.oneof(decimal(10n ** 6n), fc.bigInt({ min: 0n, max: 2n ** 60n }).map(String));
const unitAmount = decimal(10n ** 6n);
const tiers = fc
  .uniqueArray(fc.integer({ min: 1, max: 5_000 }), { maxLength: 5 })
  .chain((ends) =>
    fc.tuple(
      fc.constant([...ends.sort((one, other) => one - other).map(String), null]),
      fc.array(fc.tuple(unitAmount, fc.option(unitAmount, { nil: undefined })), { minLength: 6, maxLength: 6 }),
    ),
  )
  .map(([ends, costs]) =>
    ends.map((up_to, index) => {
      const [unit_amount = '0', flat_amount] = costs[index] ?? [];
      return { up_to, unit_amount, ...(flat_amount !== undefined && { flat_amount }) };
    }),
  );
const base = { key: 'p', currency: 'EUR', interval: 'month', interval_count: 1, timing: 'in_arrears' } as const;
const free = fc.option(decimal(1_000n), { nil: undefined });
const some = fc.record({ free_units: free });
const models = {
  flat: fc
    .bigInt({ min: 0n, max: 10n ** 17n })
    .map((amount): Price => ({ ...base, model: 'flat', amount: `${amount}` })),
  per_unit: fc
    .tuple(some, unitAmount)
    .map(([more, unit_amount]): Price => ({ ...base, ...more, model: 'per_unit', unit_amount })),
  graduated: fc
    .tuple(some, tiers)
    .map(([more, list]): Price => ({ ...base, ...more, model: 'graduated', tiers: list })),
  volume: fc.tuple(some, tiers).map(([more, list]): Price => ({ ...base, ...more, model: 'volume', tiers: list })),
  package: fc
    .tuple(some, unitAmount, fc.bigInt({ min: 10n ** 6n, max: 10n ** 15n }))
    .map(([more, unit_amount, size]): Price => {
      const package_size = new Exact(size.toString()).div(SCALE.toString()).times(1_000).toFixed();
      return { ...base, ...more, model: 'package', unit_amount, package_size };
    }),
  percentage: fc
    .tuple(some, tiers, unitAmount)
    .map(([more, list, flat_amount]): Price => ({ ...base, ...more, model: 'percentage', tiers: list, flat_amount })),
};
const facts = { events: 7n };
const exactOf = (price: Price, used: Exact | string) =>
  new Exact(ratePrice(price, new Exact(used).toFixed(), facts).exact);
const sum = (list: readonly Exact[]) => list.reduce((one, other) => one.plus(other), new Exact(0));

describe.each(Object.entries(models))('%s', (model, prices) => {
  test('split invariance: the parts of a period, each the difference to what came before, are the whole; rounded too', () => {
    fc.assert(
      fc.property(prices, fc.array(decimal(10_000n), { maxLength: 8 }), (price, parts) => {
        const used = parts.map((_, index) => sum(parts.slice(0, index + 1).map((part) => new Exact(part))));
        const steps = ['0', ...used].map((total) => exactOf(price, total));
        const differences = steps.map((exact, index) => exact.minus(steps[index - 1] ?? '0'));
        expect(sum(differences).toFixed()).toBe(exactOf(price, used.at(-1) ?? '0').toFixed());
        const rounded = steps.map(
          (exact, index) => roundMinor(exact) - (index === 0 ? 0n : roundMinor(steps[index - 1] ?? '0')),
        );
        expect(rounded.reduce((one, other) => one + other, 0n)).toBe(roundMinor(steps.at(-1) ?? '0'));
      }),
    );
  });

  test('permutation invariance: the order in which events come in changes nothing', () => {
    fc.assert(
      fc.property(
        prices,
        fc
          .array(decimal(10_000n), { minLength: 1, maxLength: 8 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        (price, [events, shuffled]) => {
          const total = (list: readonly string[]) => sum(list.map((one) => new Exact(one)));
          expect(ratePrice(price, total(shuffled).toFixed(), facts)).toEqual(
            ratePrice(price, total(events).toFixed(), facts),
          );
        },
      ),
    );
  });

  test('the steps add up to the amount, which is not negative, and loses no digit', () => {
    fc.assert(
      fc.property(prices, quantity, (price, used) => {
        const { exact, steps } = ratePrice(price, used, facts);
        expect(new Exact(exact).isNegative()).toBe(false);
        expect(sum(steps.map((step) => new Exact('amount' in step ? step.amount : 0))).toFixed()).toBe(exact);
        expect(units(exact)).toBe(wholeUnits(price, used, facts.events));
      }),
    );
  });

  // All units of a volume price get cheaper at once where a tier begins: there more can cost less.
  if (model !== 'volume') {
    test('monotone: more never costs less', () => {
      fc.assert(
        fc.property(prices, quantity, quantity, (price, one, other) => {
          const [less, more] = new Exact(one).lte(other) ? [one, other] : [other, one];
          expect(exactOf(price, less).lte(exactOf(price, more))).toBe(true);
        }),
      );
    });
  }
});

// The same once more in whole numbers of 10^-26: no decimals, no library, nothing shared with what is tested.
const PLACES = 26;
const units = (text: string, places = PLACES): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  if (fraction.length > places) throw new Error(`${text} has more than ${places} places`);
  return BigInt(whole + fraction.padEnd(places, '0'));
};
function wholeUnits(price: Price, quantity: string, events: bigint): bigint {
  const used = units(quantity, 12);
  const given = units(price.free_units ?? '0', 12);
  const left = used > given ? used - given : 0n;
  const each = (text: string) => units(text, 12);
  // Quantities and prices of 12 places make products of 24.
  const scaled = 10n ** 2n;
  const flat = (text: string) => units(text);
  switch (price.model) {
    case 'flat':
      return flat(price.amount ?? '');
    case 'per_unit':
      return left * each(price.unit_amount ?? '') * scaled;
    case 'package': {
      const size = units(price.package_size ?? '', 12);
      return ((left + size - 1n) / size) * flat(price.unit_amount ?? '');
    }
    case 'volume': {
      const tier = price.tiers?.find(({ up_to }) => up_to === null || left <= each(up_to));
      return left * each(tier?.unit_amount ?? '') * scaled + flat(tier?.flat_amount ?? '0');
    }
    case 'graduated':
    case 'percentage': {
      let total = price.model === 'percentage' ? events * flat(price.flat_amount ?? '0') : 0n;
      let begin = 0n;
      for (const { up_to, unit_amount, flat_amount = '0' } of price.tiers ?? []) {
        if (begin > 0n && left <= begin) break;
        const end = up_to === null || left < each(up_to) ? left : each(up_to);
        total += (end - begin) * each(unit_amount) * (price.model === 'percentage' ? 1n : scaled) + flat(flat_amount);
        begin = up_to === null ? end : each(up_to);
      }
      return total;
    }
  }
}

test('2^53 + 1 units at twelve places, to the last digit', () => {
  const price: Price = { ...base, model: 'per_unit', unit_amount: '0.000000000001' };
  expect(ratePrice(price, '9007199254740993').exact).toBe('9007.199254740993');
  expect(ratePrice({ ...price, unit_amount: '999999999999.999999999999' }, '9007199254740993').exact).toBe(
    '9007199254740992999999990992.800745259007',
  );
});
