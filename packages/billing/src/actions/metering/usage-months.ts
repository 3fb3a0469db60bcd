import type { Reader } from '@bastionary/prisma/client';

/**
 * Makes the partitions of this month (UTC) and of the next ones; what the default partition holds of them moves there.
 * Returns how many were made.
 */
export async function makeUsageMonths(db: Reader, now: Date, ahead: number): Promise<number> {
  const [made] = await db.$queryRaw<[{ count: bigint }]>`
    SELECT count(*) FROM generate_series(0, ${ahead}::int) AS n
    WHERE make_usage_month((${now}::timestamptz AT TIME ZONE 'UTC' + make_interval(months => n)) AT TIME ZONE 'UTC')`;
  return Number(made.count);
}
