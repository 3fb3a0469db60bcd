import type { Price } from '@bastionary/contracts/prices';

/** A field that the contract demands of the price's model. @throws RangeError if the price was made around the contract */
export function fieldOf<Field extends keyof Price>(price: Price, field: Field): NonNullable<Price[Field]> {
  const value = price[field];
  if (value === undefined || value === null)
    throw new RangeError(`The ${price.model} price ${price.key} has no ${field}.`);
  return value;
}
