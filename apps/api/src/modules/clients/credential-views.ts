import type { Credential } from '@bastionary/contracts/credentials';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { CredentialRow } from '@bastionary/oauth/actions/credential-rows';
import type { UseRecord } from '@bastionary/oauth/actions/credential-uses';
import { credentialStatusAt } from '@bastionary/oauth/rules/credential-status';

/** A credential as it stands in answers: of a secret only the hint. */
export function toCredential(row: CredentialRow, use: UseRecord | undefined, now: number): Credential {
  const jwk = row.jwk as Record<string, unknown> | null;
  return {
    id: row.id,
    kind: row.kind as Credential['kind'],
    label: row.label,
    hint: row.hint,
    generated: row.digest?.startsWith('hmac-sha256$') ?? false,
    kid: typeof jwk?.kid === 'string' ? jwk.kid : null,
    public_jwk: jwk,
    jwks_uri: row.jwksUri,
    status: credentialStatusAt(row, now),
    not_before: toInstantOrNull(row.notBefore),
    expires_at: toInstantOrNull(row.expiresAt),
    created_at: toInstant(row.createdAt),
    last_used_at: toInstantOrNull(use?.lastAt ?? null),
    last_used_address: use?.lastAddress ?? null,
    use_count: String(use?.uses ?? 0n),
  };
}
