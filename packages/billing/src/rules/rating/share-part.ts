import type { Share } from '../share.js';
import { Exact } from './money.js';

/** The part of an amount that a share of a period comes to, not rounded: multiplied first, so that halves stay halves. */
export const sharePart = (amount: Exact | string, { numerator, denominator }: Share): Exact =>
  new Exact(amount).times(numerator.toString()).div(denominator.toString());
