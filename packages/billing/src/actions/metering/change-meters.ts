import type { EventType } from '@bastionary/contracts/events';
import type { CreateMeterRequest, UpdateMeterRequest } from '@bastionary/contracts/meters';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Json, Transaction } from '@bastionary/prisma/client';
import { getMeter, type MeterRow, toMeter } from './find-meter.js';

/**
 * Makes a meter. It also counts the events that came before it: the worker folds them, and until then they are read as
 * they are.
 * @param most meters there may be
 * @throws AppError duplicate_meter, invalid_request (too many meters)
 */
export async function createMeter(
  tx: Transaction,
  origin: Origin,
  request: CreateMeterRequest,
  most: number,
  now: Date,
): Promise<MeterRow> {
  const { key, event_type, aggregation, property = null, group_by, filters } = request;
  if ((await tx.meter.count()) >= most) {
    const message = `would be one meter too many: METERS_MAX allows ${most}`;
    throw new AppError('invalid_request', `/key: ${message}.`, {
      faults: [{ path: '/key', code: 'invalid', message }],
    });
  }
  const { name = key, description = null, unit = null } = request;
  const data = { key, name, description, unit, eventType: event_type, aggregation, property, groupBy: group_by };
  const { count } = await tx.meter.createMany({
    data: { ...data, filters: filters as Json as object[], createdAt: now, updatedAt: now },
    skipDuplicates: true,
  });
  if (count === 0) {
    throw new AppError('duplicate_meter', `There is a meter ${key} already, and what it counts never changes.`, {
      faults: [{ path: '/key', code: 'duplicate_meter', message: 'is taken' }],
    });
  }
  const made = await getMeter(tx, key);
  const { key: _, archived_at, created_at, updated_at, ...detail } = toMeter(made);
  await note(tx, origin, 'meter.created', key, detail);
  return made;
}

/**
 * Changes what is said about a meter, archives it or takes it back. What stays the same is not written, and leaves no record.
 * @throws AppError not_found
 */
export async function updateMeter(
  tx: Transaction,
  origin: Origin,
  key: string,
  change: UpdateMeterRequest,
  now: Date,
): Promise<MeterRow> {
  await tx.$executeRaw`SELECT 1 FROM meter WHERE key = ${key} FOR NO KEY UPDATE`;
  const before = await getMeter(tx, key);
  const { archived, ...words } = change;
  const isArchived = before.archivedAt !== null;
  const after = {
    name: words.name ?? before.name,
    description: words.description === undefined ? before.description : words.description,
    unit: words.unit === undefined ? before.unit : words.unit,
  };
  const fields = (['name', 'description', 'unit'] as const).filter((field) => before[field] !== after[field]);
  const changes: Record<string, unknown> = Object.fromEntries(
    fields.map((field) => [field, { from: before[field], to: after[field] }]),
  );
  const archives = archived !== undefined && archived !== isArchived;
  if (archives) changes.archived = { from: isArchived, to: archived };
  if (Object.keys(changes).length === 0) return before;
  const archivedAt = archives ? (archived ? now : null) : before.archivedAt;
  await tx.meter.update({
    where: { key },
    data: { ...after, archivedAt, updatedAt: now, version: { increment: 1 } },
  });
  await note(tx, origin, 'meter.updated', key, { changes });
  return getMeter(tx, key);
}

async function note(
  tx: Transaction,
  origin: Origin,
  type: EventType,
  key: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, origin, { action: type, target: `meter:${key}`, detail });
  await appendEvent(tx, { type, key: `meter:${key}`, data: { meter: key, ...detail } });
}
