import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import { toInstantOrNull } from '@bastionary/contracts/text';
import type { EntitlementChange } from '@bastionary/entitlements/actions/refresh-entitlements';
import { systemOrigin } from '@bastionary/platform/audit';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { type Issue, issuedBy } from '../rules/issued-by-grants.js';
import { type Around, changeLicense } from './change-license.js';
import { createLicense } from './create-license.js';
import type { LicenseRow } from './find-license.js';
import { type PolicyRow, termsOf } from './find-policy.js';
import { limitsOf } from './license-facts.js';
import { lockLicense } from './lock-license.js';
import { loadLicenseKeys } from './signing-keys.js';
import { reinstateLicense, suspendLicense } from './suspend-license.js';

const ORIGIN = systemOrigin('entitlements');

/**
 * Keeps the licences that a customer's subscriptions issue in step with what they give, in the transaction of the change:
 * issued with the first grant, seats as many as the quantity, ended when the grants end, suspended while nothing gives
 * them, and reinstated when something does again.
 */
export async function followEntitlements(
  tx: Transaction,
  { customerId, at }: Pick<EntitlementChange, 'customerId' | 'at'>,
  encryptionKeys: KeyEncryptionKeys,
): Promise<void> {
  const policies = await tx.licensePolicy.findMany({ where: { plan: { not: null } } });
  const issued = await tx.license.findMany({ where: { customerId, source: { not: null } }, orderBy: { id: 'asc' } });
  if (policies.length === 0 && issued.length === 0) return;
  // What was issued follows its subscription for good, whatever its policy issues for now.
  const plans = new Set(
    [...policies, ...issued.map(({ sourcePlan: plan }) => ({ plan }))].flatMap(({ plan }) => plan ?? []),
  );
  const grants = await tx.grant.findMany({ where: { customerId } });
  const issues = issuedBy(grants, plans, at);
  for (const license of issued.filter(({ revokedAt }) => revokedAt === null)) {
    const issue = issues.find(({ source, plan }) => source === license.source && plan === license.sourcePlan);
    if (issue !== undefined) await keepUp(tx, license, issue, at);
    else await suspendLicense(tx, ORIGIN, license.id, { by: 'subscription', now: at });
  }
  const missing = issues.flatMap((issue) =>
    policies
      .filter((policy) => policy.plan === issue.plan && !isIssued(issued, issue, policy))
      .map((policy) => ({ issue, policy })),
  );
  if (missing.length === 0) return;
  const around = { now: at, encryptionKeys, signing: await loadLicenseKeys(tx, encryptionKeys) };
  for (const { issue, policy } of missing) await issueLicense(tx, customerId, issue, policy, around);
}

// A revoked one is not issued anew: an operator took it away.
const isIssued = (licenses: readonly LicenseRow[], { source, plan }: Issue, policy: PolicyRow): boolean =>
  licenses.some((one) => one.source === source && one.sourcePlan === plan && one.policyId === policy.id);

function issueLicense(tx: Transaction, customerId: string, issue: Issue, policy: PolicyRow, around: Around) {
  const { source: subscription, plan, seats, endsAt } = issue;
  const terms = { ...seatsUnder(termsOf(policy), seats), expires_at: toInstantOrNull(endsAt) };
  return createLicense(tx, ORIGIN, { policy: policy.id, customer_id: customerId, ...terms }, around, {
    subscription,
    plan,
  });
}

/** As many seats and as long as the subscription gives; no longer suspended because it gave nothing. */
async function keepUp(tx: Transaction, { id }: LicenseRow, { seats, endsAt }: Issue, at: Date): Promise<void> {
  const before = await lockLicense(tx, id);
  const license = before.license.suspensions.includes('subscription')
    ? await reinstateLicense(tx, ORIGIN, id, { by: 'subscription', now: at })
    : before.license;
  const limits = limitsOf(license);
  const wanted = seatsUnder(before.terms, seats);
  const changes = {
    ...(limits.max_machines !== wanted.max_machines && {
      max_machines: { from: limits.max_machines ?? null, to: seats },
    }),
    ...(license.expiresAt?.getTime() !== endsAt?.getTime() && {
      expires_at: { from: toInstantOrNull(license.expiresAt), to: toInstantOrNull(endsAt) },
    }),
  };
  if (Object.keys(changes).length === 0) return;
  const data = {
    limits: { ...limits, ...wanted },
    expiresAt: endsAt,
    ...('expires_at' in changes && { expiryToldAt: null }),
  };
  await changeLicense(tx, ORIGIN, license, { action: 'license.updated', data, detail: { changes } }, at);
}

/** What is locked to one machine stays so, whatever the quantity. */
const seatsUnder = ({ floating }: PolicyTerms, seats: number): { max_machines?: number } =>
  floating ? { max_machines: seats } : {};
