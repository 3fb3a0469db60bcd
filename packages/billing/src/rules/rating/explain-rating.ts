import type { RatingStep } from '@bastionary/contracts/rating';
import { Exact, roundMinor, toMajor } from './money.js';
import type { Rated } from './rated.js';

/**
 * How a price came to its amount, in one sentence: "1,000 × 0.10 = 100.00, then 500 × 0.05 = 25.00; rounded 125.00". Amounts are
 * in the currency, not in minor units.
 */
export function explainRating({ exact, steps }: Rated, currency: string): string {
  const parts = steps.map((step) => stepWords(step, (minor) => grouped(toMajor(minor, currency))));
  const charges = steps.filter((step) => 'amount' in step);
  const sum = grouped(toMajor(roundMinor(exact), currency));
  const isPlain = charges.length === 1 && new Exact(exact).isInteger();
  return [parts.join(', then ') || 'nothing', ...(isPlain ? [] : [`rounded ${sum}`])].join('; ');
}

type Money = (minor: string | Exact) => string;

function stepWords(step: RatingStep, money: Money): string {
  switch (step.kind) {
    case 'flat':
      return `${money(step.amount)} flat`;
    case 'free':
      return `${grouped(step.quantity)} free`;
    case 'free_sum':
      return `${money(step.base)} free`;
    case 'units':
      return `${grouped(step.quantity)} × ${money(step.unit_amount)} = ${money(step.amount)}`;
    case 'tier':
      return withFlat(`${grouped(step.quantity)} × ${money(step.unit_amount)}`, step, money);
    case 'packages': {
      const many = `${grouped(step.packages)} ${step.packages === '1' ? 'package' : 'packages'}`;
      return `${many} of ${grouped(step.package_size)} × ${money(step.unit_amount)} = ${money(step.amount)}`;
    }
    case 'percent':
      return withFlat(`${step.percent} % of ${money(step.base)}`, step, money);
    case 'events': {
      const charged = new Exact(step.events).minus(step.free_events).toFixed();
      const free = step.free_events === '0' ? '' : ` (${grouped(step.free_events)} free)`;
      return `${grouped(charged)} ${charged === '1' ? 'event' : 'events'}${free} × ${money(step.unit_amount)} = ${money(step.amount)}`;
    }
    case 'minimum':
      return `${money(step.amount)} up to the minimum of ${money(step.minimum)}`;
  }
}

const withFlat = (words: string, step: { flat_amount: string; amount: string }, money: Money): string =>
  `${words}${new Exact(step.flat_amount).isZero() ? '' : ` + ${money(step.flat_amount)}`} = ${money(step.amount)}`;

/** `1234567.5` → `1,234,567.5` */
export function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}
