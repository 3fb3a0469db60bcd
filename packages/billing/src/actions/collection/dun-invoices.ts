import type { DunningAct } from '@bastionary/contracts/dunning';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { appendAudit, systemOrigin } from '@bastionary/platform/audit';
import { queueLetter } from '@bastionary/platform/mail';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { type DunningStep, graceSeconds, nextStepAt } from '../../rules/collection/dunning.js';
import { reminder } from '../../rules/collection/reminder.js';
import { amountDue } from '../../rules/documents/amounts.js';
import { toMajor } from '../../rules/rating/money.js';
import { getSubscription } from '../find-subscription.js';
import { toSubscription } from '../subscription-rows.js';
import { updateSubscription } from '../update-subscription.js';
import { openCustomer, type Surroundings } from '../write-subscription.js';

interface Due {
  readonly id: string;
  readonly customerId: string;
}

type OverdueRow = Awaited<ReturnType<Transaction['invoice']['findUniqueOrThrow']>>;

const ORIGIN = systemOrigin('dunning');

/** Open invoices for which a step of dunning has fallen due, the longest overdue first. */
export async function dueForDunning(
  db: Reader,
  steps: readonly DunningStep[],
  now: Date,
  limit: number,
): Promise<Due[]> {
  const [first] = steps;
  if (first === undefined) return [];
  const dueBefore = new Date(now.getTime() - first.afterSeconds * 1_000);
  return db.$queryRaw<Due[]>`
    SELECT id, customer_id AS "customerId" FROM invoice
    WHERE status = 'open' AND dunning_step < ${steps.length}
      AND (next_dunning_at <= ${now} OR (next_dunning_at IS NULL AND dunning_step = 0 AND due_at <= ${dueBefore}))
    ORDER BY due_at LIMIT ${limit}`;
}

/**
 * Takes the next step for one that `dueForDunning` named: what the step does to the subscription, its entitlements, the
 * audit record and the event are one transaction. Somebody may have paid, or taken the step, meanwhile: then nothing happens.
 * @returns whether a step was taken
 */
export async function takeDunningStep(
  tx: Transaction,
  { id, customerId }: Due,
  steps: readonly DunningStep[],
  surroundings: Surroundings & { readonly isMailed: boolean },
): Promise<boolean> {
  const around = await openCustomer(tx, customerId, surroundings);
  const { now } = around;
  await tx.$executeRaw`SELECT FROM invoice WHERE id = ${id} FOR UPDATE`;
  const invoice = await tx.invoice.findUniqueOrThrow({ where: { id } });
  const { dunningStep: taken, dueAt, nextDunningAt, subscriptionId } = invoice;
  const step = steps[taken];
  if (step === undefined || dueAt === null || invoice.status !== 'open') return false;
  if ((nextDunningAt ?? nextStepAt(steps, 0, dueAt) ?? now) > now) return false;

  if (step.act === 'past_due' && subscriptionId !== null) {
    const grace = { ...around, graceSeconds: graceSeconds(steps) };
    await updateSubscription(tx, ORIGIN, subscriptionId, { past_due: true }, undefined, grace);
  }
  const subscription = subscriptionId === null ? null : toSubscription(await getSubscription(tx, subscriptionId), now);
  const next = nextStepAt(steps, taken + 1, now);
  await tx.invoice.update({
    where: { id },
    data: { dunningStep: taken + 1, nextDunningAt: next, updatedAt: now, version: { increment: 1 } },
  });
  const detail = {
    number: invoice.number,
    act: step.act,
    step: taken + 1,
    due_at: toInstant(dueAt),
    next_at: toInstantOrNull(next),
    subscription_id: subscriptionId,
    subscription_state: subscription?.state ?? null,
    suspended_from: subscription?.grace_until ?? null,
  };
  await appendAudit(tx, ORIGIN, { action: 'invoice.dunned', target: `invoice:${id}`, detail });
  if (surroundings.isMailed) await remind(tx, invoice, step.act, detail, now);
  await appendEvent(tx, customerEvent('invoice.dunned', customerId, { invoice_id: id, ...detail }));
  return true;
}

async function remind(
  tx: Transaction,
  invoice: OverdueRow,
  act: DunningAct,
  { step, suspended_from }: { readonly step: number; readonly suspended_from: string | null },
  now: Date,
): Promise<void> {
  const { id, number, currency } = invoice;
  const customer = await tx.customer.findUniqueOrThrow({ where: { id: invoice.customerId } });
  const letter = reminder(act, {
    customer: customer.name,
    number: number ?? id,
    amountDue: `${currency} ${toMajor(amountDue(invoice), currency)}`,
    dueOn: dateIn(invoice.dueAt ?? now, customer.timeZone),
    suspendedFrom: suspended_from === null ? null : dateIn(new Date(suspended_from), customer.timeZone),
  });
  await queueLetter(tx, { about: `invoice:${id}`, key: `dunning:${id}:${step}`, to: customer.email, ...letter }, now);
}

/** The date as the customer's calendar has it. */
const dateIn = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();
