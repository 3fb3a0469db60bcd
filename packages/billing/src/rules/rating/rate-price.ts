import type { Price } from '@bastionary/contracts/prices';
import type { RatingStep } from '@bastionary/contracts/rating';
import { Exact } from './money.js';
import { flatSteps } from './rate-flat.js';
import { graduatedSteps } from './rate-graduated.js';
import { packageSteps } from './rate-package.js';
import { perUnitSteps } from './rate-per-unit.js';
import { percentageSteps } from './rate-percentage.js';
import { volumeSteps } from './rate-volume.js';
import { type Rated, type RatingFacts, type Steps, sumOf } from './rated.js';

const MODELS: Readonly<Record<Price['model'], Steps>> = {
  flat: flatSteps,
  per_unit: perUnitSteps,
  graduated: graduatedSteps,
  volume: volumeSteps,
  package: packageSteps,
  percentage: percentageSteps,
};

/**
 * What a price comes to for a whole period. Free units are taken off first, and tiers count from what is left. A quantity
 * below zero (more was taken back than used) costs as much as none. The minimum is not in it (`minimumShortfall`): it is
 * known only at the end of the period.
 * @param quantity decimal: used units, or the quantity of the subscription item; of a percentage a sum in minor units
 * @throws RangeError if the price lacks a field of its model, or it costs something per event and `events` are not given
 */
export function ratePrice(price: Price, quantity: string, facts: RatingFacts = {}): Rated {
  const used = Exact.max(quantity, 0);
  const free = Exact.min(used, price.free_units ?? 0);
  const steps: RatingStep[] = [
    ...(free.isZero() ? [] : [freeStep(price, free.toFixed())]),
    ...MODELS[price.model](price, used.minus(free), facts),
  ];
  return { exact: sumOf(steps), steps };
}

const freeStep = ({ model }: Price, free: string): RatingStep =>
  model === 'percentage' ? { kind: 'free_sum', base: free } : { kind: 'free', quantity: free };
