import { toMajor } from '@bastionary/billing/rules/rating/money';
import type { Plan, PlanVersion, Subscription } from '@bastionary/contracts/plans';
import type { Price } from '@bastionary/contracts/prices';
import { priceWords } from '../catalogue/price-words';

/** What a subscription is on; plans are key@version. */
export type Terms = { plan: string; quantity: number; add_ons: { plan: string; quantity: number }[] };

export const termsOf = ({ plan, quantity, items }: Subscription): Terms => ({
  plan,
  quantity,
  add_ons: items.filter(({ kind }) => kind === 'add_on').map((item) => ({ plan: item.plan, quantity: item.quantity })),
});

export const keyOf = (reference: string) => reference.split('@')[0] ?? reference;
export const versionNumberOf = (reference: string) => Number(reference.split('@')[1]);

/** The version that a reference means: the one it names, else the newest published one. */
export const versionOf = (plans: Plan[], reference: string): PlanVersion | undefined => {
  const plan = plans.find(({ key }) => key === keyOf(reference));
  const wanted = reference.includes('@') ? versionNumberOf(reference) : plan?.current_version;
  return plan?.versions.find(({ version }) => version === wanted);
};

export const nameOf = (plans: Plan[], reference: string) =>
  plans.find(({ key }) => key === keyOf(reference))?.name ?? keyOf(reference);

const every = ({ interval, interval_count: count }: Price) =>
  count === 1 ? `a ${interval}` : `every ${count} ${interval}s`;

// Money of so many is said in numbers where it is a plain product, and in the words of the price where it is not.
const priceLine = (price: Price, quantity: number) => {
  const { model, meter, amount = '0', unit_amount = '0', currency } = price;
  if (model === 'flat') return `${toMajor(amount, currency)} ${currency} ${every(price)}`;
  if (model === 'per_unit' && meter === undefined && price.free_units === undefined && price.minimum === undefined) {
    return `${quantity} × ${toMajor(unit_amount, currency)} ${currency} ${every(price)}`;
  }
  return meter === undefined ? `${quantity} units, ${priceWords(price)}` : priceWords(price);
};

/** What terms cost in the customer's currency, a line a price; empty if nothing. */
export const priceLines = (plans: Plan[], terms: Terms, currency: string | undefined): string[] =>
  [{ plan: terms.plan, quantity: terms.quantity }, ...terms.add_ons].flatMap(({ plan, quantity }) =>
    (versionOf(plans, plan)?.prices ?? [])
      .filter((price) => currency === undefined || price.currency === currency)
      .map((price) => priceLine(price, quantity)),
  );

/** `extra@1 × 2` */
export const addOnWords = ({ plan, quantity }: Terms['add_ons'][number]) =>
  quantity === 1 ? plan : `${plan} × ${quantity}`;
