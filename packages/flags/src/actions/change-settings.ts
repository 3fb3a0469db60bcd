import type { FlagSettings, FlagSettingsRequest } from '@bastionary/contracts/flag-rules';
import type { FlagRevision, SettingsPatch } from '@bastionary/contracts/flags';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';
import { differenceInWords } from '../rules/difference.js';
import type { EnvironmentModel } from '../rules/model.js';
import { circleThrough } from '../rules/needs.js';
import { named, settingsAt } from '../rules/settings-at.js';
import { settingsFaults } from '../rules/settings-faults.js';
import { definitionOf, getFlag, getSetting, type SettingRow } from './find-flag.js';
import { loadModel, withSettings } from './load-model.js';
import { lockEnvironment, move } from './lock-environments.js';
import { checkVersion, invalidField, noSuchEnvironment, refuseFaults } from './refusals.js';

/** What surrounds a change of what a flag does. */
export interface Reasons {
  readonly comment: string | null;
  readonly cause: FlagRevision['cause'];
  readonly now: Date;
  /** The version the caller has seen; absent: it does not care. */
  readonly ifVersion?: number | undefined;
}

/** Settings as they are wanted, with what a request may leave out: the seed that the flag has. */
export const complete = ({ seed, rules, ...rest }: FlagSettingsRequest, before: FlagSettings): FlagSettings => ({
  ...rest,
  rules: named(rules),
  seed: seed ?? before.seed,
});

/**
 * Lets a flag do something else in an environment, at once. What stays the same is not written.
 * @param wanted the settings from those before
 * @throws AppError not_found, version_mismatch, flag_conflict (archived), invalid_request naming every fault
 */
export async function changeSettings(
  tx: Transaction,
  origin: Origin,
  place: { readonly environment: string; readonly flag: string },
  wanted: (before: FlagSettings) => FlagSettings,
  { comment, cause, now, ifVersion }: Reasons,
): Promise<SettingRow> {
  const { environment, flag: key } = place;
  await lockEnvironment(tx, environment);
  const flag = await getFlag(tx, key);
  const before = await getSetting(tx, environment, key);
  checkVersion('flag in this environment', ifVersion, before.version);
  if (flag.archivedAt !== null)
    throw new AppError('flag_conflict', `The flag ${key} is archived. Restore it before you change what it does.`);
  const settings = wanted(before.settings);
  if (canonicalize(settings) === canonicalize(before.settings)) return before;

  const model = await loadModel(tx, environment);
  if (model === null) throw noSuchEnvironment(environment);
  checkSettings(withSettings(model, key, settings), key);
  const number = before.version + 1;
  const stored = settings as unknown as object;
  await tx.flagSetting.update({
    where: { environment_flag: { environment, flag: key } },
    data: { settings: stored, version: number, updatedAt: now },
  });
  await tx.flagRevision.create({
    data: { environment, flag: key, number, settings: stored, comment, actor: origin.actor, cause, at: now },
  });
  await move(tx, [environment]);
  const changes = differenceInWords(definitionOf(flag), before.settings, settings);
  const detail = { environment, version: number, cause, changes, ...(comment !== null && { comment }) };
  await appendAudit(tx, origin, { action: 'flag.targeting_changed', target: `flag:${key}`, detail });
  await appendEvent(tx, {
    type: 'flag.targeting_changed',
    key: `flag:${key}`,
    data: { flag: key, ...detail, settings },
  });
  return getSetting(tx, environment, key);
}

/**
 * Whether a flag can do in the model what it does there, now and as far as is arranged.
 * @throws AppError invalid_request, flag_conflict (something arranged would become impossible)
 */
export function checkSettings(model: EnvironmentModel, key: string): void {
  const flag = model.flags.get(key);
  if (flag === undefined) return;
  refuseFaults(settingsFaults(model, key, flag.settings));
  for (const { id, at } of flag.planned) {
    const [fault] = settingsFaults(model, key, settingsAt(flag.settings, flag.planned, at));
    if (fault === undefined) continue;
    const message = `The change ${id} that is arranged for ${new Date(at).toISOString()} could not be made any more: ${fault.path} ${fault.message}. Cancel it first.`;
    throw new AppError('flag_conflict', message);
  }
  const circle = circleThrough(model, `flag ${key}`);
  if (circle !== null) throw invalidField('/rules', `flags would ask for each other in a circle: ${circle}`);
}

/** A patch whose rules each have an id. */
export const completePatch = ({ rules, ...rest }: SettingsPatch): SettingsPatch => ({
  ...rest,
  ...(rules !== undefined && { rules: named(rules) }),
});
