import { toInstant } from '@bastionary/contracts/text';
import type { CreateThresholdRequest, Threshold, ThresholdWindow } from '@bastionary/contracts/usage-queries';
import { noSuchCustomer } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { getMeter } from './find-meter.js';

const NEWEST = { reached: { orderBy: [{ at: 'desc' as const }, { start: 'desc' as const }], take: 1 } };

const find = (db: Reader, id: string) => db.usageThreshold.findUnique({ where: { id }, include: NEWEST });
type ThresholdRow = NonNullable<Awaited<ReturnType<typeof find>>>;

/**
 * Makes a threshold. The fold looks at usage of before too: what is reached already is told within moments.
 * @param most thresholds there may be
 * @throws AppError not_found (the meter, the customer), invalid_request (too many)
 */
export async function createThreshold(
  tx: Transaction,
  origin: Origin,
  { meter, customer_id = null, window, value }: CreateThresholdRequest,
  most: number,
  now: Date,
): Promise<ThresholdRow> {
  await getMeter(tx, meter);
  if (customer_id !== null && (await tx.customer.count({ where: { id: customer_id } })) === 0) {
    throw noSuchCustomer(customer_id);
  }
  if ((await tx.usageThreshold.count()) >= most) {
    const message = `There are ${most} thresholds, as many as USAGE_THRESHOLDS_MAX allows. Delete one.`;
    throw new AppError('invalid_request', message);
  }
  const id = newId('thr');
  const data = { id, meterKey: meter, customerId: customer_id, window, value, createdAt: now };
  const made = await tx.usageThreshold.create({ data, include: NEWEST });
  const detail = { meter, customer_id, window, value };
  await appendAudit(tx, origin, { action: 'usage_threshold.created', target: `usage_threshold:${id}`, detail });
  return made;
}

/** @throws AppError not_found */
export async function deleteThreshold(tx: Transaction, origin: Origin, id: string): Promise<void> {
  const { count } = await tx.usageThreshold.deleteMany({ where: { id } });
  if (count === 0) throw noSuchThreshold(id);
  await appendAudit(tx, origin, { action: 'usage_threshold.deleted', target: `usage_threshold:${id}` });
}

/** @throws AppError not_found */
export async function getThreshold(db: Reader, id: string): Promise<ThresholdRow> {
  const row = await find(db, id);
  if (row === null) throw noSuchThreshold(id);
  return row;
}

/** The oldest first. @param customerId those of it, and those of every customer */
export const listThresholds = (
  db: Reader,
  { meter, customerId }: { meter: string | undefined; customerId: string | undefined },
): Promise<ThresholdRow[]> =>
  db.usageThreshold.findMany({
    where: {
      ...(meter !== undefined && { meterKey: meter }),
      ...(customerId !== undefined && { OR: [{ customerId }, { customerId: null }] }),
    },
    include: NEWEST,
    orderBy: { id: 'asc' },
  });

/** A threshold as it stands in answers. */
export function toThreshold(row: ThresholdRow): Threshold {
  const [last] = row.reached;
  return {
    id: row.id,
    meter: row.meterKey,
    customer_id: row.customerId,
    window: row.window as ThresholdWindow,
    value: row.value.toFixed(),
    created_at: toInstant(row.createdAt),
    reached:
      last === undefined
        ? null
        : {
            customer_id: last.customerId,
            start: toInstant(last.start),
            end: toInstant(last.until),
            at: toInstant(last.at),
          },
  };
}

const noSuchThreshold = (id: string): AppError => new AppError('not_found', `There is no usage threshold ${id}.`);
