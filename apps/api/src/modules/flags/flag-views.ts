import type { ClientKey, Environment, Segment } from '@bastionary/contracts/environments';
import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import type { Flag, FlagKind, FlagRevision, ScheduledChange, SettingsView } from '@bastionary/contracts/flags';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { ClientKeyRow } from '@bastionary/flags/actions/client-keys';
import type { EnvironmentRow } from '@bastionary/flags/actions/environments';
import { definitionOf, type FlagRow, type SettingRow } from '@bastionary/flags/actions/find-flag';
import type { listChanges, listRevisions } from '@bastionary/flags/actions/find-revision';
import { useFigures } from '@bastionary/flags/actions/flag-use';
import { type SegmentRow, usersOfSegment } from '@bastionary/flags/actions/segments';
import { fieldsOf } from '@bastionary/flags/actions/update-flag';
import { differenceInWords } from '@bastionary/flags/rules/difference';
import { segmentSentences, settingsSentences } from '@bastionary/flags/rules/sentences';
import { patched } from '@bastionary/flags/rules/settings-at';
import { staleness } from '@bastionary/flags/rules/stale';
import type { Reader } from '@bastionary/prisma/client';

/** Flags as they stand in answers, in the order given: what they do in each environment and how they are used. */
export async function toFlags(db: Reader, rows: readonly FlagRow[], now: Date): Promise<Flag[]> {
  const keys = rows.map(({ key }) => key);
  const settings = await db.flagSetting.findMany({ where: { flag: { in: keys } } });
  const environments = await db.flagEnvironment.findMany({ orderBy: [{ createdAt: 'asc' }, { key: 'asc' }] });
  const figures = await useFigures(db, keys, now);
  return rows.map((row) => {
    const used = figures.filter(({ flag }) => flag === row.key);
    const lastAt = Math.max(...used.map((one) => one.lastAt.getTime()), 0);
    const facts = {
      kind: row.kind as FlagKind,
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt?.getTime() ?? null,
      lastEvaluatedAt: lastAt || null,
      recentVariants: [...new Set(used.flatMap(({ variants }) => variants))],
    };
    return {
      key: row.key,
      type: definitionOf(row).type,
      ...fieldsOf(row),
      kind: facts.kind,
      archived_at: toInstantOrNull(row.archivedAt),
      stale: row.archivedAt === null ? staleness(facts, now.getTime()) : null,
      environments: environments.flatMap(({ key: environment }) => {
        const setting = settings.find((one) => one.flag === row.key && one.environment === environment);
        const use = used.find((one) => one.environment === environment);
        return setting === undefined ? [] : [summaryOf(setting, use)];
      }),
      created_at: toInstant(row.createdAt),
      updated_at: toInstant(row.updatedAt),
    } as Flag;
  });
}

function summaryOf(
  {
    environment,
    settings,
    version,
    updatedAt,
  }: { environment: string; settings: unknown; version: number; updatedAt: Date },
  use: { lastAt: Date; sevenDays: bigint } | undefined,
): Flag['environments'][number] {
  const { enabled, rules, rollout } = settings as FlagSettings;
  return {
    environment,
    enabled,
    rules: rules.length,
    rollout,
    version,
    updated_at: toInstant(updatedAt),
    last_evaluated_at: toInstantOrNull(use?.lastAt ?? null),
    evaluations_7_days: String(use?.sevenDays ?? 0n),
  };
}

/** What a flag does in an environment, also in words. */
export async function toSettings(db: Reader, flag: FlagRow, row: SettingRow): Promise<SettingsView> {
  const environment = await db.flagEnvironment.findUniqueOrThrow({ where: { key: row.environment } });
  return {
    environment: row.environment,
    flag: row.flag,
    ...row.settings,
    rules: [...row.settings.rules],
    sentences: settingsSentences(definitionOf(flag), row.settings),
    warnings: warningsOf(row.settings),
    version: row.version,
    environment_revision: String(environment.revision),
    updated_at: toInstant(row.updatedAt),
  };
}

/** What its author should know: it can be saved, and may not be what was meant. */
function warningsOf({ rules }: FlagSettings): string[] {
  const everybody = rules.findIndex(({ when }) => when.length === 0);
  const late = everybody >= 0 && everybody < rules.length - 1;
  const isServed = rules.some(({ when }) => when.some((one) => 'operator' in one && one.operator === 'matches'));
  return [
    ...(late ? [`Rule ${everybody + 1} holds for everybody: the rules after it are never reached.`] : []),
    ...(isServed
      ? [
          'It asks for a regular expression: only the server can evaluate it, programs in process get their own default.',
        ]
      : []),
  ];
}

type RevisionRow = Awaited<ReturnType<typeof listRevisions>>[number];

export const toRevision = (flag: FlagRow, row: RevisionRow): FlagRevision => ({
  number: row.number,
  settings: { ...row.settings, rules: [...row.settings.rules] },
  comment: row.comment,
  actor: row.actor,
  cause: row.cause as FlagRevision['cause'],
  at: toInstant(row.at),
  changes: differenceInWords(definitionOf(flag), row.earlier, row.settings),
});

type ChangeRow = Awaited<ReturnType<typeof listChanges>>[number];

/** What is arranged, each change in words against what will be by then. */
export function toChanges(flag: FlagRow, settings: FlagSettings, rows: readonly ChangeRow[]): ScheduledChange[] {
  let before = settings;
  return rows.map((row) => {
    const change = row.change as ScheduledChange['change'];
    const after = patched(before, change);
    const sentences = row.state === 'pending' ? differenceInWords(definitionOf(flag), before, after) : [];
    if (row.state === 'pending') before = after;
    return {
      id: row.id,
      environment: row.environment,
      flag: row.flag,
      at: toInstant(row.at),
      change,
      sentences,
      comment: row.comment,
      actor: row.actor,
      state: row.state as ScheduledChange['state'],
      reason: row.reason,
      ramp: row.ramp,
      created_at: toInstant(row.createdAt),
    };
  });
}

export const toEnvironment = (row: EnvironmentRow & { clients?: number }): Environment => ({
  key: row.key,
  name: row.name,
  revision: String(row.revision),
  clients: row.clients ?? 0,
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});

export async function toSegment(db: Reader, row: SegmentRow): Promise<Segment> {
  return {
    key: row.key,
    name: row.name,
    description: row.description,
    ...row.rules,
    flags: await usersOfSegment(db, row.key),
    sentences: segmentSentences(row.rules),
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
  };
}

export const toClientKey = (row: ClientKeyRow): ClientKey => ({
  id: row.id,
  environment: row.environment,
  name: row.name,
  key: row.key,
  origins: row.origins,
  created_at: toInstant(row.createdAt),
  revoked_at: toInstantOrNull(row.revokedAt),
});
