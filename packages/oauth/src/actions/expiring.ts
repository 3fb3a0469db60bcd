import type { Reader } from '@bastionary/prisma/client';
import { type GivenWarning, WARNED_WITHIN_MS } from '../rules/expiry-warning.js';

/** A client, or one of its credentials, that ends soon. */
export interface Expiring {
  readonly kind: 'client' | 'credential';
  /** The client id, or the id of the credential */
  readonly id: string;
  readonly clientId: string;
  /** The client's name; the credential's label, or its hint */
  readonly label: string;
  readonly expiresAt: Date;
  /** The last warning given; null if there was none. */
  readonly given: GivenWarning | null;
}

interface Row extends Omit<Expiring, 'given'> {
  readonly warnedExpiresAt: Date | null;
  readonly warnedDays: number | null;
}

/**
 * What ends within 30 days, the soonest first. Credentials of a client that has ended itself, or ends first, are moot;
 * they are not listed.
 */
export async function listExpiring(db: Reader, now: Date, limit: number): Promise<Expiring[]> {
  const until = new Date(now.getTime() + WARNED_WITHIN_MS);
  const rows = await db.$queryRaw<Row[]>`
    SELECT ending.*, warned.expires_at AS "warnedExpiresAt", warned.days AS "warnedDays"
    FROM (
      SELECT 'client' AS kind, client_id AS id, client_id AS "clientId", name AS label, expiry AS "expiresAt"
      FROM client WHERE status <> 'deleted' AND expiry > ${now} AND expiry <= ${until}
      UNION ALL
      SELECT 'credential', credential.id, client_id, coalesce(credential.label, credential.hint), credential.expires_at
      FROM credential JOIN client USING (client_id)
      WHERE client.status <> 'deleted' AND (client.expiry IS NULL OR client.expiry > credential.expires_at)
        AND credential.expires_at > ${now} AND credential.expires_at <= ${until}
    ) AS ending
    LEFT JOIN expiry_warning AS warned ON warned.kind = ending.kind AND warned.subject = ending.id
    ORDER BY "expiresAt", id
    LIMIT ${limit}`;
  return rows.map(({ warnedExpiresAt, warnedDays, ...ending }) => ({
    ...ending,
    given: warnedExpiresAt === null || warnedDays === null ? null : { expiresAt: warnedExpiresAt, days: warnedDays },
  }));
}
