import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import type { Place } from './schedule-changes.js';

/** Revisions of a flag in an environment, the newest first, and the one before each; one more than asked for if there are more. */
export async function listRevisions(
  db: Reader,
  place: Place,
  { limit, before }: { limit: number; before: number | undefined },
) {
  const rows = await db.flagRevision.findMany({
    where: { ...place, ...(before !== undefined && { number: { lt: before } }) },
    orderBy: { number: 'desc' },
    take: limit + 2,
  });
  return rows.map((row, index) => ({
    ...row,
    settings: row.settings as unknown as FlagSettings,
    earlier: (rows[index + 1]?.settings ?? null) as unknown as FlagSettings | null,
  }));
}

/** @throws AppError not_found */
export async function getRevision(db: Reader, place: Place, number: number): Promise<FlagSettings> {
  const row = await db.flagRevision.findUnique({ where: { environment_flag_number: { ...place, number } } });
  if (row === null)
    throw new AppError('not_found', `The flag ${place.flag} has no revision ${number} in ${place.environment}.`);
  return row.settings as unknown as FlagSettings;
}

/** What is or was arranged for a flag, what comes next first. */
export const listChanges = (db: Reader, place: Place) =>
  db.flagChange.findMany({ where: { ...place }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
