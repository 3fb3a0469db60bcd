import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { FieldFault } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { featureFaults } from '../rules/feature-faults.js';

/** @throws AppError invalid_request with a fault per feature that does not exist or has a value of another type */
export async function checkFeatures(db: Reader, features: Readonly<Record<string, FeatureValue>>): Promise<void> {
  const rows = await db.feature.findMany({ where: { key: { in: Object.keys(features) } } });
  const types = new Map(rows.map(({ key, type }) => [key, type as FeatureType]));
  refuse(featureFaults(features, types, '/features'));
}

/** @throws AppError invalid_request if there are any */
export function refuse(faults: readonly FieldFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new AppError('invalid_request', `${first.path || 'The body'}: ${first.message}${more}.`, { faults });
}
