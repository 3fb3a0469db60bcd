import { AppError } from '@bastionary/platform/app-error';
import type { Transaction } from '@bastionary/prisma/client';
import Stripe from 'stripe';
import { subjectOf } from '../../rules/stripe/event-subject.js';

/** What Stripe says in a webhook, once its signature holds. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly createdAt: Date;
  readonly about: ReturnType<typeof subjectOf>;
}

/**
 * Reads a webhook of Stripe from the bytes that were signed.
 * Source: https://docs.stripe.com/webhooks#verify-manually; signatures older than five minutes are refused.
 * @returns null for an event of the second kind (`v2.core.event`), which says nothing about the objects here
 * @throws AppError invalid_signature
 */
export function readEvent(
  payload: string,
  signature: string | undefined,
  secret: string,
  now: Date,
): ReceivedEvent | null {
  try {
    // Signature first: nothing is read of what nobody has signed.
    Stripe.webhooks.signature?.verifyHeader(payload, signature ?? '', secret, 300, undefined, now.getTime());
  } catch (cause) {
    throw new AppError(
      'invalid_signature',
      'Stripe-Signature does not fit the body, or is older than five minutes. Check STRIPE_WEBHOOK_SECRET and the clock.',
      { cause },
    );
  }
  const event = JSON.parse(payload) as Partial<Stripe.Event>;
  if (event.object !== 'event' || typeof event.id !== 'string' || typeof event.type !== 'string') return null;
  const object = (event.data?.object ?? {}) as Record<string, unknown>;
  const previous = event.data?.previous_attributes as { customer?: unknown } | undefined;
  const createdAt = new Date((event.created ?? 0) * 1_000);
  return { id: event.id, type: event.type, createdAt, about: subjectOf({ object, previous }) };
}

/**
 * Keeps an event, once however often it comes.
 * @returns whether it is still to be handled
 */
export async function storeEvent(tx: Transaction, event: ReceivedEvent, now: Date): Promise<boolean> {
  const { id, type, createdAt, about } = event;
  const idle = about === null;
  await tx.stripeEvent.createMany({
    data: {
      id,
      type,
      about: about?.kind ?? null,
      objectId: about?.id ?? null,
      createdAt,
      receivedAt: now,
      handledAt: idle ? now : null,
      outcome: idle ? 'ignored' : null,
      nextTryAt: idle ? null : now,
    },
    skipDuplicates: true,
  });
  // Sent again after it could not be handled: now is the time to try again.
  const failed = { id, handledAt: null, error: { not: null } };
  await tx.stripeEvent.updateMany({ where: failed, data: { nextTryAt: now, error: null } });
  const { handledAt } = await tx.stripeEvent.findUniqueOrThrow({ where: { id } });
  return handledAt === null;
}
