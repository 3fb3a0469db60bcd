import type { Combine, Feature, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { type Json, JsonNull, type Reader } from '@bastionary/prisma/client';

/** @throws AppError not_found */
export async function getFeature(db: Reader, key: string) {
  const row = await db.feature.findUnique({ where: { key } });
  if (row === null) throw new AppError('not_found', `There is no feature ${key}. GET /api/features lists them.`);
  return row;
}

export type FeatureRow = Awaited<ReturnType<typeof getFeature>>;

export const listFeatures = (db: Reader): Promise<FeatureRow[]> => db.feature.findMany({ orderBy: { key: 'asc' } });

/** A feature as it stands in answers. */
export const toFeature = (row: FeatureRow): Feature => ({
  key: row.key,
  name: row.name,
  type: row.type as FeatureType,
  combine: row.combine as Combine,
  default: row.defaultValue as FeatureValue,
  description: row.description,
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});

/** A value as its column takes it. */
export const toColumn = (value: FeatureValue): Exclude<Json, null> | typeof JsonNull =>
  value === null ? JsonNull : (value as Exclude<Json, null>);
