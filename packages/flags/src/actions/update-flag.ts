import type { FlagValue, UpdateFlagRequest } from '@bastionary/contracts/flags';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { differences } from '@bastionary/entitlements/actions/differences';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import { DbNull, type Transaction } from '@bastionary/prisma/client';
import { definitionFaults } from '../rules/definition-faults.js';
import { checkSettings } from './change-settings.js';
import { checkEntitlement } from './check-entitlement.js';
import { definitionOf, type FlagRow, getFlag } from './find-flag.js';
import { loadModel } from './load-model.js';
import { lockEnvironments, move } from './lock-environments.js';
import { checkVersion, refuseFaults } from './refusals.js';

/** A flag's own fields, named as they are on the wire. */
export const fieldsOf = (row: FlagRow) => ({
  variants: row.variants as Record<string, FlagValue>,
  default_variant: row.defaultVariant,
  off_variant: row.offVariant,
  description: row.description,
  kind: row.kind,
  owner: row.owner,
  tags: row.tags,
  expires_at: toInstantOrNull(row.expiresAt),
  entitlement: row.entitlement,
  required_plan: row.requiredPlan,
  public: row.public,
  schema: row.schema as Record<string, unknown> | null,
});

/**
 * Changes what a flag is, in every environment.
 * @throws AppError not_found, version_mismatch, invalid_request, flag_conflict (something arranged would become impossible)
 */
export async function updateFlag(
  tx: Transaction,
  origin: Origin,
  key: string,
  { comment, ...change }: UpdateFlagRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<FlagRow> {
  const environments = await lockEnvironments(tx);
  const before = await getFlag(tx, key);
  checkVersion('flag', ifVersion, before.version);
  const old = fieldsOf(before);
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const wanted = { ...old, ...Object.fromEntries(given) } as typeof old;
  const changes = differences(old, wanted);
  if (Object.keys(changes).length === 0) return before;
  refuseFaults(definitionFaults({ ...wanted, type: definitionOf(before).type }));
  if (wanted.entitlement !== old.entitlement) await checkEntitlement(tx, wanted.entitlement);
  await tx.flag.update({
    where: { key },
    data: {
      variants: wanted.variants,
      defaultVariant: wanted.default_variant,
      offVariant: wanted.off_variant,
      description: wanted.description,
      kind: wanted.kind,
      owner: wanted.owner,
      tags: [...new Set(wanted.tags)],
      expiresAt: wanted.expires_at === null ? null : new Date(wanted.expires_at),
      entitlement: wanted.entitlement,
      requiredPlan: wanted.required_plan,
      public: wanted.public,
      schema: wanted.schema === null ? DbNull : (wanted.schema as object),
      updatedAt: now,
      version: { increment: 1 },
    },
  });
  for (const environment of environments) await checkEnvironment(tx, environment, key);
  await move(tx, environments);
  const detail = { changes, ...(comment !== undefined && { comment }) };
  await appendAudit(tx, origin, { action: 'flag.updated', target: `flag:${key}`, detail });
  await appendEvent(tx, { type: 'flag.updated', key: `flag:${key}`, data: { flag: key, ...detail } });
  return getFlag(tx, key);
}

/** A variant that is gone may be asked for anywhere. */
async function checkEnvironment(tx: Transaction, environment: string, key: string): Promise<void> {
  const model = await loadModel(tx, environment);
  for (const other of model?.flags.keys() ?? []) {
    try {
      if (model !== null) checkSettings(model, other);
    } catch (error) {
      if (error instanceof Error)
        error.message = `In ${environment}, flag ${other}: ${error.message} (changed was ${key})`;
      throw error;
    }
  }
}
