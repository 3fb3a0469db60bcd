import type { PermissionUse } from '@bastionary/contracts/permission-use';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { suggestScopes } from '../rules/permission-suggestion.js';
import { getClient } from './find-client.js';

const DAY_MS = 86_400_000;
const REMEMBERED_DAYS = 90;

/** Before this instant (the start of a UTC day) no use of a scope is looked at. */
export const permissionUseSince = (now: Date): Date =>
  new Date(now.getTime() - (now.getTime() % DAY_MS) - REMEMBERED_DAYS * DAY_MS);

interface Row {
  readonly scope: string;
  readonly requested: bigint;
  readonly defaulted: bigint;
  readonly lastAt: Date;
}

/**
 * Which of its scopes a client has asked for: folded days and counts not folded yet, in one snapshot.
 * @throws AppError not_found
 */
export async function permissionUseOf(db: Reader, clientId: string, now: Date): Promise<PermissionUse> {
  const { scopes } = await getClient(db, clientId);
  const since = permissionUseSince(now);
  const rows = await db.$queryRaw<Row[]>`
    SELECT scope, sum(requested)::bigint AS requested, sum(defaulted)::bigint AS defaulted, max(last_at) AS "lastAt"
    FROM (
      SELECT scope, requested, defaulted, last_at FROM scope_use
      WHERE client_id = ${clientId} AND day >= (${since}::timestamptz AT TIME ZONE 'UTC')::date
      UNION ALL
      SELECT name, CASE WHEN requested THEN issued ELSE 0 END, CASE WHEN requested THEN 0 ELSE issued END, last_at
      FROM issuance_batch, unnest(string_to_array(scope, ' ')) AS name WHERE client_id = ${clientId}
    ) AS counted
    GROUP BY scope`;
  const known = new Map(rows.map((row) => [row.scope, row]));
  const uses = scopes.map((scope) => known.get(scope) ?? { scope, requested: 0n, defaulted: 0n, lastAt: null });
  const { reliesOnDefault, scopes: suggested } = suggestScopes(uses);
  return {
    since: toInstant(since),
    relies_on_default: reliesOnDefault,
    data: uses.map(({ scope, requested, defaulted, lastAt }) => ({
      scope,
      requested: String(requested),
      defaulted: String(defaulted),
      last_used_at: toInstantOrNull(lastAt),
    })),
    suggested_scopes: [...suggested],
  };
}

/** Forgets the use of scopes on days that nobody looks at any more. Returns how many rows. */
export async function purgePermissionUse(db: Reader, now: Date): Promise<number> {
  const { count } = await db.scopeUse.deleteMany({ where: { day: { lt: permissionUseSince(now) } } });
  return count;
}
