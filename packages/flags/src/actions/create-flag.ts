import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import type { CreateFlagRequest } from '@bastionary/contracts/flags';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { definitionFaults } from '../rules/definition-faults.js';
import { checkEntitlement } from './check-entitlement.js';
import { type FlagRow, getFlag } from './find-flag.js';
import { lockEnvironments, move } from './lock-environments.js';
import { refuseFaults } from './refusals.js';

/** What a new flag does anywhere: nothing, until somebody enables it. */
export const initialSettings = (key: string): FlagSettings => ({
  enabled: false,
  prerequisites: [],
  rules: [],
  rollout: null,
  seed: key,
  bucket_by: 'targetingKey',
});

/**
 * Makes a flag, disabled in every environment.
 * @throws AppError duplicate_flag, invalid_request
 */
export async function createFlag(
  tx: Transaction,
  origin: Origin,
  request: CreateFlagRequest,
  now: Date,
): Promise<FlagRow> {
  const { key, type, variants, default_variant } = request;
  const { off_variant = default_variant, schema = null, entitlement = null } = request;
  refuseFaults(definitionFaults({ type, variants, default_variant, off_variant, schema }));
  await checkEntitlement(tx, entitlement);
  const environments = await lockEnvironments(tx);
  if ((await tx.flag.count({ where: { key } })) > 0) {
    throw new AppError('duplicate_flag', `There is a flag ${key} already; an archived one keeps its key, too.`);
  }
  const about = {
    description: request.description ?? null,
    kind: request.kind ?? 'release',
    owner: request.owner ?? null,
    tags: [...new Set(request.tags ?? [])],
    entitlement,
    public: request.public ?? true,
  };
  const expiresAt = request.expires_at ? new Date(request.expires_at) : null;
  await tx.flag.create({
    data: {
      ...about,
      key,
      type,
      variants,
      ...(schema !== null && { schema: schema as object }),
      expiresAt,
      requiredPlan: request.required_plan ?? null,
      defaultVariant: default_variant,
      offVariant: off_variant,
      createdAt: now,
      updatedAt: now,
    },
  });
  const settings = initialSettings(key) as object;
  await tx.flagSetting.createMany({
    data: environments.map((environment) => ({ environment, flag: key, settings, updatedAt: now })),
  });
  await tx.flagRevision.createMany({
    data: environments.map((environment) => ({
      environment,
      flag: key,
      number: 1,
      settings,
      actor: origin.actor,
      cause: 'created',
      at: now,
    })),
  });
  await move(tx, environments);
  const detail = { type, variants, default_variant, off_variant, ...about };
  await appendAudit(tx, origin, { action: 'flag.created', target: `flag:${key}`, detail });
  await appendEvent(tx, { type: 'flag.created', key: `flag:${key}`, data: { flag: key, ...detail } });
  return getFlag(tx, key);
}
