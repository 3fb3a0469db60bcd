import type { Aggregation, Meter, MeterFilter } from '@bastionary/contracts/meters';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';

/** @throws AppError not_found */
export async function getMeter(db: Reader, key: string) {
  const row = await db.meter.findUnique({ where: { key } });
  if (row === null) throw noSuchMeter(key);
  return row;
}

export type MeterRow = Awaited<ReturnType<typeof getMeter>>;

export const listMeters = (db: Reader): Promise<MeterRow[]> => db.meter.findMany({ orderBy: { key: 'asc' } });

/** A meter as it stands in answers. */
export const toMeter = (row: MeterRow): Meter => ({
  key: row.key,
  name: row.name,
  description: row.description,
  unit: row.unit,
  event_type: row.eventType,
  aggregation: row.aggregation as Aggregation,
  property: row.property,
  group_by: row.groupBy,
  filters: row.filters as MeterFilter[],
  archived_at: toInstantOrNull(row.archivedAt),
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});

export const noSuchMeter = (key: string): AppError =>
  new AppError('not_found', `There is no meter ${key}. GET /api/meters lists them.`);
