import type { Tier } from '@bastionary/contracts/prices';
import { Exact } from './money.js';

/** A tier with where it begins, and what of a quantity lies in it. */
export interface TierPart {
  readonly tier: Tier;
  /** It begins above it: a tier up to 10 holds the tenth unit, not what follows. */
  readonly from: Exact;
  readonly quantity: Exact;
}

/**
 * The tiers that a quantity reaches, in order; the first is reached by nothing at all, since its flat amount is due with the
 * period.
 */
export function reachedTiers(tiers: readonly Tier[], quantity: Exact): TierPart[] {
  const begins = tiers.map((_, index) => new Exact(tiers[index - 1]?.up_to ?? 0));
  return tiers.flatMap((tier, index): TierPart | [] => {
    const from = begins[index] ?? new Exact(0);
    if (index > 0 && quantity.lte(from)) return [];
    const end = tier.up_to === null ? quantity : Exact.min(quantity, tier.up_to);
    return { tier, from, quantity: end.minus(from) };
  });
}

/** The one tier that a quantity lies in. */
export const lastTier = (tiers: readonly Tier[], quantity: Exact): TierPart | undefined =>
  reachedTiers(tiers, quantity).at(-1);
