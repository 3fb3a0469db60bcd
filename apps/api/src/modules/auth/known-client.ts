import type { AccessTokenFormat, AuthMethod, RateLimit, TokenQuota } from '@bastionary/contracts/client-metadata';
import { isForCustomers } from '@bastionary/contracts/permissions';
import type { ClientRow } from '@bastionary/oauth/actions/find-client';
import type { Validity } from '@bastionary/oauth/rules/credential-status';
import { type ClientKey, readJwk } from '@bastionary/oauth/rules/jwk-set';
import type { Grant } from '@bastionary/oauth/rules/scope';
import { parseDigest, type StoredDigest } from '@bastionary/oauth/rules/secret';
import type { TokenSettings, TokenWishes } from '@bastionary/oauth/rules/token-settings';

/** What was decided for a `scope`: what the token may do and what it is. */
export interface TokenPlan extends Grant, TokenSettings {
  /** The audience as a list, whether it is one or several. */
  readonly audiences: readonly string[];
}

interface KnownCredentialBase extends Validity {
  readonly id: string;
  readonly label: string | null;
  readonly hint: string;
}
export interface KnownSecret extends KnownCredentialBase {
  readonly digest: StoredDigest;
}
interface KnownKey extends KnownCredentialBase, ClientKey {}
interface KnownKeySource extends KnownCredentialBase {
  readonly jwksUri: string;
}
export type KnownCredential = KnownSecret | KnownKey | KnownKeySource;

/** A client as the doorman and the token endpoint need it. */
export interface KnownClient extends TokenWishes {
  readonly clientId: string;
  readonly name: string;
  readonly status: string;
  readonly expiry: Date | null;
  readonly scopes: ReadonlySet<string>;
  readonly resources: ReadonlySet<string> | null;
  readonly grantTypes: ReadonlySet<string>;
  readonly authMethod: AuthMethod | null;
  readonly refreshTokenTtl: number | null;
  readonly legacyAudience: boolean;
  readonly allowedAddresses: readonly string[];
  readonly rateLimit: RateLimit | null;
  readonly tokenQuota: TokenQuota | null;
  /** Null: the installation's own. */
  readonly customerId: string | null;
  /** Where it evaluates flags. */
  readonly environment: string;
  readonly secrets: readonly KnownSecret[];
  readonly keys: readonly KnownKey[];
  readonly keySource: KnownKeySource | undefined;
  /** What was decided for a `scope` (or none) before. Without a resource, it depends on the catalogue and the customer's epoch alone. */
  readonly plans: { catalogue: number; epoch: number; readonly byScope: Map<string | undefined, TokenPlan> };
}

/** Makes of the rows what is kept in memory: keys parsed, lists as sets. */
export function toKnownClient(row: ClientRow): KnownClient {
  const of = (kind: string) => row.credentials.filter((credential) => credential.kind === kind);
  const [keySource] = of('jwks_uri');
  return {
    clientId: row.clientId,
    name: row.name,
    status: row.status,
    expiry: row.expiry,
    // What a customer's client may not hold counts for nothing, however it came by it.
    scopes: new Set(row.customerId === null ? row.scopes : row.scopes.filter(isForCustomers)),
    resources: row.resources === null ? null : new Set(row.resources as string[]),
    grantTypes: new Set(row.grantTypes),
    authMethod: row.authMethod as AuthMethod | null,
    accessTokenTtl: row.accessTokenTtl,
    accessTokenFormat: row.accessTokenFormat as AccessTokenFormat | null,
    dpopRequired: row.dpopBound,
    refreshTokenTtl: row.refreshTokenTtl,
    legacyAudience: row.legacyAudience,
    allowedAddresses: row.allowedAddresses,
    rateLimit: row.rateLimit as RateLimit | null,
    tokenQuota: row.tokenQuota as TokenQuota | null,
    secrets: of('secret').map((credential) => ({ ...base(credential), digest: parseDigest(credential.digest ?? '') })),
    keys: of('public_key').flatMap((credential) => {
      const read = readJwk(credential.jwk, '');
      return read.ok ? [{ ...base(credential), ...read.key }] : [];
    }),
    keySource: keySource && { ...base(keySource), jwksUri: keySource.jwksUri ?? '' },
    customerId: row.customerId,
    environment: row.environment ?? 'production',
    plans: { catalogue: -1, epoch: 0, byScope: new Map() },
  };
}

const base = ({ id, label, hint, notBefore, expiresAt }: ClientRow['credentials'][number]): KnownCredentialBase => ({
  id,
  label,
  hint,
  notBefore,
  expiresAt,
});
