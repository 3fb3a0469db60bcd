import type { Reader } from '@bastionary/prisma/client';
import type { AttemptState } from '../../rules/stripe/attempt-state.js';

const toRow = <Row extends { readonly state: string }>(row: Row) => ({ ...row, state: row.state as AttemptState });

/** @throws if there is none */
export const getAttempt = async (db: Reader, id: string) =>
  toRow(await db.stripeAttempt.findUniqueOrThrow({ where: { id } }));

export type AttemptRow = Awaited<ReturnType<typeof getAttempt>>;

/** An attempt by its own id or that of its payment intent; null if there is none. */
export async function findAttempt(
  db: Reader,
  where: { readonly id: string } | { readonly paymentIntent: string },
): Promise<AttemptRow | null> {
  const row = await db.stripeAttempt.findUnique({ where });
  return row === null ? null : toRow(row);
}
