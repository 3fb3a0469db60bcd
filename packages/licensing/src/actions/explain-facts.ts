import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import type { ExplainedLicense } from '../rules/explain-license.js';
import { licenseAsOf } from '../rules/license-as-of.js';
import { getLicense } from './find-license.js';
import { loadValidation } from './validate-license.js';

/** Which licence, for which machine, and at which instant. */
export interface AskedLicense {
  readonly id: string;
  readonly fingerprint: string | undefined;
  /** The customer whose it must be; null: anybody's. */
  readonly own: string | null;
}

/**
 * A licence as explain looks at it: as it is, will be, or was as far as the audit log tells.
 * @throws AppError not_found (also before it was made)
 */
export async function loadExplainedLicense(
  db: Reader,
  { id, fingerprint, own }: AskedLicense,
  { now, at }: { readonly now: Date; readonly at: Date },
): Promise<ExplainedLicense> {
  const license = await getLicense(db, id, own);
  if (at < license.createdAt && at < now) {
    throw new AppError('not_found', `At ${toInstant(at)} there was no licence ${id} yet.`);
  }
  const scope = fingerprint === undefined ? {} : { fingerprint };
  const facts = await loadValidation(db, license, scope, at < now ? now : at);
  const all = await db.machine.findMany({
    where: { licenseId: id },
    select: { id: true, fingerprint: true, lastHeartbeatAt: true, diesAt: true, resurrectedAt: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const { source: subscription, sourcePlan: plan } = license;
  const source = subscription === null || plan === null ? null : { subscription, plan };
  const present = { ...facts, source, all };
  if (at >= now) return present;
  const later = await db.auditLog.findMany({
    where: { target: `license:${id}`, at: { gt: at } },
    orderBy: { seq: 'desc' },
  });
  const records = later.map(({ action, detail }) => ({
    action,
    detail: JSON.parse(detail) as Record<string, unknown>,
  }));
  return licenseAsOf(present, records, fingerprint);
}
