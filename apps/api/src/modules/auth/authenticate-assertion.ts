import { checkClientAssertion, readClientAssertion } from '@bastionary/oauth/rules/client-assertion';
import type { ClientKey } from '@bastionary/oauth/rules/jwk-set';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import type { PresentedAssertion } from '@bastionary/oauth/rules/presented-credential';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import { ClientDirectory } from './client-directory.js';
import { RemoteKeys } from './client-keys/remote-keys.js';
import { failedAuthentication } from './failed-authentication.js';
import type { KnownClient, KnownCredential } from './known-client.js';
import { UsedProofs } from './used-proofs.js';

/** A key a client may have signed with, and the credential that brought it. */
interface CandidateKey extends ClientKey {
  readonly credential: KnownCredential;
}

/** Recognises a client by an assertion it has signed: private_key_jwt, RFC 7523 under RFC 10070. */
@Injectable()
export class AuthenticateAssertion {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clients: ClientDirectory,
    private readonly remoteKeys: RemoteKeys,
    private readonly usedProofs: UsedProofs,
  ) {}

  /** @throws OAuthFault invalid_client for whatever is wrong with the assertion; invalid_request if client_id is another */
  async recognise({ assertion: text, bodyClientId }: PresentedAssertion) {
    const read = readClientAssertion(text);
    if (!read.ok) throw failedAuthentication(bodyClientId, `assertion_${read.code}`, read.reason);
    const { assertion } = read;
    if (bodyClientId !== undefined && bodyClientId !== assertion.clientId) {
      throw new OAuthFault('invalid_request', 'client_id differs from the one in the assertion', {
        clientId: bodyClientId,
      });
    }
    const client = await this.clients.find(assertion.clientId);
    if (client === undefined) {
      throw failedAuthentication(assertion.clientId, 'client_unknown', 'there is no such client');
    }
    const check = (keys: readonly CandidateKey[]) =>
      checkClientAssertion(assertion, {
        clientId: client.clientId,
        keys,
        issuer: this.config.ISSUER_URL,
        tokenEndpoint: `${this.config.ISSUER_URL}/oauth2/token`,
        legacyAudience: client.legacyAudience,
        maxLifetimeSeconds: this.config.CLIENT_ASSERTION_MAX_SECONDS,
        skewSeconds: this.config.CLOCK_SKEW_SECONDS,
        now: Date.now(),
      });
    const { keys, problem } = await this.keysOf(client, assertion.kid);
    const checked = await check(keys);
    if (!checked.ok) {
      const reason = problem === null ? checked.reason : `${checked.reason} (jwks_uri: ${problem})`;
      throw failedAuthentication(client.clientId, `assertion_${checked.code}`, reason);
    }
    // Only now: an assertion that proves nothing must not use up the jti of one that does (CVE-2020-15222).
    if (!(await this.usedProofs.isFirstUse('assertion', client.clientId, checked.jti, checked.expiresAt))) {
      throw failedAuthentication(client.clientId, 'assertion_replayed', `the assertion ${checked.jti} was used before`);
    }
    return { client, credential: checked.key.credential };
  }

  private async keysOf(
    { keys, keySource }: KnownClient,
    kid: string | undefined,
  ): Promise<{ keys: CandidateKey[]; problem: string | null }> {
    const registered = keys.map((key) => ({ ...key, credential: key }));
    if (keySource === undefined) return { keys: registered, problem: null };
    const remote = await this.remoteKeys.keysOf(keySource.jwksUri, kid);
    const published = remote.keys.map((key) => ({ ...key, credential: keySource }));
    return { keys: [...registered, ...published], problem: remote.problem };
  }
}
