import { toInstant } from '@bastionary/contracts/text';
import type { ThresholdWindow } from '@bastionary/contracts/usage-queries';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { windowAt } from '../../rules/metering/windows.js';
import type { Span } from '../../rules/periods.js';
import type { Touched } from './add-to-rollups.js';
import { type BillingRhythm, billingRhythms, billingWindow } from './billing-window.js';
import { readUsage } from './read-usage.js';

type Row = Awaited<ReturnType<Transaction['usageThreshold']['findMany']>>[number];

interface Candidate {
  readonly threshold: Row;
  readonly customerId: string;
  readonly span: Span;
}

/** Tells what usage that was just added has reached: once for each threshold, customer and window. */
export async function reachThresholds(tx: Transaction, touched: readonly Touched[], now: Date): Promise<void> {
  if (touched.length === 0 || (await tx.usageThreshold.count()) === 0) return;
  const numbers = [...new Set(touched.map(({ meter }) => meter))];
  const meters = await tx.meter.findMany({ where: { number: { in: numbers } }, select: { key: true, number: true } });
  const keys = new Map(meters.map(({ key, number }) => [number, key]));
  const thresholds = await tx.usageThreshold.findMany({ where: { meterKey: { in: [...keys.values()] } } });
  const instants = touched.flatMap(({ meter, customerId, first, last }) =>
    thresholds
      .filter((one) => one.meterKey === keys.get(meter) && (one.customerId ?? customerId) === customerId)
      .flatMap((threshold) => [first, last].map((at) => ({ threshold, customerId, at }))),
  );
  await tell(tx, instants, now);
}

/**
 * Looks at usage that was there before a threshold, in the window of now: of one threshold at a time.
 * @returns false if all had been looked at
 */
export async function lookAtNewThreshold(tx: Transaction, now: Date): Promise<boolean> {
  const waiting = await tx.usageThreshold.findMany({ where: { checked: false }, orderBy: { id: 'asc' } });
  if (waiting.length === 0) return false;
  const folded = await tx.meter.findMany({ where: { backfilled: true }, select: { key: true, number: true } });
  const numbers = new Map(folded.map(({ key, number }) => [key, number]));
  const threshold = waiting.find(({ meterKey }) => numbers.has(meterKey));
  if (threshold === undefined) return false;
  const customers =
    threshold.customerId === null
      ? await tx.$queryRaw<{ id: string }[]>`
          SELECT DISTINCT customer_id AS id FROM usage_rollup
          WHERE meter = ${numbers.get(threshold.meterKey)} AND resolution = 1440`
      : [{ id: threshold.customerId }];
  await tell(
    tx,
    customers.map(({ id: customerId }) => ({ threshold, customerId, at: now })),
    now,
  );
  await tx.usageThreshold.update({ where: { id: threshold.id }, data: { checked: true } });
  return true;
}

async function tell(
  tx: Transaction,
  instants: readonly { readonly threshold: Row; readonly customerId: string; readonly at: Date }[],
  now: Date,
): Promise<void> {
  if (instants.length === 0) return;
  const rhythms = await billingRhythms(
    tx,
    instants.map(({ customerId }) => customerId),
    now,
  );
  const candidates = new Map<string, Candidate>();
  for (const { threshold, customerId, at } of instants) {
    const span = spanOf(threshold.window as ThresholdWindow, rhythms.get(customerId), at);
    candidates.set(nameOf(threshold.id, customerId, span.start), { threshold, customerId, span });
  }
  const known = await tx.usageThresholdReached.findMany({
    where: { thresholdId: { in: instants.map(({ threshold }) => threshold.id) } },
    select: { thresholdId: true, customerId: true, start: true },
  });
  for (const { thresholdId, customerId, start } of known) candidates.delete(nameOf(thresholdId, customerId, start));
  const asked = [...candidates.values()];
  const readings = await readUsage(
    tx,
    asked.map(({ threshold, customerId, span }) => ({
      meter: threshold.meterKey,
      customerId,
      from: span.start,
      to: span.end,
    })),
  );
  const reached = readings.flatMap(({ place, value: usage }) => {
    const candidate = asked[place];
    return candidate === undefined || candidate.threshold.value.gt(usage) ? [] : [{ ...candidate, usage }];
  });
  await tx.usageThresholdReached.createMany({
    data: reached.map(({ threshold, customerId, span }) => ({
      thresholdId: threshold.id,
      customerId,
      start: span.start,
      until: span.end,
      at: now,
    })),
  });
  await appendEvent(
    tx,
    ...reached.map(({ threshold, customerId, span, usage }) => ({
      type: 'usage.threshold_reached' as const,
      key: `customer:${customerId}`,
      customerId,
      data: {
        threshold_id: threshold.id,
        meter: threshold.meterKey,
        customer_id: customerId,
        window: threshold.window,
        start: toInstant(span.start),
        end: toInstant(span.end),
        value: threshold.value.toFixed(),
        usage,
      },
    })),
  );
}

const UNKNOWN: BillingRhythm = { timeZone: 'UTC', cycle: null };

const spanOf = (window: ThresholdWindow, rhythm: BillingRhythm = UNKNOWN, at: Date): Span =>
  window === 'period' ? billingWindow(rhythm, at) : windowAt(at, window, rhythm.timeZone);

const nameOf = (threshold: string, customerId: string, start: Date): string =>
  `${threshold} ${customerId} ${start.getTime()}`;
