import type { Reader } from '@bastionary/prisma/client';
import { noSuchMeter } from './find-meter.js';
import { type Reading, readUsage } from './read-usage.js';

/** Whose usage of what is asked for, from `from` inclusive to `to` exclusive. */
export interface UsageAsk {
  /** Key of a meter. */
  readonly meter: string;
  readonly customerId: string;
  readonly from: Date;
  readonly to: Date;
}

export interface Usage {
  /** Decimal, at most 12 places; "0" without events. */
  readonly quantity: string;
  /** How many events it was made of. */
  readonly events: bigint;
  /** The database snapshot it was read in. With it `usageOf` tells the same again, whatever came later. */
  readonly watermark: string;
}

/**
 * What a meter counts of a customer in a span of time, exact at any instant: events that came a moment ago are in it, those
 * that are not folded yet too.
 * @param watermark of an earlier answer: what was known then, read from the events
 * @throws AppError not_found if there is no such meter
 */
export async function usageOf(db: Reader, ask: UsageAsk, watermark?: string): Promise<Usage> {
  const [reading] = await readUsage(db, [ask], { watermark });
  return toUsage(ask, reading);
}

/**
 * The same for many, in their order and a thousand per statement: what the billing run asks.
 * @throws AppError not_found if one of the meters does not exist
 */
export async function usageOfMany(db: Reader, asks: readonly UsageAsk[]): Promise<Usage[]> {
  const readings = await readUsage(db, asks);
  const found = new Map(readings.map((reading) => [reading.place, reading]));
  return asks.map((ask, place) => toUsage(ask, found.get(place)));
}

function toUsage({ meter }: UsageAsk, reading: Reading | undefined): Usage {
  if (reading === undefined) throw noSuchMeter(meter);
  return { quantity: reading.value, events: reading.events, watermark: reading.watermark };
}
