import type { ClientMetadata, JwkSet } from '@bastionary/contracts/client-metadata';
import type { CreateClientRequest, UpdateClientRequest } from '@bastionary/contracts/clients';
import type { FieldFault } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';
import { newId } from '@bastionary/platform/ids';
import { DbNull, type Json, type Reader, type Transaction } from '@bastionary/prisma/client';
import { rangeFault } from '../rules/address-range.js';
import { readJwk, readJwkSet } from '../rules/jwk-set.js';
import { publicKeyRow } from './credential-rows.js';
import type { ClientRow } from './find-client.js';

type Given = Omit<Partial<CreateClientRequest> & Partial<UpdateClientRequest>, 'client_secret'>;

/** The columns that metadata of a request goes to; what it does not name is left out. */
export function metadataColumns(given: Given) {
  const { resources, rate_limit: rateLimit, token_quota: tokenQuota } = given;
  const json = (value: object | null | undefined) =>
    value === undefined ? undefined : value === null ? DbNull : (value as Json);
  const columns = {
    grantTypes: given.grant_types,
    authMethod: given.token_endpoint_auth_method,
    dpopBound: given.dpop_bound_access_tokens,
    accessTokenFormat: given.access_token_format,
    accessTokenTtl: given.access_token_ttl,
    refreshTokenTtl: given.refresh_token_ttl,
    resources: json(resources),
    legacyAudience: given.legacy_assertion_audience,
    allowedAddresses: given.allowed_addresses,
    rateLimit: json(rateLimit),
    tokenQuota: json(tokenQuota),
    environment: given.environment,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as {
    [Name in keyof typeof columns]?: Exclude<(typeof columns)[Name], undefined>;
  };
}

/** The metadata of a client as it stands in answers. Its keys stand among its credentials. */
export function metadataOf(row: ClientRow): ClientMetadata {
  const keys = row.credentials.flatMap(({ kind, jwk }) =>
    kind === 'public_key' ? [jwk as JwkSet['keys'][number]] : [],
  );
  return {
    grant_types: row.grantTypes as ClientMetadata['grant_types'],
    token_endpoint_auth_method: row.authMethod as ClientMetadata['token_endpoint_auth_method'],
    jwks: keys.length > 0 ? { keys } : null,
    jwks_uri: row.credentials.find(({ kind }) => kind === 'jwks_uri')?.jwksUri ?? null,
    dpop_bound_access_tokens: row.dpopBound,
    access_token_format: row.accessTokenFormat as ClientMetadata['access_token_format'],
    access_token_ttl: row.accessTokenTtl,
    refresh_token_ttl: row.refreshTokenTtl,
    resources: row.resources as string[] | null,
    legacy_assertion_audience: row.legacyAudience,
    allowed_addresses: row.allowedAddresses,
    rate_limit: row.rateLimit as ClientMetadata['rate_limit'],
    token_quota: row.tokenQuota as ClientMetadata['token_quota'],
    environment: row.environment,
  };
}

/**
 * Checks what the schema alone cannot: that resources and the environment exist, that addresses are ranges.
 * @throws AppError invalid_request, with the path of every fault
 */
export async function checkMetadata(db: Reader, given: Given): Promise<void> {
  const faults: FieldFault[] = (given.allowed_addresses ?? []).flatMap((range, index) => {
    const message = rangeFault(range);
    return message === undefined ? [] : [{ path: `/allowed_addresses/${index}`, code: 'invalid_range', message }];
  });
  const wanted = given.resources ?? [];
  const known = await db.resource.findMany({
    where: { identifier: { in: [...wanted] } },
    select: { identifier: true },
  });
  const identifiers = new Set(known.map(({ identifier }) => identifier));
  for (const [index, identifier] of wanted.entries()) {
    if (identifiers.has(identifier)) continue;
    faults.push({
      path: `/resources/${index}`,
      code: 'unknown_resource',
      message: `There is no resource ${identifier}.`,
    });
  }
  const { environment } = given;
  if (environment && (await db.flagEnvironment.count({ where: { key: environment } })) === 0) {
    faults.push({
      path: '/environment',
      code: 'unknown_environment',
      message: `There is no environment ${environment}.`,
    });
  }
  if (faults.length > 0) throw new AppError('invalid_request', 'Some of the metadata cannot be used.', { faults });
}

/**
 * Makes the client's keys those of `jwks` or `jwks_uri`, where the request names them. A key that stays keeps its
 * credential, and with it what is known of its use.
 * @throws AppError invalid_request if a key is unusable
 * @returns whether anything changed
 */
export async function replaceKeys(tx: Transaction, clientId: string, given: Given, now: Date): Promise<boolean> {
  const { jwks, jwks_uri: uri } = given;
  if (jwks === undefined && uri === undefined) return false;
  const wanted = new Map(wantedKeys(jwks, uri, now).map((row) => [nameOf(row), row]));
  // Naming keys in one way ends the other way too: they exclude each other.
  const kinds = jwks || uri ? ['public_key', 'jwks_uri'] : jwks === null ? ['public_key'] : [];
  if (uri === null) kinds.push('jwks_uri');
  const before = await tx.credential.findMany({ where: { clientId, kind: { in: kinds } } });
  const gone = before.filter((row) => !wanted.delete(nameOf(row)));
  await tx.credential.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } });
  for (const row of wanted.values()) await tx.credential.create({ data: { ...row, clientId } });
  return gone.length + wanted.size > 0;
}

function wantedKeys(jwks: JwkSet | null | undefined, uri: string | null | undefined, now: Date) {
  if (uri) return [{ id: newId('crd'), kind: 'jwks_uri' as const, jwksUri: uri, hint: uri, createdAt: now }];
  if (!jwks) return [];
  const read = readJwkSet(jwks);
  if (!read.ok) throw new AppError('invalid_request', 'The keys cannot be used.', { faults: read.faults });
  return read.keys.map(({ key, publicJwk }) => publicKeyRow(key, publicJwk, now));
}

// What makes a key the same: its numbers and its kid, or where it is fetched from.
function nameOf(row: { kind: string; jwk?: unknown; jwksUri?: string | null }): string {
  const read = row.kind === 'public_key' ? readJwk(row.jwk, '') : undefined;
  return read?.ok ? JSON.stringify([read.key.thumbprint, read.key.kid]) : (row.jwksUri ?? '');
}
