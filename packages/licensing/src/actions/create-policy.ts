import { type CreateLicensePolicyRequest, policyTerms } from '@bastionary/contracts/license-policies';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { policyFaults } from '../rules/policy-faults.js';
import { getPolicy, type PolicyRow } from './find-policy.js';
import { getProduct } from './find-product.js';
import { awaitChanges, issuing } from './issue-to-holders.js';
import { refuseFaults } from './refusals.js';

/**
 * Makes what the licences issued under it will have in common. Who holds its plan already gets a licence soon after.
 * @throws AppError not_found (the product), invalid_request (terms that contradict each other)
 */
export async function createPolicy(
  tx: Transaction,
  origin: Origin,
  request: CreateLicensePolicyRequest,
  now: Date,
): Promise<PolicyRow> {
  const { name, product, plan = null, scheme } = request;
  // Who sells several seats means that they can be shared out.
  const floating = request.floating ?? (request.max_machines ?? 0) > 1;
  const terms = policyTerms.parse({ ...request, floating });
  refuseFaults(policyFaults(terms));
  const { id: productId } = await getProduct(tx, product);
  const id = newId('pol');
  if (plan !== null) await awaitChanges(tx);
  await tx.licensePolicy.create({
    data: { id, name, productId, plan, scheme, terms, ...issuing(plan), createdAt: now, updatedAt: now },
  });
  await announce(tx, { kind: 'license_policies' });
  const detail = { name, product: productId, plan, scheme, terms };
  await appendAudit(tx, origin, { action: 'license_policy.created', target: `license_policy:${id}`, detail });
  await appendEvent(tx, {
    type: 'license_policy.created',
    key: `license_policy:${id}`,
    data: { policy: id, ...detail },
  });
  return getPolicy(tx, id);
}
