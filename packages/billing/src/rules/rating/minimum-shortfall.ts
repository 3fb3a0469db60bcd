import type { Price } from '@bastionary/contracts/prices';
import type { Share } from '../share.js';
import { Exact } from './money.js';
import { type Rated, sumOf } from './rated.js';
import { sharePart } from './share-part.js';

const WHOLE: Share = { numerator: 1n, denominator: 1n };

/**
 * What is missing to the least that a period must come to: asked once the period is over, never before.
 * @param rated what the price came to in it, in minor units
 * @param share the part of the period that was served: the minimum of a stub is that part of it
 */
export function minimumShortfall(price: Price, rated: Exact | string, share: Share = WHOLE): Rated {
  const minimum = sharePart(price.minimum ?? '0', share);
  const missing = Exact.max(minimum.minus(rated), 0);
  if (missing.isZero()) return { exact: '0', steps: [] };
  const steps = [{ kind: 'minimum' as const, minimum: minimum.toFixed(), amount: missing.toFixed() }];
  return { exact: sumOf(steps), steps };
}
