import type { ActivateMachineRequest } from '@bastionary/contracts/licenses';
import { type Sql, sql, type Transaction } from '@bastionary/prisma/client';
import { collisionScope, type Place, type UniquenessStrategy } from '../rules/uniqueness.js';
import type { LockedLicense } from './lock-license.js';
import { refused } from './refusals.js';

type Fingerprints = Pick<ActivateMachineRequest, 'fingerprint' | 'components'>;

/**
 * Refuses fingerprints that are in use where the policy wants them once. Whoever activates the same one elsewhere waits
 * here; within the licence its row is the lock already.
 * @throws AppError fingerprint_taken: fingerprint_taken, components_fingerprint_taken, components_fingerprint_conflict
 */
export async function checkFingerprints(
  tx: Transaction,
  { license, policy, terms, at }: LockedLicense,
  { fingerprint, components }: Fingerprints,
): Promise<void> {
  const place = { productId: policy.productId, policyId: policy.id, licenseId: license.id };
  const parts = components.map((one) => one.fingerprint);
  const twice = parts.findIndex((part, index) => parts.indexOf(part) !== index);
  if (twice !== -1) {
    const path = `/components/${twice}/fingerprint`;
    throw refused(
      'fingerprint_taken',
      'components_fingerprint_conflict',
      `The component ${parts[twice]} is there twice.`,
      path,
    );
  }
  await lockFingerprints(tx, terms.machine_uniqueness_strategy, 'machine', [fingerprint]);
  await lockFingerprints(tx, terms.component_uniqueness_strategy, 'component', parts);
  const machineScope = within(collisionScope(terms.machine_uniqueness_strategy, place));
  // Its own licence's machine of that name is dead, or it would have been answered with.
  const isOwn = terms.machine_uniqueness_strategy === 'UNIQUE_PER_LICENSE';
  const [other] = isOwn
    ? []
    : await tx.$queryRaw<{ license: string }[]>`
    SELECT l.id AS license FROM machine m JOIN license l ON l.id = m.license_id JOIN license_policy p ON p.id = l.policy_id
    WHERE m.fingerprint = ${fingerprint} AND l.id <> ${license.id} AND ${machineScope} AND ${holdingSeat(at)} LIMIT 1`;
  if (other !== undefined) {
    const message = `The fingerprint ${fingerprint} is activated under the licence ${other.license}, and may be only once.`;
    throw refused('fingerprint_taken', 'fingerprint_taken', message, '/fingerprint');
  }
  if (parts.length === 0) return;
  // A component unique per machine cannot collide with those of another.
  if (terms.component_uniqueness_strategy === 'UNIQUE_PER_MACHINE') return;
  const componentScope = within(collisionScope(terms.component_uniqueness_strategy, place));
  const [taken] = await tx.$queryRaw<{ fingerprint: string; machine: string }[]>`
    SELECT c.fingerprint, m.id AS machine FROM machine_component c JOIN machine m ON m.id = c.machine_id
      JOIN license l ON l.id = m.license_id JOIN license_policy p ON p.id = l.policy_id
    WHERE c.fingerprint = ANY(${parts}) AND NOT (l.id = ${license.id} AND m.fingerprint = ${fingerprint})
      AND ${componentScope} AND ${holdingSeat(at)} LIMIT 1`;
  if (taken === undefined) return;
  const path = `/components/${parts.indexOf(taken.fingerprint)}/fingerprint`;
  const message = `The component ${taken.fingerprint} belongs to the machine ${taken.machine}, and may be only once.`;
  throw refused('fingerprint_taken', 'components_fingerprint_taken', message, path);
}

const holdingSeat = (at: Date): Sql =>
  sql`(m.dies_at IS NULL OR m.dies_at >= ${at} OR p.terms->>'heartbeat_cull_strategy' = 'KEEP_DEAD')`;

function within({ productId, policyId, licenseId }: Partial<Place>): Sql {
  if (licenseId !== undefined) return sql`l.id = ${licenseId}`;
  if (policyId !== undefined) return sql`p.id = ${policyId}`;
  return productId === undefined ? sql`true` : sql`p.product_id = ${productId}`;
}

async function lockFingerprints(
  tx: Transaction,
  strategy: UniquenessStrategy,
  kind: 'machine' | 'component',
  fingerprints: readonly string[],
): Promise<void> {
  if (strategy === 'UNIQUE_PER_LICENSE' || strategy === 'UNIQUE_PER_MACHINE') return;
  // In one order, so that nobody waits in a circle.
  for (const fingerprint of [...fingerprints].sort()) {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`license ${kind} ${fingerprint}`}, 0))`;
  }
}
