import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { drawCredits } from '../../rules/invoicing/wallet-draw.js';

export interface WalletRow {
  id: string;
  customerId: string;
  currency: string;
  amount: bigint;
  remaining: bigint;
  priority: number;
  expiresAt: Date | null;
  createdAt: Date;
}

/** Credits of these customers of which something is left. */
export const openCredits = (db: Reader, customerIds: readonly string[]): Promise<WalletRow[]> =>
  db.walletCredit.findMany({
    where: { customerId: { in: [...customerIds] }, remaining: { gt: 0 } },
    select: {
      id: true,
      customerId: true,
      currency: true,
      amount: true,
      remaining: true,
      priority: true,
      expiresAt: true,
      createdAt: true,
    },
  });

/** Money that a customer gets into its wallet. */
export interface Grant {
  readonly customerId: string;
  readonly currency: string;
  /** More than 0. */
  readonly amount: bigint;
  readonly reason: string;
  /** `manual`, or what made it, such as `credit_note:crn_…`: that makes one credit, however often it is told. */
  readonly source: string;
  readonly priority?: number;
  readonly expiresAt?: Date | null;
}

/**
 * Puts money into wallets, in a handful of statements. The books are for the caller, who knows what it was taken from. The
 * caller has locked the customers.
 * @returns the ids of those made; what its source made before is left out
 */
export async function grantCredits(
  tx: Transaction,
  origin: Origin,
  grants: readonly Grant[],
  now: Date,
): Promise<string[]> {
  if (grants.length === 0) return [];
  const rows = grants.map((grant) => ({ priority: 50, expiresAt: null, ...grant, id: newId('wcr') }));
  const made = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO wallet_credit (id, customer_id, currency, amount, remaining, reason, source, priority, expires_at, created_at)
    SELECT id, "customerId", currency, amount, amount, reason, source, priority, "expiresAt", ${now}
    FROM json_to_recordset(${JSON.stringify(rows, asText)}::json) AS credit(id text, "customerId" text, currency text,
      amount bigint, reason text, source text, priority int, "expiresAt" timestamptz)
    ON CONFLICT (source) WHERE source <> 'manual' DO NOTHING RETURNING id`;
  const ids = new Set(made.map(({ id }) => id));
  const fresh = rows.filter(({ id }) => ids.has(id));
  await writeEntries(
    tx,
    fresh.map(({ id, customerId, amount }) => ({ creditId: id, customerId, kind: 'granted', amount, invoiceId: null })),
    now,
  );
  await note(
    tx,
    origin,
    'credit.granted',
    fresh.map(({ id, customerId, amount, currency, reason, source }) => ({
      id,
      customerId,
      detail: { amount: String(amount), currency, reason, source },
    })),
  );
  return fresh.map(({ id }) => id);
}

/** What a document asks of a wallet. */
export interface Demand {
  readonly invoiceId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly amount: bigint;
}

/**
 * Pays documents from wallets, as far as these reach, in the order in which credits are used: by priority, then what expires
 * first, then the oldest. The caller has locked the customers.
 * @returns what was paid of each, by document
 */
export async function applyCredits(
  tx: Transaction,
  demands: readonly Demand[],
  now: Date,
): Promise<Map<string, bigint>> {
  const paid = new Map<string, bigint>();
  const asking = demands.filter(({ amount }) => amount > 0n);
  if (asking.length === 0) return paid;
  const credits = await openCredits(tx, [...new Set(asking.map(({ customerId }) => customerId))]);
  if (credits.length === 0) return paid;
  const left = new Map(credits.map(({ id, remaining }) => [id, remaining]));
  const entries: Entry[] = [];
  for (const { invoiceId, customerId, currency, amount } of asking) {
    const own = credits
      .filter((credit) => credit.customerId === customerId && credit.currency === currency)
      .map((credit) => ({ ...credit, remaining: left.get(credit.id) ?? 0n }));
    for (const draw of drawCredits(own, amount, now)) {
      left.set(draw.id, (left.get(draw.id) ?? 0n) - draw.amount);
      paid.set(invoiceId, (paid.get(invoiceId) ?? 0n) + draw.amount);
      entries.push({ creditId: draw.id, customerId, kind: 'applied', amount: -draw.amount, invoiceId });
    }
  }
  await move(tx, entries, now);
  return paid;
}

/**
 * Gives back what documents took from wallets, to the credits it came from, also those that have expired since: they expire
 * anew. The caller has locked the customers.
 */
export async function returnCredits(tx: Transaction, invoiceIds: readonly string[], now: Date): Promise<void> {
  const taken = await tx.$queryRaw<{ creditId: string; customerId: string; invoiceId: string; amount: bigint }[]>`
    SELECT credit_id AS "creditId", customer_id AS "customerId", invoice_id AS "invoiceId", (-sum(amount))::bigint AS amount
    FROM wallet_entry WHERE invoice_id = ANY(${[...invoiceIds]}::text[]) AND kind IN ('applied', 'returned')
    GROUP BY 1, 2, 3 HAVING sum(amount) < 0`;
  await move(
    tx,
    taken.map((one) => ({ ...one, kind: 'returned' })),
    now,
  );
}

interface Entry {
  readonly creditId: string;
  readonly customerId: string;
  readonly kind: 'granted' | 'applied' | 'returned' | 'expired' | 'voided';
  readonly amount: bigint;
  readonly invoiceId: string | null;
}

/** Moves what is left of credits, and says so: never one without the other. */
export async function move(tx: Transaction, entries: readonly Entry[], now: Date): Promise<void> {
  if (entries.length === 0) return;
  await tx.$executeRaw`
    UPDATE wallet_credit SET remaining = remaining + moved.amount, expired_at = NULL
    FROM (SELECT "creditId", sum(amount)::bigint AS amount
      FROM json_to_recordset(${JSON.stringify(entries, asText)}::json) AS entry("creditId" text, amount bigint) GROUP BY 1) moved
    WHERE id = "creditId"`;
  await writeEntries(tx, entries, now);
}

async function writeEntries(tx: Transaction, entries: readonly Entry[], now: Date): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ ...entry, id: newId('wen') }));
  await tx.$executeRaw`
    INSERT INTO wallet_entry (id, credit_id, customer_id, kind, amount, invoice_id, at)
    SELECT id, "creditId", "customerId", kind, amount, "invoiceId", ${now}
    FROM json_to_recordset(${JSON.stringify(rows, asText)}::json) AS entry(id text, "creditId" text, "customerId" text,
      kind text, amount bigint, "invoiceId" text)`;
}

/** Writes what happened to credits, for the audit log and for whoever listens. */
export async function note(
  tx: Transaction,
  origin: Origin,
  type: 'credit.granted' | 'credit.expired' | 'credit.voided',
  credits: readonly {
    readonly id: string;
    readonly customerId: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }[],
): Promise<void> {
  const records = credits.map(({ id, customerId, detail }) => ({
    action: type,
    target: `customer:${customerId}`,
    detail: { credit: id, ...detail },
  }));
  await appendAudit(tx, origin, ...records);
  await appendEvent(
    tx,
    ...credits.map(({ id, customerId, detail }) => customerEvent(type, customerId, { credit_id: id, ...detail })),
  );
}

const asText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
