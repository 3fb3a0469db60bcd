import { ACCESS_TOKEN_TTL_MAX } from '@bastionary/contracts/client-metadata';
import type { RevocationKind } from '@bastionary/contracts/revocations';
import type { Reader } from '@bastionary/prisma/client';

/**
 * Tokens issued before an instant that are alive, by what they can be revoked by. Counted to the minute, from what the api
 * processes have written (USAGE_FLUSH_MS); of that rather too many than too few. What is dead already, because of an
 * earlier not-before or a deleted client, does not count. Tokens revoked one by one are known by their client only, so
 * they are not subtracted for a credential, a resource or a signing key.
 * @param id as in the revocation; empty for the installation
 */
export async function countLiveTokens(
  db: Reader,
  by: RevocationKind,
  id: string,
  before: Date,
  now: Date,
): Promise<bigint> {
  const [row] = await db.$queryRaw<[{ live: bigint }]>`
    WITH counted AS (
      SELECT client_id, credential_id, kid, audience, minute, ends_in, issued FROM live_tokens
      UNION ALL
      SELECT client_id, credential_id, kid, audience, minute, ends_in, issued FROM issuance_batch
    ), issued AS (
      SELECT coalesce(sum(issued), 0) AS tokens FROM counted
      WHERE minute < ${before} AND ends_in >= date_trunc('minute', ${now}::timestamptz)
        AND CASE ${by}::text
          WHEN 'client' THEN client_id = ${id}
          WHEN 'credential' THEN credential_id = ${id}
          WHEN 'resource' THEN ${id}::text = ANY(audience)
          WHEN 'signing_key' THEN kid = ${id}
          ELSE true END
        AND NOT EXISTS (SELECT 1 FROM client WHERE client.client_id = counted.client_id AND status = 'deleted')
        AND NOT EXISTS (
          SELECT 1 FROM not_before AS held WHERE held.at >= counted.minute + interval '1 minute' AND (
            held.kind = 'installation'
            OR (held.kind = 'client' AND held.subject = counted.client_id)
            OR (held.kind = 'credential' AND held.subject = counted.credential_id)
            OR (held.kind = 'signing_key' AND held.subject = counted.kid)
            OR (held.kind = 'resource' AND held.subject = ANY(counted.audience))))
    ), revoked AS (
      -- Only those that nothing else can have killed: a token must not be taken off twice.
      SELECT count(*) AS tokens FROM revoked_token
      WHERE expires_at > ${now} AND revoked_at < ${before}
        AND (${by}::text = 'installation' OR (${by}::text = 'client' AND client_id = ${id}))
        AND NOT EXISTS (SELECT 1 FROM client WHERE client.client_id = revoked_token.client_id AND status = 'deleted')
        AND NOT EXISTS (
          SELECT 1 FROM not_before AS held
          WHERE held.at > revoked_token.expires_at - make_interval(secs => ${ACCESS_TOKEN_TTL_MAX})
            AND NOT (held.kind = 'client' AND held.subject <> revoked_token.client_id))
    )
    SELECT greatest(issued.tokens - revoked.tokens, 0)::bigint AS live FROM issued, revoked`;
  return row.live;
}
