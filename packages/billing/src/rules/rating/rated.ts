import type { Price } from '@bastionary/contracts/prices';
import type { RatingStep } from '@bastionary/contracts/rating';
import { Exact } from './money.js';

/** What comes of a price: the exact amount in minor units, not rounded, and the steps that add up to it. */
export interface Rated {
  readonly exact: string;
  readonly steps: readonly RatingStep[];
}

/** What else of usage a price may ask for. */
export interface RatingFacts {
  /** How many events the quantity is the sum of. */
  readonly events?: bigint;
}

/** The steps of one model. @param quantity not negative, without the free units */
export type Steps = (price: Price, quantity: Exact, facts: RatingFacts) => RatingStep[];

/** What steps add up to. */
export const sumOf = (steps: readonly RatingStep[]): string =>
  steps.reduce((sum, step) => ('amount' in step ? sum.plus(step.amount) : sum), new Exact(0)).toFixed();
