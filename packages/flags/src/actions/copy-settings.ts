import type { CopySettingsRequest, EnvironmentComparison } from '@bastionary/contracts/environments';
import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import type { Origin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { differenceInWords } from '../rules/difference.js';
import { changeSettings } from './change-settings.js';
import { getEnvironment } from './environments.js';
import { definitionOf } from './find-flag.js';
import { lockEnvironment } from './lock-environments.js';
import { invalidField } from './refusals.js';

/** What flags do otherwise in another environment; archived ones are not looked at. @throws AppError not_found */
export async function compareEnvironments(db: Reader, key: string, other: string): Promise<EnvironmentComparison> {
  await getEnvironment(db, key);
  await getEnvironment(db, other);
  const flags = await db.flag.findMany({ where: { archivedAt: null }, orderBy: { key: 'asc' } });
  const rows = await db.flagSetting.findMany({ where: { environment: { in: [key, other] } } });
  const settings = new Map(
    rows.map((row) => [`${row.environment} ${row.flag}`, row.settings as unknown as FlagSettings]),
  );
  const different = flags.flatMap((flag) => {
    const [here, there] = [settings.get(`${key} ${flag.key}`), settings.get(`${other} ${flag.key}`)];
    if (here === undefined || there === undefined) return [];
    const changes = differenceInWords(definitionOf(flag), here, there);
    return changes.length === 0 ? [] : [{ flag: flag.key, changes }];
  });
  return { environment: key, with: other, same: flags.length - different.length, different };
}

/**
 * Lets flags do in an environment what they do in another. What is arranged stays as it is.
 * @returns the keys of those that changed
 * @throws AppError not_found, invalid_request (a flag that is not there), flag_conflict
 */
export async function copySettings(
  tx: Transaction,
  origin: Origin,
  environment: string,
  { from, flags, comment }: CopySettingsRequest,
  now: Date,
): Promise<string[]> {
  await lockEnvironment(tx, environment);
  await getEnvironment(tx, from);
  const live = await tx.flag.findMany({ where: { archivedAt: null }, select: { key: true }, orderBy: { key: 'asc' } });
  const known = new Set(live.map(({ key }) => key));
  const wanted = flags ?? [...known];
  wanted.forEach((key, index) => {
    if (!known.has(key)) throw invalidField(`/flags/${index}`, `there is no flag ${key}, or it is archived`);
  });
  const sources = await tx.flagSetting.findMany({ where: { environment: from, flag: { in: wanted } } });
  const changed: string[] = [];
  for (const { flag, settings } of sources) {
    const place = { environment, flag };
    const before = await tx.flagSetting.findUniqueOrThrow({ where: { environment_flag: place } });
    const reasons = { comment: comment ?? `Copied from ${from}`, cause: 'copied' as const, now };
    const row = await changeSettings(tx, origin, place, () => settings as unknown as FlagSettings, reasons);
    if (row.version !== before.version) changed.push(flag);
  }
  return changed;
}
