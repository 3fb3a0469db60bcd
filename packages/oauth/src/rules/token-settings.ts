import type { AccessTokenFormat } from '@bastionary/contracts/client-metadata';

/** What a client or a resource wishes its tokens to be; null where it has no wish. */
export interface TokenWishes {
  readonly accessTokenTtl: number | null;
  readonly accessTokenFormat: AccessTokenFormat | null;
  readonly dpopRequired: boolean;
}

export interface TokenSettings {
  readonly ttlSeconds: number;
  readonly format: AccessTokenFormat;
  readonly dpopRequired: boolean;
}

/**
 * What a token of this client for these resources is: it lives as long as the most careful of them allows; the client
 * chooses the form, else it is opaque if any resource says so; one who demands DPoP is enough.
 */
export function tokenSettings(
  client: TokenWishes,
  resources: readonly TokenWishes[],
  defaultTtlSeconds: number,
): TokenSettings {
  const all = [client, ...resources];
  const lifetimes = all.flatMap(({ accessTokenTtl }) => accessTokenTtl ?? []);
  const wishesOpaque = resources.some(({ accessTokenFormat }) => accessTokenFormat === 'opaque');
  return {
    ttlSeconds: lifetimes.length > 0 ? Math.min(...lifetimes) : defaultTtlSeconds,
    format: client.accessTokenFormat ?? (wishesOpaque ? 'opaque' : 'jwt'),
    dpopRequired: all.some(({ dpopRequired }) => dpopRequired),
  };
}
