import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import type { FlagListQuery, FlagType, FlagValue } from '@bastionary/contracts/flags';
import type { Reader } from '@bastionary/prisma/client';
import type { FlagDefinition } from '../rules/model.js';
import { noSuchEnvironment, noSuchFlag } from './refusals.js';

/** @throws AppError not_found */
export async function getFlag(db: Reader, key: string) {
  const row = await db.flag.findUnique({ where: { key } });
  if (row === null) throw noSuchFlag(key);
  return row;
}

export type FlagRow = Awaited<ReturnType<typeof getFlag>>;

/** What a flag is, whatever it does. */
export const definitionOf = (row: FlagRow): FlagDefinition => ({
  key: row.key,
  type: row.type as FlagType,
  variants: row.variants as Record<string, FlagValue>,
  defaultVariant: row.defaultVariant,
  offVariant: row.offVariant,
  entitlement: row.entitlement,
  requiredPlan: row.requiredPlan,
  isPublic: row.public,
});

/** What a flag does in an environment. @throws AppError not_found */
export async function getSetting(db: Reader, environment: string, flag: string) {
  const row = await db.flagSetting.findUnique({ where: { environment_flag: { environment, flag } } });
  if (row !== null) return { ...row, settings: row.settings as unknown as FlagSettings };
  await getFlag(db, flag);
  throw noSuchEnvironment(environment);
}

export type SettingRow = Awaited<ReturnType<typeof getSetting>>;

/** Flags, the newest first; one more than asked for if there are more. @param after the last one of the page before */
export function listFlags(
  db: Reader,
  { limit, search, tag, kind, state }: FlagListQuery,
  after: { at: Date; id: string } | undefined,
): Promise<FlagRow[]> {
  const contains = { contains: (search ?? '').replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  return db.flag.findMany({
    where: {
      AND: [
        state === 'archived' ? { archivedAt: { not: null } } : { archivedAt: null },
        search === undefined ? {} : { OR: [{ key: contains }, { description: contains }] },
        tag === undefined ? {} : { tags: { has: tag } },
        kind === undefined ? {} : { kind },
        after === undefined
          ? {}
          : { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, key: { lt: after.id } }] },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { key: 'desc' }],
    take: limit + 1,
  });
}
