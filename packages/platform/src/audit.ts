import type { Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';

/** Who asks for a change, and from where. */
export interface Origin {
  /** `client:<client_id>`, `operator:<id>` or `system:<process>` */
  readonly actor: string;
  readonly requestId: string | null;
  readonly address: string | null;
}

export const systemOrigin = (process: string): Origin => ({
  actor: `system:${process}`,
  requestId: null,
  address: null,
});

export interface AuditEntry {
  /** For example `client.created` */
  readonly action: string;
  /** For example `client:my_client_id` */
  readonly target: string;
  /** What changed. Never a secret. */
  readonly detail?: Record<string, unknown>;
}

/**
 * Writes audit records in the transaction of the change: both commit, or neither. Anywhere in it: a record waits for
 * nobody, and the sealer gives it its place in the chain later (audit-sealer.ts).
 */
export async function appendAudit(tx: Transaction, origin: Origin, ...entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ action, target, detail }, place) => ({
    place,
    action,
    target,
    detail: canonicalize(detail ?? {}) ?? '{}',
  }));
  await tx.$executeRaw`
    INSERT INTO audit_log (at, actor, action, target, request_id, address, detail)
    SELECT clock_timestamp(), ${origin.actor}, action, target, ${origin.requestId}, ${origin.address}, detail
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS entry (place int, action text, target text, detail text)
    ORDER BY place`;
}
