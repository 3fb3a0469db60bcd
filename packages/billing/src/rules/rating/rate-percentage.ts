import type { Price, Tier } from '@bastionary/contracts/prices';
import type { RatingStep } from '@bastionary/contracts/rating';
import { Exact } from './money.js';
import { fieldOf } from './price-field.js';
import type { RatingFacts, Steps } from './rated.js';
import { reachedTiers } from './tiers.js';

/** A part of what was turned over: one rate, or a rate for each tier; and an amount for each event that is not free. */
export const percentageSteps: Steps = (price, sum, facts) => {
  const tiers: readonly Tier[] = price.tiers ?? [{ up_to: null, unit_amount: fieldOf(price, 'unit_amount') }];
  const rates = reachedTiers(tiers, sum).map(({ tier, from, quantity }): RatingStep => {
    const { up_to, unit_amount: percent, flat_amount = '0' } = tier;
    const amount = quantity.times(percent).div(100).plus(flat_amount).toFixed();
    return { kind: 'percent', from: from.toFixed(), up_to, base: quantity.toFixed(), percent, flat_amount, amount };
  });
  return [...rates, ...eventSteps(price, facts)];
};

function eventSteps(price: Price, { events }: RatingFacts): RatingStep[] {
  const { flat_amount: unitAmount } = price;
  if (unitAmount === undefined) return [];
  if (events === undefined)
    throw new RangeError(`The price ${price.key} costs something per event: how many were there?`);
  const all = new Exact(events.toString());
  const free = Exact.min(all, price.free_events ?? 0);
  return [
    {
      kind: 'events',
      events: all.toFixed(),
      free_events: free.toFixed(),
      unit_amount: unitAmount,
      amount: all.minus(free).times(unitAmount).toFixed(),
    },
  ];
}
