import type { Price } from '@bastionary/contracts/prices';
import type { Reader } from '@bastionary/prisma/client';
import { meterFaults } from '../rules/meter-faults.js';
import { refuse } from './check-features.js';

/** Which meters there are, by key: whether it is archived. */
export async function knownMeters(db: Reader): Promise<Map<string, boolean>> {
  const rows = await db.meter.findMany({ select: { key: true, archivedAt: true } });
  return new Map(rows.map(({ key, archivedAt }) => [key, archivedAt !== null]));
}

/**
 * Asked when a version is published: a draft may name a meter that is still to be made.
 * @throws AppError invalid_request with a fault per price whose meter does not exist or is archived
 */
export async function checkMeters(db: Reader, prices: readonly Price[]): Promise<void> {
  if (prices.every(({ meter }) => meter === undefined)) return;
  refuse(meterFaults(prices, await knownMeters(db), '/prices'));
}
