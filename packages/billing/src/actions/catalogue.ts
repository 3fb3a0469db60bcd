import type { Catalogue, CatalogueFeature } from '@bastionary/contracts/catalogue';
import type { PlanVersionStatus } from '@bastionary/contracts/plans';
import { listFeatures, toFeature } from '@bastionary/entitlements/actions/find-feature';
import type { Reader } from '@bastionary/prisma/client';
import { contentOf, listPlans } from './plans.js';

/** The whole catalogue as one document: the same catalogue is the same document, byte by byte. */
export async function exportCatalogue(db: Reader): Promise<Catalogue> {
  const features = (await listFeatures(db)).map((row): CatalogueFeature => {
    const { key, name, type, combine, default: value, description } = toFeature(row);
    return { key, name, type, combine, default: value, description };
  });
  const plans = (await listPlans(db)).map(({ key, name, kind, description, versions }) => ({
    key,
    name,
    kind: kind as 'plan' | 'add_on',
    description,
    versions: versions
      .map((row) => {
        const { features: given, prices, trial_days } = contentOf(row);
        const sorted = Object.fromEntries(Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1)));
        const status = row.status as PlanVersionStatus;
        return { version: row.version, status, features: sorted, prices, trial_days };
      })
      .reverse(),
  }));
  return { features, plans };
}
