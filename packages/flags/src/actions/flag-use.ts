import type { FlagUse } from '@bastionary/contracts/flags';
import { toInstant } from '@bastionary/contracts/text';
import { type Reader, sql } from '@bastionary/prisma/client';

/** Evaluations of one hour that are alike. `hour` and `lastAt` in milliseconds; the variant is empty where the flag is archived. */
export interface CountedUse {
  readonly environment: string;
  readonly flag: string;
  readonly variant: string;
  readonly client: string;
  readonly hour: number;
  readonly count: number;
  readonly lastAt: number;
}

/** Adds counts of one process to those of all, in one statement. */
export async function addUses(db: Reader, uses: readonly CountedUse[]): Promise<void> {
  if (uses.length === 0) return;
  await db.$executeRaw`
    INSERT INTO flag_use (environment, flag, variant, client, hour, count, last_at)
    SELECT environment, flag, variant, client, to_timestamp(hour / 1000.0), count, to_timestamp("lastAt" / 1000.0)
    FROM json_to_recordset(${JSON.stringify(uses)}::json)
      AS use (environment text, flag text, variant text, client text, hour float8, count bigint, "lastAt" float8)
    ORDER BY flag, environment, hour, variant, client
    ON CONFLICT (flag, environment, hour, variant, client) DO UPDATE
      SET count = flag_use.count + excluded.count, last_at = greatest(flag_use.last_at, excluded.last_at)`;
}

/** What a flag was asked for since an instant: by whom, with which answer, and per hour. */
export async function usesOf(db: Reader, flag: string, since: Date, archivedAt: Date | null): Promise<FlagUse> {
  const rows = await db.flagUse.groupBy({
    by: ['environment', 'variant', 'client'],
    where: { flag, hour: { gte: since } },
    _sum: { count: true },
    _max: { lastAt: true },
  });
  const hours = await db.flagUse.groupBy({
    by: ['hour', 'environment', 'variant'],
    where: { flag, hour: { gte: since } },
    _sum: { count: true },
    orderBy: [{ hour: 'asc' }, { environment: 'asc' }, { variant: 'asc' }],
  });
  const data = rows.map(({ environment, variant, client, _sum, _max }) => ({
    environment,
    variant,
    client,
    count: String(_sum.count ?? 0n),
    last_at: toInstant(_max.lastAt ?? since),
    since_archived: archivedAt !== null && (_max.lastAt ?? since) > archivedAt,
  }));
  data.sort((one, other) => other.last_at.localeCompare(one.last_at));
  const per_hour = hours.map(({ hour, environment, variant, _sum }) => ({
    hour: toInstant(hour),
    environment,
    variant,
    count: String(_sum.count ?? 0n),
  }));
  return { data, per_hour };
}

/** How flags were used: the last time ever, the last 7 days, and the variants of 30 days, by flag and environment. */
export interface UseFigures {
  readonly flag: string;
  readonly environment: string;
  readonly lastAt: Date;
  readonly sevenDays: bigint;
  readonly variants: string[];
}

/** @param flags their keys */
export async function useFigures(db: Reader, flags: readonly string[], now: Date): Promise<UseFigures[]> {
  if (flags.length === 0) return [];
  return db.$queryRaw<UseFigures[]>(sql`
    SELECT flag, environment, max(last_at) AS "lastAt",
      coalesce(sum(count) FILTER (WHERE hour > ${now}::timestamptz - interval '7 days'), 0)::bigint AS "sevenDays",
      coalesce(array_agg(DISTINCT variant) FILTER (WHERE hour > ${now}::timestamptz - interval '30 days'), '{}') AS variants
    FROM flag_use WHERE flag = ANY(${[...flags]}) GROUP BY flag, environment`);
}

/** Removes counts of hours before an instant. @returns how many */
export const purgeUses = async (db: Reader, before: Date): Promise<number> =>
  (await db.flagUse.deleteMany({ where: { hour: { lt: before } } })).count;
