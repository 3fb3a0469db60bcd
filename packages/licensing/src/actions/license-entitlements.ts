import type { Entitlements, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { Reader } from '@bastionary/prisma/client';
import { type Entitlement, entitlementsOf } from '../rules/license-entitlements.js';
import type { LicenseRow } from './find-license.js';

/** What licences entitle to now, by licence: by the snapshots of their customers, and by themselves. */
export async function licenseEntitlements(
  db: Reader,
  licenses: readonly Pick<LicenseRow, 'id' | 'customerId'>[],
  now: Date,
): Promise<Map<string, Entitlement[]>> {
  const customers = [...new Set(licenses.flatMap(({ customerId }) => customerId ?? []))];
  const own = await db.licenseEntitlement.findMany({ where: { licenseId: { in: licenses.map(({ id }) => id) } } });
  const snapshots =
    customers.length === 0 ? [] : await db.snapshot.findMany({ where: { customerId: { in: customers } } });
  const features = new Map(
    snapshots.map(({ customerId, body }) => [customerId, (JSON.parse(body) as Entitlements).features]),
  );
  const keys = [...new Set([...features.values()].flatMap((one) => Object.keys(one)))];
  const types = new Map(
    (keys.length === 0
      ? []
      : await db.feature.findMany({ where: { key: { in: keys } }, select: { key: true, type: true } })
    ).map(({ key, type }) => [key, type as FeatureType]),
  );
  return new Map(
    licenses.map(({ id, customerId }) => {
      const has = Object.entries((customerId !== null && features.get(customerId)) || {});
      const given = has.flatMap(([key, value]) => {
        const type = types.get(key);
        return type === undefined ? [] : [{ key, type, value }];
      });
      const mine = own
        .filter(({ licenseId }) => licenseId === id)
        .map(({ code, value, expiresAt }) => ({ code, value: value as FeatureValue, expiresAt }));
      return [id, entitlementsOf(given, mine, now)];
    }),
  );
}
