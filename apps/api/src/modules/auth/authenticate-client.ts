import { setTimeout as sleep } from 'node:timers/promises';
import { statusAt } from '@bastionary/oauth/rules/client-status';
import type { Form } from '@bastionary/oauth/rules/form';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { type PresentedSecret, presentedCredential } from '@bastionary/oauth/rules/presented-credential';
import { isGeneratedSecret } from '@bastionary/oauth/rules/secret';
import { Inject, Injectable } from '@nestjs/common';
import { GuessLimit } from '../../platform/guess-limit.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { ClientDirectory, type KnownClient } from './client-directory.js';
import { isSecretOf } from './is-secret-of.js';
import { KeyRing } from './key-ring.js';
import { RememberedSecrets } from './remembered-secrets.js';

/** The one doorman of token, introspection and revocation. */
@Injectable()
export class AuthenticateClient {
  private readonly remembered = new RememberedSecrets();
  private readonly turns = new Turns();
  private readonly wrong: GuessLimit;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clients: ClientDirectory,
    private readonly keys: KeyRing,
  ) {
    this.wrong = new GuessLimit({
      attempts: config.WRONG_SECRET_ATTEMPTS,
      windowSeconds: 60,
      refusal: (retryAfterSeconds) =>
        new OAuthFault('slow_down', 'Too many failed attempts for this client from this address', {
          retryAfterSeconds,
        }),
    });
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
    const { clientId, secret } = presented;
    await this.wrong.check(clientId, address);
    const known = await this.clients.find(clientId);
    const client = known && this.remembered.isRight(known, secret) ? known : await this.compare(presented, address);
    const status = statusAt(client, Date.now());
    if (status !== 'active') throw failed(`client ${clientId} is ${status}`);
    return client;
  }

  private compare({ clientId, secret }: PresentedSecret, address: string): Promise<KnownClient> {
    const compareNow = async (): Promise<KnownClient> => {
      await this.wrong.check(clientId, address);
      const client = await this.clients.find(clientId);
      const right = await isSecretOf(client?.digests ?? [], secret, this.keys.peppers);
      if (client === undefined || !right) {
        await this.wrong.record(clientId, address);
        throw failed(client === undefined ? `no client ${clientId}` : `wrong secret for client ${clientId}`);
      }
      this.remembered.remember(client, secret);
      return client;
    };
    // A slow comparison leaves time for the next guess: those of one client and address wait for each other.
    return isGeneratedSecret(secret) ? compareNow() : this.turns.take(`${clientId} ${address}`, compareNow);
  }
}

const failed = (reason: string): OAuthFault =>
  new OAuthFault('invalid_client', 'Client authentication failed', { reason });
