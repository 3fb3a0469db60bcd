import type { DunningPolicy, UpdateDunningPolicyRequest } from '@bastionary/contracts/dunning';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { DEFAULT_STEPS, type DunningStep } from '../../rules/collection/dunning.js';

type Stored = DunningPolicy['steps'];

const ID = 'default';
const toStored = (steps: readonly DunningStep[]): Stored =>
  steps.map(({ act, afterSeconds }) => ({ act, after_seconds: afterSeconds }));

/** What happens to whoever does not pay, as it is now. */
export async function dunningSteps(db: Reader): Promise<readonly DunningStep[]> {
  const { policy } = await getDunningPolicy(db);
  return policy.steps.map(({ act, after_seconds }) => ({ act, afterSeconds: after_seconds }));
}

/** The policy as it crosses the wire, and its version; 1: as it came. */
export async function getDunningPolicy(db: Reader): Promise<{ version: number; policy: DunningPolicy }> {
  const row = await db.dunningPolicy.findUnique({ where: { id: ID } });
  return row === null
    ? { version: 1, policy: { steps: toStored(DEFAULT_STEPS), updated_at: null } }
    : { version: row.version, policy: { steps: row.steps as Stored, updated_at: toInstant(row.updatedAt) } };
}

/**
 * Replaces the policy. An invoice that went through some steps already goes on with the step of that place in the new one.
 * @throws AppError version_mismatch
 */
export async function updateDunningPolicy(
  tx: Transaction,
  origin: Origin,
  { steps }: UpdateDunningPolicyRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<{ version: number; policy: DunningPolicy }> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('dunning_policy'))`;
  const before = await getDunningPolicy(tx);
  if (ifVersion !== undefined && ifVersion !== before.version) {
    throw new AppError('version_mismatch', 'Somebody changed this policy since you read it. Read it again.');
  }
  if (JSON.stringify(before.policy.steps) === JSON.stringify(steps)) return before;
  const version = before.version + 1;
  const data = { steps, updatedAt: now, version };
  await tx.dunningPolicy.upsert({ where: { id: ID }, create: { id: ID, ...data }, update: data });
  const changes = { steps: { from: before.policy.steps, to: steps } };
  await appendAudit(tx, origin, { action: 'dunning_policy.updated', target: 'dunning_policy', detail: changes });
  await appendEvent(tx, { type: 'dunning_policy.updated', key: 'dunning_policy', data: { changes } });
  return { version, policy: { steps, updated_at: toInstant(now) } };
}
