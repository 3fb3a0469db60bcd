import { fieldOf } from './price-field.js';
import type { Steps } from './rated.js';
import { lastTier } from './tiers.js';

/** All units cost what the tier says that the whole quantity lies in, and its flat amount once. */
export const volumeSteps: Steps = (price, whole) => {
  const reached = lastTier(fieldOf(price, 'tiers'), whole);
  if (reached === undefined) return [];
  const { up_to, unit_amount, flat_amount = '0' } = reached.tier;
  const amount = whole.times(unit_amount).plus(flat_amount).toFixed();
  const from = reached.from.toFixed();
  return [{ kind: 'tier', from, up_to, quantity: whole.toFixed(), unit_amount, flat_amount, amount }];
};
