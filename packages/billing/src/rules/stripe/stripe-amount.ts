// https://docs.stripe.com/currencies: where Stripe's minor unit is not that of ISO 4217. Written as [ours, theirs].
const UNITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  ISK: [1n, 100n],
  UGX: [1n, 100n],
  MGA: [100n, 1n],
};
/** Stripe takes three decimals, the last of which must be 0. */
const TENS: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMN', 'TND']);

/**
 * An amount in minor units of ISO 4217 as Stripe counts it; null if it cannot be said there exactly.
 * @param currency ISO 4217, capital letters
 */
export function toStripeAmount(amount: bigint, currency: string): number | null {
  const [ours, theirs] = UNITS[currency] ?? [1n, 1n];
  if ((amount * theirs) % ours !== 0n) return null;
  const counted = (amount * theirs) / ours;
  if (TENS.has(currency) && counted % 10n !== 0n) return null;
  return counted <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(counted) : null;
}

/**
 * What Stripe says, in minor units of ISO 4217.
 * @throws RangeError if it is no whole number of them
 */
export function fromStripeAmount(amount: number, currency: string): bigint {
  const [ours, theirs] = UNITS[currency] ?? [1n, 1n];
  const counted = BigInt(amount) * ours;
  if (counted % theirs !== 0n) throw new RangeError(`${amount} ${currency} is no whole number of minor units`);
  return counted / theirs;
}
