import type { BulkClientView } from '@bastionary/contracts/bulk';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { metadataOf } from './client-metadata.js';
import type { ClientRow } from './find-client.js';

/**
 * Every client without its secrets, by client id.
 * @throws AppError invalid_request if there are more than `max`
 */
export async function exportClients(db: Reader, max: number): Promise<BulkClientView[]> {
  const rows = await db.client.findMany({
    where: { status: { not: 'deleted' } },
    include: { credentials: { orderBy: { createdAt: 'asc' } } },
    orderBy: { clientId: 'asc' },
    take: max + 1,
  });
  if (rows.length > max) {
    throw new AppError(
      'invalid_request',
      `There are more than ${max} clients. Raise BULK_EXPORT_MAX, or page through GET /api/clients.`,
    );
  }
  return rows.map(toBulkClient);
}

/** A client as it stands in exports. An expiry that has passed is shown by the expiry alone. */
export const toBulkClient = (row: ClientRow): BulkClientView => ({
  client_id: row.clientId,
  name: row.name,
  scopes: row.scopes,
  expiry: toInstantOrNull(row.expiry),
  status: row.status === 'suspended' ? 'suspended' : 'active',
  ...metadataOf(row),
});
