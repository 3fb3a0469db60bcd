import { fieldOf } from './price-field.js';
import type { Steps } from './rated.js';

/** Every unit costs the same. */
export const perUnitSteps: Steps = (price, quantity) => {
  const unitAmount = fieldOf(price, 'unit_amount');
  return [
    {
      kind: 'units',
      quantity: quantity.toFixed(),
      unit_amount: unitAmount,
      amount: quantity.times(unitAmount).toFixed(),
    },
  ];
};
