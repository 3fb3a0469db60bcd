import { fieldOf } from './price-field.js';
import type { Steps } from './rated.js';
import { reachedTiers } from './tiers.js';

/** Each unit costs what its own tier says; a tier's flat amount is due as soon as it is reached. */
export const graduatedSteps: Steps = (price, whole) =>
  reachedTiers(fieldOf(price, 'tiers'), whole).map(({ tier, from, quantity }) => {
    const { up_to, unit_amount, flat_amount = '0' } = tier;
    const amount = quantity.times(unit_amount).plus(flat_amount).toFixed();
    return {
      kind: 'tier',
      from: from.toFixed(),
      up_to,
      quantity: quantity.toFixed(),
      unit_amount,
      flat_amount,
      amount,
    };
  });
