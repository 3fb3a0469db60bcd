import type { ClientMetadata, JwkSet } from '@bastionary/contracts/client-metadata';
import type { CreateClientRequest, UpdateClientRequest } from '@bastionary/contracts/clients';
import { AppError } from '@bastionary/platform/app-error';
import { newId } from '@bastionary/platform/ids';
import { Prisma, type Reader, type Transaction } from '@bastionary/prisma/client';
import { addressRangeFaults } from '../rules/address-range.js';
import { readJwkSet } from '../rules/jwk-set.js';
import type { ClientRow } from './find-client.js';

type Given = Omit<Partial<CreateClientRequest> & Partial<UpdateClientRequest>, 'client_secret'>;

/** The columns that metadata of a request goes to; what it does not name is left out. */
export function metadataColumns(given: Given) {
  const { resources, rate_limit: rateLimit, token_quota: tokenQuota } = given;
  const json = (value: object | null | undefined) =>
    value === undefined ? undefined : value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue);
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
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as {
    [Name in keyof typeof columns]?: Exclude<(typeof columns)[Name], undefined>;
  };
}

/** The metadata of a client as it stands in answers. Its keys stand among its credentials. */
export function metadataOf(row: ClientRow): ClientMetadata {
  const keys = row.credentials.flatMap(({ kind, jwk }) => (kind === 'public_key' ? [jwk as JwkSet['keys'][number]] : []));
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
  };
}

/**
 * Checks what the schema alone cannot: that resources exist, that addresses are ranges.
 * @throws AppError invalid_request, with the path of every fault
 */
export async function checkMetadata(db: Reader, given: Given): Promise<void> {
  const faults = addressRangeFaults(given.allowed_addresses ?? [], '/allowed_addresses');
  const wanted = given.resources ?? [];
  const known = await db.resource.findMany({ where: { identifier: { in: [...wanted] } }, select: { identifier: true } });
  const identifiers = new Set(known.map(({ identifier }) => identifier));
  for (const [index, identifier] of wanted.entries()) {
    if (identifiers.has(identifier)) continue;
    faults.push({ path: `/resources/${index}`, code: 'unknown_resource', message: `There is no resource ${identifier}.` });
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
  const before = await tx.credential.findMany({ where: { clientId, kind: { in: ['public_key', 'jwks_uri'] } } });
  const wanted = wantedKeys(jwks, uri, clientId, now);
  // One of the two given replaces the other too: they exclude each other.
  const touched = before.filter(({ kind }) => jwks || uri || (kind === 'public_key' ? jwks === null : uri === null));
  const gone = touched.filter((old) => !wanted.some(({ hint }) => hint === old.hint));
  const fresh = wanted.filter(({ hint }) => !before.some((old) => old.hint === hint));
  await tx.credential.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } });
  await tx.credential.createMany({ data: fresh });
  return gone.length + fresh.length > 0;
}

function wantedKeys(jwks: JwkSet | null | undefined, uri: string | null | undefined, clientId: string, now: Date) {
  const common = () => ({ id: newId('crd'), clientId, createdAt: now });
  if (uri) return [{ ...common(), kind: 'jwks_uri', jwksUri: uri, hint: uri }];
  if (!jwks) return [];
  const read = readJwkSet(jwks);
  if (!read.ok) throw new AppError('invalid_request', 'The keys cannot be used.', { faults: read.faults });
  return read.keys.map(({ key, publicJwk }) => ({
    ...common(),
    kind: 'public_key',
    jwk: publicJwk,
    hint: key.kid ?? key.thumbprint,
    label: key.kid,
  }));
}
