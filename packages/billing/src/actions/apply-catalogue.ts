import type { Catalogue, CatalogueOutcome } from '@bastionary/contracts/catalogue';
import type { FieldFault } from '@bastionary/contracts/problem';
import { createFeature, updateFeature } from '@bastionary/entitlements/actions/change-features';
import { lockFeatures } from '@bastionary/entitlements/actions/facts';
import type { Origin } from '@bastionary/platform/audit';
import { appendEvent, type OutboxEntry } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { type CatalogueStep, catalogueDiff, whole } from '../rules/catalogue-diff.js';
import { meterFaults } from '../rules/meter-faults.js';
import { exportCatalogue } from './catalogue.js';
import { addVersion, editDraft, insertPlan, publishVersion, retireVersion, updatePlan } from './change-plans.js';
import { refuse } from './check-features.js';
import { knownMeters } from './check-meters.js';
import { allCustomers, previewChange } from './preview-change.js';
import type { Surroundings } from './write-subscription.js';

/** How many features there may be, and how many customers a preview names. */
export interface CatalogueLimits {
  readonly features: number;
  readonly previewed: number;
}

/**
 * Makes the catalogue say what a document says, step by step, each with its own audit record. What the document does not
 * name stays as it is. Applied again, there is nothing to do. A dry run is rolled back by the caller.
 * @throws AppError invalid_request with a fault for all that cannot be done; then nothing is
 */
export async function applyCatalogue(
  tx: Transaction,
  origin: Origin,
  wanted: Catalogue,
  limits: CatalogueLimits,
  around: Surroundings,
): Promise<Omit<CatalogueOutcome, 'applied'>> {
  // Nobody resolves, subscribes or changes a plan in between.
  await lockFeatures(tx);
  await tx.$executeRaw`SELECT 1 FROM plan ORDER BY key FOR UPDATE`;
  const { steps, faults } = catalogueDiff(await exportCatalogue(tx), wanted);
  refuse([...faults, ...(await faultsOfMeters(tx, steps, wanted))]);
  // A version is nobody's until somebody is moved to it; a feature is everybody's at once.
  const reached = steps.some(({ kind }) => kind === 'feature') ? await allCustomers(tx) : [];
  const change = async () => {
    for (const step of steps) await applyStep(tx, origin, step, limits.features, around);
    if (steps.length > 0) await appendEvent(tx, appliedEvent(steps));
    return new Map(reached.map((id) => [id, around.now]));
  };
  const preview = await previewChange(tx, reached, change, limits.previewed);
  const changes = steps.map(({ path, change, from, to }) => ({
    path,
    change,
    ...(from !== undefined && { from }),
    to,
  }));
  return { changes, preview };
}

/** Of versions that are about to be published, where the document says so. */
async function faultsOfMeters(
  tx: Transaction,
  steps: readonly CatalogueStep[],
  wanted: Catalogue,
): Promise<FieldFault[]> {
  const meters = await knownMeters(tx);
  return steps.flatMap((step) => {
    if (step.kind !== 'version' || step.change !== 'published') return [];
    const plan = wanted.plans.findIndex(({ key }) => key === step.plan);
    const version = wanted.plans[plan]?.versions.indexOf(step.version) ?? -1;
    return meterFaults(step.version.prices, meters, `/plans/${plan}/versions/${version}/prices`);
  });
}

const appliedEvent = (steps: readonly CatalogueStep[]): OutboxEntry => ({
  type: 'catalogue.applied',
  key: 'catalogue',
  data: { changes: steps.map(({ path, change }) => ({ path, change })) },
});

async function applyStep(
  tx: Transaction,
  origin: Origin,
  step: CatalogueStep,
  most: number,
  around: Surroundings,
): Promise<void> {
  const { now } = around;
  if (step.kind === 'feature') {
    const feature = whole(step.feature);
    const { name, default: value, description } = feature;
    if (step.change === 'created') await createFeature(tx, origin, feature, most, around);
    else await updateFeature(tx, origin, feature.key, { name, default: value, description }, undefined, around);
  } else if (step.kind === 'plan') {
    const { key, name, description = null } = step.plan;
    if (step.change === 'created') await insertPlan(tx, origin, step.plan, now);
    else await updatePlan(tx, origin, key, { name, description }, now);
  } else {
    const { plan, version } = step;
    if (step.change === 'created') await addVersion(tx, origin, plan, version, false, now);
    else if (step.change === 'updated') await editDraft(tx, origin, plan, version.version, version);
    else if (step.change === 'published') await publishVersion(tx, origin, plan, version.version, now);
    else await retireVersion(tx, origin, plan, version.version, now);
  }
}
