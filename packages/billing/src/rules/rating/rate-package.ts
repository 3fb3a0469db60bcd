import { Exact } from './money.js';
import { fieldOf } from './price-field.js';
import type { Steps } from './rated.js';

/** Units are sold in packages; one that is begun costs as much as a whole one. */
export const packageSteps: Steps = (price, quantity) => {
  const packageSize = fieldOf(price, 'package_size');
  const unitAmount = price.unit_amount ?? fieldOf(price, 'amount');
  // Not a division that could round: whole packages, and one more if anything is left.
  const packages = quantity.divToInt(packageSize).plus(quantity.mod(packageSize).isZero() ? 0 : 1);
  return [
    {
      kind: 'packages',
      quantity: quantity.toFixed(),
      package_size: packageSize,
      packages: packages.toFixed(),
      unit_amount: unitAmount,
      amount: new Exact(unitAmount).times(packages).toFixed(),
    },
  ];
};
