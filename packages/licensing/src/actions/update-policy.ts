import { policyTerms, type UpdateLicensePolicyRequest } from '@bastionary/contracts/license-policies';
import { differences } from '@bastionary/entitlements/actions/differences';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';

import { policyChangeFaults } from '../rules/policy-change.js';
import { policyFaults } from '../rules/policy-faults.js';
import { getPolicy, type PolicyRow, termsOf } from './find-policy.js';
import { awaitChanges, issuing } from './issue-to-holders.js';
import { checkVersion, noSuchPolicy, refuseFaults } from './refusals.js';

/**
 * Changes what the licences under a policy may do, all of them at once. What is on a machine without a network changes
 * with its next file. Who holds a plan that it issues for from now on gets a licence soon after.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, version_mismatch, invalid_request (terms that contradict each other, or machines there are)
 */
export async function updatePolicy(
  tx: Transaction,
  origin: Origin,
  policyId: string,
  change: UpdateLicensePolicyRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<PolicyRow> {
  if (change.plan !== undefined || change.floating !== undefined) await awaitChanges(tx);
  const [locked] = await tx.$queryRaw<
    { id: string }[]
  >`SELECT id FROM license_policy WHERE id = ${policyId} FOR UPDATE`;
  if (locked === undefined) throw noSuchPolicy(policyId);
  const before = await getPolicy(tx, policyId);
  checkVersion('policy', ifVersion, before.version);
  const old = { ...termsOf(before), name: before.name, plan: before.plan };
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const wanted = { ...old, ...Object.fromEntries(given) } as typeof old;
  const changes = differences(old, wanted);
  if (Object.keys(changes).length === 0) return before;

  const terms = policyTerms.parse(wanted);
  const licenses = await tx.license.count({ where: { policyId } });
  refuseFaults([...policyFaults(terms), ...policyChangeFaults(old, terms, licenses)]);
  await tx.licensePolicy.update({
    where: { id: policyId },
    data: {
      name: wanted.name,
      plan: wanted.plan,
      terms,
      ...(('plan' in changes || 'floating' in changes) && issuing(wanted.plan)),
      updatedAt: now,
      version: { increment: 1 },
    },
  });
  await announce(tx, { kind: 'license_policies' });
  await appendAudit(tx, origin, {
    action: 'license_policy.updated',
    target: `license_policy:${policyId}`,
    detail: changes,
  });
  await appendEvent(tx, {
    type: 'license_policy.updated',
    key: `license_policy:${policyId}`,
    data: { policy: policyId, changes },
  });
  return getPolicy(tx, policyId);
}
