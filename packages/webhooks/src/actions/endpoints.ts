import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';

const COUNTED_UP_TO = 10_000;

export interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: string[];
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly failingSince: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly secrets: readonly { readonly id: string; readonly createdAt: Date; readonly expiresAt: Date | null }[];
}

// What is sealed is not even loaded.
const include = {
  secrets: { select: { id: true, createdAt: true, expiresAt: true }, orderBy: { id: 'desc' } },
} as const;

/** Every endpoint, the oldest first. */
export const listEndpoints = (db: Reader): Promise<EndpointRow[]> =>
  db.webhookEndpoint.findMany({ where: { removedAt: null }, include, orderBy: { id: 'asc' } });

/** @throws AppError not_found */
export async function getEndpoint(db: Reader, id: string): Promise<EndpointRow> {
  const row = await db.webhookEndpoint.findUnique({ where: { id, removedAt: null }, include });
  if (row === null)
    throw new AppError('not_found', `There is no webhook endpoint ${id}. GET /api/webhooks lists them.`);
  return row;
}

/**
 * Waits for other changes of this endpoint, so that each sees what the one before left.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, version_mismatch
 */
export async function lockEndpoint(tx: Transaction, id: string, ifVersion?: number): Promise<EndpointRow> {
  await tx.$executeRaw`SELECT 1 FROM webhook_endpoint WHERE id = ${id} FOR NO KEY UPDATE`;
  const row = await getEndpoint(tx, id);
  if (ifVersion !== undefined && ifVersion !== row.version) {
    const message = 'Somebody changed this endpoint since you read it. Read it again and repeat the change.';
    throw new AppError('version_mismatch', message);
  }
  return row;
}

export interface Backlog {
  readonly pending: number;
  readonly dead: number;
}

/** What waits, and what was given up, by endpoint; counted up to 10,000. */
export async function backlogOf(db: Reader, endpointIds: readonly string[]): Promise<Map<string, Backlog>> {
  const rows = await db.$queryRaw<({ id: string } & Backlog)[]>`
    SELECT wanted.id, (SELECT count(*) FROM (
        SELECT FROM webhook_delivery WHERE endpoint_id = wanted.id AND status = 'pending' LIMIT ${COUNTED_UP_TO}
      ) AS waiting)::int AS pending, (SELECT count(*) FROM (
        SELECT FROM webhook_delivery
        WHERE endpoint_id = wanted.id AND status = 'dead' AND replayed_by IS NULL LIMIT ${COUNTED_UP_TO}
      ) AS given_up)::int AS dead
    FROM unnest(${[...endpointIds]}::text[]) AS wanted (id)`;
  return new Map(rows.map(({ id, pending, dead }) => [id, { pending, dead }]));
}
