import type { Client, ClientSummary } from '@bastionary/contracts/clients';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { metadataOf } from '@bastionary/oauth/actions/client-metadata';
import type { UseRecord } from '@bastionary/oauth/actions/credential-uses';
import type { ClientRow } from '@bastionary/oauth/actions/find-client';
import { statusAt } from '@bastionary/oauth/rules/client-status';
import { clientWarnings } from '@bastionary/oauth/rules/client-warnings';
import { expiryWarnings } from '@bastionary/oauth/rules/expiry-warning';
import { toCredential } from './credential-views.js';

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
    customer_id: row.customerId,
  };
}

/** What is known of a client besides its row. */
export interface ClientFacts {
  readonly issuance: Issuance | undefined;
  readonly uses: ReadonlyMap<string, UseRecord>;
  readonly notBefore: Date | undefined;
}

export function toClient(row: ClientRow, { issuance, uses, notBefore }: ClientFacts, now: number): Client {
  return {
    ...toClientSummary(row, issuance, now),
    tokens_issued: String(issuance?.issued ?? 0n),
    ...metadataOf(row),
    tokens_not_before: toInstantOrNull(notBefore ?? null),
    warnings: [...clientWarnings(row, now), ...expiryWarnings(row, now)],
    credentials: row.credentials.map((credential) => toCredential(credential, uses.get(credential.id), now)),
  };
}
