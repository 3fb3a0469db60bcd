import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { CreateCreditRequest, Credit, Wallet, WalletEntryPage } from '@bastionary/contracts/wallets';
import { lockCustomer } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { refuse } from '../check-features.js';
import { entriesOf, postLedger } from '../documents/ledger.js';
import { grantCredits, move, note } from './wallet.js';

/**
 * Gives a customer prepaid money, at the cost of the house.
 * @throws AppError not_found, invalid_request (another currency than the customer's, or it has expired)
 */
export async function createCredit(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  { amount, currency, reason, expires_at, priority }: CreateCreditRequest,
  now: Date,
): Promise<Credit> {
  await lockCustomer(tx, customerId);
  const customer = await tx.customer.findUniqueOrThrow({ where: { id: customerId }, select: { currency: true } });
  if (customer.currency !== currency) {
    const message = `must be ${customer.currency}, the currency of the customer`;
    refuse([{ path: '/currency', code: 'other_currency', message }]);
  }
  const expiresAt = expires_at == null ? null : new Date(expires_at);
  if (expiresAt !== null && expiresAt <= now) {
    refuse([{ path: '/expires_at', code: 'in_the_past', message: 'must lie in the future' }]);
  }
  const grant = { customerId, currency, amount: BigInt(amount), reason, source: 'manual', priority, expiresAt };
  const [id] = await grantCredits(tx, origin, [grant], now);
  await book(tx, 'credit.granted', [{ id: id as string, customerId, currency, amount: BigInt(amount) }], now);
  return getCredit(tx, customerId, id as string);
}

/**
 * Takes back what is left of a credit.
 * @throws AppError not_found, credit_conflict (nothing is left of it)
 */
export async function voidCredit(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  id: string,
  now: Date,
): Promise<Credit> {
  await lockCustomer(tx, customerId);
  const row = await tx.walletCredit.findFirst({ where: { id, customerId } });
  if (row === null) throw noSuchCredit(customerId, id);
  if (row.voidedAt !== null) return toCredit(row);
  if (row.remaining === 0n) throw new AppError('credit_conflict', 'Nothing is left of it that could be taken back.');
  await end(tx, origin, 'voided', [row], now);
  return getCredit(tx, customerId, id);
}

/**
 * Lets credits expire whose time has come. Each customer waits for nobody else: who is just being changed is taken the next time.
 * @returns how many did
 */
export async function expireCredits(tx: Transaction, origin: Origin, now: Date, limit: number): Promise<number> {
  const due = await tx.$queryRaw<{ id: string; customerId: string; currency: string; remaining: bigint }[]>`
    SELECT w.id, w.customer_id AS "customerId", w.currency, w.remaining
    FROM wallet_credit w JOIN customer c ON c.id = w.customer_id
    WHERE w.expires_at <= ${now} AND w.remaining > 0 ORDER BY c.id, w.id LIMIT ${limit} FOR UPDATE OF c SKIP LOCKED`;
  await end(tx, origin, 'expired', due, now);
  return due.length;
}

async function end(
  tx: Transaction,
  origin: Origin,
  kind: 'expired' | 'voided',
  credits: readonly { id: string; customerId: string; currency: string; remaining: bigint }[],
  now: Date,
): Promise<void> {
  if (credits.length === 0) return;
  const gone = credits.map(({ id, customerId, currency, remaining }) => ({
    id,
    customerId,
    currency,
    amount: -remaining,
  }));
  await move(
    tx,
    gone.map(({ id, customerId, amount }) => ({ creditId: id, customerId, kind, amount, invoiceId: null })),
    now,
  );
  await tx.walletCredit.updateMany({
    where: { id: { in: gone.map(({ id }) => id) } },
    data: kind === 'expired' ? { expiredAt: now } : { voidedAt: now },
  });
  const type = kind === 'expired' ? 'credit.expired' : 'credit.voided';
  await book(tx, type, gone, now);
  await note(
    tx,
    origin,
    type,
    gone.map(({ id, customerId, amount, currency }) => ({
      id,
      customerId,
      detail: { amount: String(-amount), currency },
    })),
  );
}

/** What is promised to customers is a debt of the house, until it is used or over. */
async function book(
  tx: Transaction,
  kind: string,
  credits: readonly { id: string; customerId: string; currency: string; amount: bigint }[],
  at: Date,
): Promise<void> {
  await postLedger(
    tx,
    ...credits.map(({ id, customerId, currency, amount }) => ({
      kind,
      // A credit that was given back after it expired expires again.
      source: kind === 'credit.expired' ? `credit:${id}:${at.toISOString()}` : `credit:${id}`,
      customerId,
      at,
      entries: entriesOf(
        [
          { account: 'promotion' as const, amount },
          { account: 'wallet' as const, amount: -amount },
        ],
        { currency, customerId, invoiceId: null },
      ),
    })),
  );
}

const noSuchCredit = (customerId: string, id: string): AppError =>
  new AppError('not_found', `The customer ${customerId} has no credit ${id}.`);

async function getCredit(db: Reader, customerId: string, id: string): Promise<Credit> {
  const row = await db.walletCredit.findFirst({ where: { id, customerId } });
  if (row === null) throw noSuchCredit(customerId, id);
  return toCredit(row);
}

type Row = NonNullable<Awaited<ReturnType<Reader['walletCredit']['findFirst']>>>;
interface After {
  readonly at: Date;
  readonly id: string;
}

/** Credits of a customer, the newest first; one more than asked for if there are more. */
export const listCredits = (db: Reader, customerId: string, limit: number, after: After | undefined): Promise<Row[]> =>
  db.walletCredit.findMany({
    where: {
      customerId,
      ...(after && { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });

export const toCredit = (row: Row): Credit => ({
  id: row.id,
  customer_id: row.customerId,
  amount: String(row.amount),
  remaining: String(row.remaining),
  currency: row.currency,
  reason: row.reason,
  source: row.source,
  priority: row.priority,
  expires_at: toInstantOrNull(row.expiresAt),
  state:
    row.remaining > 0n ? 'available' : row.voidedAt !== null ? 'void' : row.expiredAt !== null ? 'expired' : 'used',
  created_at: toInstant(row.createdAt),
});

/** What happened to the wallet of a customer, the newest first; one more than asked for if there are more. */
export const listWalletEntries = (db: Reader, customerId: string, limit: number, after: After | undefined) =>
  db.walletEntry.findMany({
    where: {
      customerId,
      ...(after && { OR: [{ at: { lt: after.at } }, { at: after.at, id: { lt: after.id } }] }),
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    include: { credit: { select: { currency: true } } },
  });

export const toWalletEntry = (
  row: Awaited<ReturnType<typeof listWalletEntries>>[number],
): WalletEntryPage['data'][number] => ({
  id: row.id,
  credit_id: row.creditId,
  kind: row.kind as WalletEntryPage['data'][number]['kind'],
  amount: String(row.amount),
  currency: row.credit.currency,
  invoice_id: row.invoiceId,
  at: toInstant(row.at),
});

const SOON_DAYS = 30;

/**
 * The wallets in which there is something, by customer and currency; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's
 */
export async function listWallets(
  db: Reader,
  own: string | null,
  { limit, after, currency }: { limit: number; after: string | undefined; currency: string | undefined },
  now: Date,
): Promise<Wallet[]> {
  const soon = new Date(now.getTime() + SOON_DAYS * 86_400_000);
  const rows = await db.$queryRaw<
    { customer: string; name: string; currency: string; balance: string; expiring: string; next: Date | null }[]
  >`
    SELECT w.customer_id AS customer, c.name, w.currency, sum(w.remaining)::text AS balance,
      coalesce(sum(w.remaining) FILTER (WHERE w.expires_at <= ${soon}), 0)::text AS expiring, min(w.expires_at) AS next
    FROM wallet_credit w JOIN customer c ON c.id = w.customer_id
    WHERE w.remaining > 0 AND (w.expires_at IS NULL OR w.expires_at > ${now})
      AND (${own}::text IS NULL OR w.customer_id = ${own}) AND (${currency ?? null}::text IS NULL OR w.currency = ${currency ?? null})
      AND w.customer_id || ' ' || w.currency > ${after ?? ''}
    GROUP BY w.customer_id, c.name, w.currency ORDER BY w.customer_id || ' ' || w.currency LIMIT ${limit + 1}`;
  return rows.map(({ customer, name, currency: code, balance, expiring, next }) => ({
    customer_id: customer,
    customer_name: name,
    currency: code,
    balance,
    expiring,
    next_expiry: toInstantOrNull(next),
  }));
}
