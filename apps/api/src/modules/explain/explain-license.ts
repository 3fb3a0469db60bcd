import type { ExplainChange, ExplainStep } from '@bastionary/contracts/explain';
import { loadExplainedLicense } from '@bastionary/licensing/actions/explain-facts';
import { explainLicense } from '@bastionary/licensing/rules/explain-license';
import { licenseChanges } from '@bastionary/licensing/rules/explain-license-change';
import type { Reader } from '@bastionary/prisma/client';
import { loadCustomerView } from './customer-view.js';
import { explainMoment, type Moment } from './moment.js';

interface LicenseQuestion {
  readonly license: string;
  readonly fingerprint?: string | undefined;
}

/**
 * Why a licence is valid or not, for a machine or in general, and what would make it so.
 * @param own the customer whose it must be; null: anybody's
 * @throws AppError not_found
 */
export async function explainLicenseQuestion(
  db: Reader,
  { license: id, fingerprint }: LicenseQuestion,
  own: string | null,
  moment: Moment,
): Promise<{ readonly chain: ExplainStep[]; readonly changes: ExplainChange[] | null }> {
  const license = await loadExplainedLicense(db, { id, fingerprint, own }, moment);
  const { customerId, source } = license;
  const customer = customerId === null ? null : await loadCustomerView(db, customerId, moment);
  const facts = { ...license, isOwnerSuspended: customer?.step.result === 'denies' };
  const payments = source === null ? [] : (customer?.paymentsFor(source.subscription) ?? []);
  return {
    chain: [...explainMoment(moment), ...explainLicense(facts, fingerprint, moment.at)],
    changes: licenseChanges(facts, fingerprint, moment, payments),
  };
}
