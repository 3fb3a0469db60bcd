import { authMethod } from '@bastionary/contracts/client-metadata';
import type { KeySet } from '@bastionary/oauth/actions/signing-keys';
import { ALGORITHM_NAMES } from '@bastionary/oauth/rules/compact-jws';
import { JWKS_MAX_AGE_SECONDS } from '@bastionary/oauth/rules/key-schedule';
import { Controller, Get, Header, Headers, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../platform/access.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { GRANTS } from './grants/grants.js';
import { KeyRing } from './key-ring.js';
import { ScopeCatalogue } from './scope-catalogue.js';

const METHODS = authMethod.options;
// Resource servers may keep keys this long; a new key is published longer than that before its first use.
const CACHED = `public, max-age=${JWKS_MAX_AGE_SECONDS}`;

@ApiTags('oauth2')
@Controller('.well-known')
export class DiscoveryController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: KeyRing,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Get('oauth-authorization-server')
  @Public()
  @Header('cache-control', CACHED)
  @ApiOperation({ summary: 'Authorization server metadata, RFC 8414' })
  metadata(): Record<string, unknown> {
    const issuer = this.config.ISSUER_URL;
    return {
      issuer,
      token_endpoint: `${issuer}/oauth2/token`,
      token_endpoint_auth_methods_supported: METHODS,
      token_endpoint_auth_signing_alg_values_supported: ALGORITHM_NAMES,
      introspection_endpoint: `${issuer}/oauth2/introspect`,
      introspection_endpoint_auth_methods_supported: METHODS,
      introspection_endpoint_auth_signing_alg_values_supported: ALGORITHM_NAMES,
      revocation_endpoint: `${issuer}/oauth2/revoke`,
      revocation_endpoint_auth_methods_supported: METHODS,
      revocation_endpoint_auth_signing_alg_values_supported: ALGORITHM_NAMES,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: [...GRANTS.keys()],
      dpop_signing_alg_values_supported: ALGORITHM_NAMES,
      // RFC 8414 §2: required; without an authorization endpoint there is none.
      response_types_supported: [],
      scopes_supported: this.catalogue.scopes,
      service_documentation: `${issuer}/docs`,
    };
  }

  @Get('openid-configuration')
  @Public()
  @Header('cache-control', CACHED)
  @ApiOperation({ summary: 'The same document, for clients that only look here' })
  openidConfiguration(): Record<string, unknown> {
    return this.metadata();
  }

  @Get('jwks.json')
  @Public()
  @Header('cache-control', CACHED)
  @ApiOperation({ summary: 'Public signing keys, RFC 7517' })
  jwks(
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-none-match') known?: string,
  ): KeySet['jwks'] | undefined {
    const { jwks, etag } = this.keys.current;
    reply.header('etag', etag);
    if (!isAmong(etag, known)) return jwks;
    reply.code(304);
    return undefined;
  }
}

// RFC 9110 §13.1.2: a list of tags, compared weakly.
const isAmong = (etag: string, known = ''): boolean =>
  known.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
