import { setTimeout as sleep } from 'node:timers/promises';
import { statusAt } from '@bastionary/oauth/rules/client-status';
import type { Form } from '@bastionary/oauth/rules/form';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { type PresentedSecret, presentedCredential } from '@bastionary/oauth/rules/presented-credential';
import { digestSecret, isGeneratedSecret, sameDigest } from '@bastionary/oauth/rules/secret';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import { ClientDirectory, type KnownClient } from './client-directory.js';
import { KeyRing } from './key-ring.js';
import { VerifiedSecrets } from './verified-secrets.js';
import { WrongSecrets } from './wrong-secrets.js';

/** The one doorman of token, introspection and revocation. */
@Injectable()
export class AuthenticateClient {
  private readonly verified = new VerifiedSecrets();
  private readonly wrong: WrongSecrets;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clients: ClientDirectory,
    private readonly keys: KeyRing,
  ) {
    this.wrong = new WrongSecrets(config.WRONG_SECRET_ATTEMPTS);
  }

  /**
   * @throws OAuthFault invalid_client, the same in every respect for an unknown client, a wrong secret, and a client that
   * is suspended, expired or deleted (RFC 6749 §5.2); slow_down after too many wrong secrets from one address
   */
  async authenticate(authorization: string | undefined, form: Form, address: string): Promise<KnownClient> {
    const began = performance.now();
    try {
      return await this.recognise(presentedCredential(authorization, form), address);
    } catch (error) {
      // Whether a client is in memory, in the database or nowhere takes its own time: the answer must not show it.
      if (error instanceof OAuthFault && error.error === 'invalid_client') {
        await sleep(Math.max(0, began + this.config.FAILED_AUTHENTICATION_MS - performance.now()));
      }
      throw error;
    }
  }

  private async recognise(presented: PresentedSecret, address: string): Promise<KnownClient> {
    await this.wrong.check(presented.clientId, address);
    const client = await this.clients.find(presented.clientId);
    if (!(await this.isSecretOf(client, presented)) || client === undefined) {
      await this.wrong.record(presented.clientId, address);
      throw failed(
        client === undefined ? `no client ${presented.clientId}` : `wrong secret for client ${presented.clientId}`,
      );
    }
    const status = statusAt(client, Date.now());
    if (status !== 'active') throw failed(`client ${presented.clientId} is ${status}`);
    return client;
  }

  // Which hash is tried depends on the form of the presented secret alone: time must not tell what the client has.
  private async isSecretOf(client: KnownClient | undefined, { secret }: PresentedSecret): Promise<boolean> {
    const digests = client?.digests ?? [];
    if (!isGeneratedSecret(secret)) {
      return this.verified.verify(
        digests.flatMap((digest) => (digest.kind === 'argon2id' ? [digest.phc] : [])),
        secret,
      );
    }
    const { peppers } = this.keys;
    let right = false;
    for (const version of new Set([
      peppers.newest,
      ...digests.flatMap((digest) => (digest.kind === 'hmac' ? [digest.pepperVersion] : [])),
    ])) {
      const pepper = peppers.get(version);
      if (pepper === undefined) continue;
      const presented = digestSecret(pepper, secret);
      for (const digest of digests) {
        if (digest.kind === 'hmac' && digest.pepperVersion === version && sameDigest(digest.digest, presented))
          right = true;
      }
    }
    return right;
  }
}

const failed = (reason: string): OAuthFault =>
  new OAuthFault('invalid_client', 'Client authentication failed', { reason });
