import type { Rollout } from '@bastionary/contracts/flag-rules';
import type { RampRequest, ScheduleChangeRequest, SettingsPatch } from '@bastionary/contracts/flags';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { checkSettings, completePatch } from './change-settings.js';
import { definitionOf, getFlag, getSetting } from './find-flag.js';
import { loadModel } from './load-model.js';
import { lockEnvironment, move } from './lock-environments.js';
import { invalidField } from './refusals.js';

/** Where something is arranged. */
export interface Place {
  readonly environment: string;
  readonly flag: string;
}

interface Step {
  readonly at: Date;
  readonly change: SettingsPatch;
  readonly path: string;
}

const PENDING_MAX = 100;

/**
 * Arranges that a flag does something else from an instant on. Documents have it at once, so that programs without a network
 * change in the same second.
 * @returns the ids of what was arranged
 * @throws AppError not_found, flag_conflict (archived), invalid_request (an instant that has passed, or what cannot be)
 */
export function scheduleChange(
  tx: Transaction,
  origin: Origin,
  place: Place,
  { at, change, comment }: ScheduleChangeRequest,
  now: Date,
): Promise<string[]> {
  const step = { at: new Date(at), change: completePatch(change), path: '/at' };
  return arrange(tx, origin, place, [step], { comment: comment ?? null, ramp: null, now });
}

/** Arranges that a variant gets more and more: each step its weight, the default variant the rest. @throws as scheduleChange */
export async function scheduleRamp(
  tx: Transaction,
  origin: Origin,
  place: Place,
  { variant, steps, comment }: RampRequest,
  now: Date,
): Promise<string[]> {
  const { variants, defaultVariant } = definitionOf(await getFlag(tx, place.flag));
  if (!Object.hasOwn(variants, variant))
    throw invalidField('/variant', `must be one of the variants: ${Object.keys(variants).join(', ')}`);
  if (variant === defaultVariant)
    throw invalidField('/variant', 'is the default variant: ramp the one that is to take its place');
  const { settings } = await getSetting(tx, place.environment, place.flag);
  const others = (settings.rollout ?? []).filter(
    (share) => share.variant !== variant && share.variant !== defaultVariant,
  );
  if (others.some(({ weight }) => weight > 0))
    throw invalidField('/variant', 'the rollout has further variants; schedule each change of it instead');
  const arranged = steps.map(({ at, weight }, index): Step => {
    const shares: Rollout = [
      { variant, weight },
      { variant: defaultVariant, weight: rest(weight) },
    ];
    return { at: new Date(at), change: { rollout: shares }, path: `/steps/${index}/at` };
  });
  for (const [index, { at }] of arranged.entries()) {
    if (index > 0 && at <= (arranged[index - 1]?.at ?? at))
      throw invalidField(`/steps/${index}/at`, 'must be later than the step before');
  }
  return arrange(tx, origin, place, arranged, { comment: comment ?? null, ramp: newId('ramp'), now });
}

const rest = (weight: number): number => (100_000 - Math.round(weight * 1_000)) / 1_000;

async function arrange(
  tx: Transaction,
  origin: Origin,
  place: Place,
  steps: readonly Step[],
  { comment, ramp, now }: { comment: string | null; ramp: string | null; now: Date },
): Promise<string[]> {
  await lockEnvironment(tx, place.environment);
  const flag = await getFlag(tx, place.flag);
  await getSetting(tx, place.environment, place.flag);
  if (flag.archivedAt !== null) throw new AppError('flag_conflict', `The flag ${place.flag} is archived.`);
  for (const { at, path } of steps) if (at <= now) throw invalidField(path, 'must lie in the future');
  const pending = await tx.flagChange.count({ where: { ...place, state: 'pending' } });
  if (pending + steps.length > PENDING_MAX)
    throw new AppError('flag_conflict', `No more than ${PENDING_MAX} changes of a flag can be arranged at a time.`);
  const rows = steps.map(({ at, change }) => ({ id: newId('fch'), at, change: change as object }));
  await tx.flagChange.createMany({
    data: rows.map((row) => ({ ...row, ...place, comment, ramp, actor: origin.actor, createdAt: now })),
  });
  const model = await loadModel(tx, place.environment);
  if (model !== null) checkSettings(model, place.flag);
  await move(tx, [place.environment]);
  const changes = rows.map(({ id, at, change }) => ({ id, at: at.toISOString(), change }));
  const detail = { environment: place.environment, ramp, changes, ...(comment !== null && { comment }) };
  await tell(tx, origin, place, 'flag.change_scheduled', detail);
  return rows.map(({ id }) => id);
}

/**
 * Takes back what is arranged: one change, or all steps of a ramp that are left.
 * @param id of the change, or of the ramp
 * @throws AppError not_found, flag_conflict (it was applied, failed or canceled already)
 */
export async function cancelChange(
  tx: Transaction,
  origin: Origin,
  place: Place,
  id: string,
  now: Date,
): Promise<void> {
  await lockEnvironment(tx, place.environment);
  const rows = await tx.flagChange.findMany({ where: { ...place, OR: [{ id }, { ramp: id }] } });
  if (rows.length === 0) throw noSuchChange(place, id);
  const pending = rows.filter(({ state }) => state === 'pending').map((row) => row.id);
  if (pending.length === 0) throw new AppError('flag_conflict', `The change ${id} is ${rows[0]?.state} already.`);
  await tx.flagChange.updateMany({ where: { id: { in: pending } }, data: { state: 'canceled', endedAt: now } });
  const model = await loadModel(tx, place.environment);
  if (model !== null) checkSettings(model, place.flag);
  await move(tx, [place.environment]);
  await tell(tx, origin, place, 'flag.change_canceled', { environment: place.environment, changes: pending });
}

const noSuchChange = ({ flag }: Place, id: string): AppError =>
  new AppError('not_found', `Nothing with the id ${id} is arranged for the flag ${flag}.`);

async function tell(
  tx: Transaction,
  origin: Origin,
  { flag }: Place,
  type: 'flag.change_scheduled' | 'flag.change_canceled',
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, origin, { action: type, target: `flag:${flag}`, detail });
  await appendEvent(tx, { type, key: `flag:${flag}`, data: { flag, ...detail } });
}
