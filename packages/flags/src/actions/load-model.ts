import type { FlagSettings, SegmentRules } from '@bastionary/contracts/flag-rules';
import type { FlagType, FlagValue, SettingsPatch } from '@bastionary/contracts/flags';
import type { Reader } from '@bastionary/prisma/client';
import type { ConfiguredFlag, EnvironmentModel, FlagDefinition, PlannedChange } from '../rules/model.js';

interface FlagRow {
  readonly key: string;
  readonly type: string;
  readonly variants: unknown;
  readonly default_variant: string;
  readonly off_variant: string;
  readonly entitlement: string | null;
  readonly required_plan: string | null;
  readonly public: boolean;
  readonly settings: unknown;
  readonly planned: readonly { id: string; at: number; change: unknown }[] | null;
}

/** What a flag is, as it is stored. */
export const toDefinition = (row: Omit<FlagRow, 'settings' | 'planned'>): FlagDefinition => ({
  key: row.key,
  type: row.type as FlagType,
  variants: row.variants as Record<string, FlagValue>,
  defaultVariant: row.default_variant,
  offVariant: row.off_variant,
  entitlement: row.entitlement,
  requiredPlan: row.required_plan,
  isPublic: row.public,
});

/**
 * All that is evaluated in an environment, of one moment: one statement reads it, so that revision and flags belong
 * together whoever changes them meanwhile.
 * @returns null if there is no such environment
 */
export async function loadModel(db: Reader, environment: string): Promise<EnvironmentModel | null> {
  const [found] = await db.$queryRaw<
    { revision: string; flags: FlagRow[] | null; segments: { key: string; rules: unknown }[] | null }[]
  >`
    SELECT revision::text,
      (SELECT json_agg(row ORDER BY row.key) FROM (
        SELECT f.key, f.type, f.variants, f.default_variant, f.off_variant, f.entitlement, f.required_plan, f.public,
          s.settings,
          (SELECT json_agg(json_build_object('id', c.id, 'change', c.change,
              'at', round(extract(epoch FROM c.at) * 1000)) ORDER BY c.at, c.id)
            FROM flag_change c
            WHERE c.environment = e.key AND c.flag = f.key AND c.state = 'pending') AS planned
        FROM flag f JOIN flag_setting s ON s.flag = f.key AND s.environment = e.key
        WHERE f.archived_at IS NULL) row) AS flags,
      (SELECT json_agg(json_build_object('key', g.key, 'rules', g.rules) ORDER BY g.key) FROM flag_segment g) AS segments
    FROM flag_environment e WHERE e.key = ${environment}`;
  if (found === undefined) return null;
  return {
    environment,
    revision: found.revision,
    flags: new Map((found.flags ?? []).map((row) => [row.key, toConfigured(row)])),
    segments: new Map((found.segments ?? []).map(({ key, rules }) => [key, rules as SegmentRules])),
  };
}

const toConfigured = (row: FlagRow): ConfiguredFlag => ({
  definition: toDefinition(row),
  settings: row.settings as FlagSettings,
  planned: (row.planned ?? []).map(
    ({ id, at, change }): PlannedChange => ({ id, at: Number(at), change: change as SettingsPatch }),
  ),
});

/** The model with one flag doing something else. */
export function withSettings(model: EnvironmentModel, key: string, settings: FlagSettings): EnvironmentModel {
  const flag = model.flags.get(key);
  if (flag === undefined) return model;
  return { ...model, flags: new Map(model.flags).set(key, { ...flag, settings }) };
}
