import type { Client, ClientSummary } from '@bastionary/contracts/clients';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { ClientRow } from '@bastionary/oauth/actions/find-client';
import { statusAt } from '@bastionary/oauth/rules/client-status';

interface Issuance {
  readonly issued: bigint;
  readonly lastAt: Date;
}

export function toClientSummary(
  row: Omit<ClientRow, 'credentials'>,
  issuance: Issuance | undefined,
  now: number,
): ClientSummary {
  return {
    client_id: row.clientId,
    name: row.name,
    scopes: row.scopes,
    expiry: toInstantOrNull(row.expiry),
    status: statusAt(row, now) as ClientSummary['status'],
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
    last_token_at: toInstantOrNull(issuance?.lastAt ?? null),
  };
}

export function toClient(row: ClientRow, issuance: Issuance | undefined, now: number): Client {
  return {
    ...toClientSummary(row, issuance, now),
    tokens_issued: String(issuance?.issued ?? 0n),
    credentials: row.credentials.map((credential) => ({
      id: credential.id,
      kind: 'secret',
      hint: credential.hint,
      generated: credential.digest.startsWith('hmac-sha256$'),
      created_at: toInstant(credential.createdAt),
    })),
  };
}
