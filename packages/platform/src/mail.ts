import type { Transaction } from '@bastionary/prisma/client';
import { newId } from './ids.js';

export interface Letter {
  /** What it is about: `invoice:inv_…` */
  readonly about: string;
  /** A letter with the key of an earlier one is that one. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How long to wait after so many attempts; after the last, the letter is given up. About three days. */
const WAIT_SECONDS = [60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400];

/** Writes a letter in the transaction of its cause; the worker sends it. Told twice, it is sent once. */
export async function queueLetter(
  tx: Transaction,
  { about, key, to, subject, text }: Letter,
  now: Date,
): Promise<void> {
  const data = { id: newId('mail'), about, key, to, subject, text, createdAt: now, nextAttemptAt: now };
  await tx.mailMessage.createMany({ data, skipDuplicates: true });
}

/** The letter whose turn it is, locked against other workers; null if none is due. */
export async function takeLetter(tx: Transaction, now: Date) {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM mail_message WHERE next_attempt_at <= ${now}
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return row === undefined ? null : tx.mailMessage.findUniqueOrThrow({ where: { id: row.id } });
}

/** What became of an attempt. @param error null: it was taken by the mail server */
export async function noteAttempt(
  tx: Transaction,
  { id, attempts }: { readonly id: string; readonly attempts: number },
  error: string | null,
  now: Date,
): Promise<void> {
  const wait = WAIT_SECONDS[attempts];
  const isOver = error === null || wait === undefined;
  await tx.mailMessage.update({
    where: { id },
    data: {
      attempts: attempts + 1,
      nextAttemptAt: isOver ? null : new Date(now.getTime() + wait * 1_000),
      sentAt: error === null ? now : null,
      failedAt: error !== null && wait === undefined ? now : null,
      lastError: error?.slice(0, 500) ?? null,
    },
  });
}
