import type { Plan, PlanVersion, Price, Subscription } from '@bastionary/contracts/plans';

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

// The amount is a decimal string of any length: a text is shown as a text, never through a number.
const priceWords = (price: Price, quantity: number) => {
  const rate = `${price.amount} ${price.currency}`;
  return price.kind === 'flat' ? `${rate} ${every(price)}` : `${quantity} × ${rate} ${every(price)}`;
};

/** What terms cost in the customer's currency, a line a price; empty if nothing. */
export const priceLines = (plans: Plan[], terms: Terms, currency: string | undefined): string[] =>
  [{ plan: terms.plan, quantity: terms.quantity }, ...terms.add_ons].flatMap(({ plan, quantity }) =>
    (versionOf(plans, plan)?.prices ?? [])
      .filter((price) => currency === undefined || price.currency === currency)
      .map((price) => priceWords(price, quantity)),
  );

/** `extra@1 × 2` */
export const addOnWords = ({ plan, quantity }: Terms['add_ons'][number]) =>
  quantity === 1 ? plan : `${plan} × ${quantity}`;
