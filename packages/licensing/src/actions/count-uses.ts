import type { Transaction } from '@bastionary/prisma/client';
import { expiryAfter } from '../rules/expiry.js';
import { effectiveLimits, refusedLimit } from '../rules/limits.js';
import type { LicenseRow } from './find-license.js';
import { limitsOf } from './license-facts.js';
import { lockLicense } from './lock-license.js';
import { refused } from './refusals.js';
import { beyondLimit, refuseUnlessGiving } from './seat-check.js';

const NOTHING = { max_machines: 0, max_cores: 0, max_memory: 0, max_disk: 0, max_processes: 0, max_users: 0 };

/**
 * Counts uses. Whoever counts at the same licence at the same time waits, so exactly as many succeed as are allowed. Uses
 * are use, not change: they leave no record.
 * @throws AppError not_found, license_conflict, uses_exceeded
 */
export async function incrementUses(tx: Transaction, licenseId: string, amount: number): Promise<LicenseRow> {
  const locked = await lockLicense(tx, licenseId);
  const { license, terms, at } = locked;
  await refuseUnlessGiving(tx, locked, at);
  const limits = effectiveLimits(terms, limitsOf(license));
  const used = { ...NOTHING, max_uses: Number(license.uses) };
  if (refusedLimit(limits, terms.overage_strategy, used, { max_uses: amount }) !== null) {
    throw beyondLimit('max_uses', limits, locked, used.max_uses, amount);
  }
  const expiresAt = expiryAfter('use', terms, license.expiresAt, at);
  return tx.license.update({ where: { id: licenseId }, data: { uses: { increment: amount }, expiresAt } });
}

/** Takes uses back. @throws AppError not_found, uses_exceeded (there are fewer) */
export async function decrementUses(tx: Transaction, licenseId: string, amount: number): Promise<LicenseRow> {
  const { license } = await lockLicense(tx, licenseId);
  if (license.uses < BigInt(amount)) {
    const message = `The licence ${licenseId} has ${license.uses} uses: ${amount} cannot be taken back.`;
    throw refused('uses_exceeded', 'uses_below_zero', message, '/amount');
  }
  return tx.license.update({ where: { id: licenseId }, data: { uses: { decrement: amount } } });
}

/** Begins to count uses anew. @throws AppError not_found */
export async function resetUses(tx: Transaction, licenseId: string): Promise<LicenseRow> {
  await lockLicense(tx, licenseId);
  return tx.license.update({ where: { id: licenseId }, data: { uses: 0 } });
}
