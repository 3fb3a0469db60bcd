import { setTimeout as sleep } from 'node:timers/promises';
import { statusAt } from '@bastionary/oauth/rules/client-status';
import { credentialName } from '@bastionary/oauth/rules/credential-name';
import { credentialStatusAt } from '@bastionary/oauth/rules/credential-status';
import { sinceOrUntil } from '@bastionary/oauth/rules/duration';
import type { Form } from '@bastionary/oauth/rules/form';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import {
  type PresentedCredential,
  type PresentedSecret,
  presentedCredential,
} from '@bastionary/oauth/rules/presented-credential';
import { isGeneratedSecret } from '@bastionary/oauth/rules/secret';
import { Inject, Injectable } from '@nestjs/common';
import { GuessLimit } from '../../platform/guess-limit.js';
import { Limits } from '../../platform/limits/limits.js';
import { RequestLimits } from '../../platform/limits/request-limits.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { AuthenticateAssertion } from './authenticate-assertion.js';
import { ClientDirectory } from './client-directory.js';
import { CredentialUses } from './credential-uses.js';
import { CustomerDirectory, type KnownCustomer } from './customer-directory.js';
import type { Authenticated } from './exchange.js';
import { failedAuthentication } from './failed-authentication.js';
import { KeyRing } from './key-ring.js';
import { type KnownClient, type KnownCredential, type KnownSecret } from './known-client.js';
import { matchingSecret } from './matching-secret.js';
import { RememberedSecrets } from './remembered-secrets.js';

interface Proven {
  readonly client: KnownClient;
  readonly credential: KnownCredential;
}

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
    private readonly assertions: AuthenticateAssertion,
    private readonly uses: CredentialUses,
    private readonly customers: CustomerDirectory,
    private readonly requests: RequestLimits,
    limits: Limits,
  ) {
    this.wrong = new GuessLimit(limits, {
      kind: 'wrong_secrets',
      attempts: config.WRONG_SECRET_ATTEMPTS,
      attemptsPerAddress: config.WRONG_SECRET_ATTEMPTS_PER_ADDRESS,
      windowSeconds: 60,
      refusal: (retryAfterSeconds, isRepeat) =>
        new OAuthFault('slow_down', 'Too many failed attempts for this client from this address', {
          reasonCode: 'too_many_wrong_secrets',
          retryAfterSeconds,
          isRepeat,
        }),
    });
  }

  /**
   * @throws OAuthFault invalid_client, the same in every respect for an unknown client, a wrong secret, and a client that
   * is suspended, expired or deleted (RFC 6749 §5.2); slow_down after too many wrong secrets from one address
   */
  async authenticate(authorization: string | undefined, form: Form, address: string): Promise<Authenticated> {
    const began = performance.now();
    try {
      const admitted = this.requests.admitAddress(address);
      if (admitted instanceof Promise) await admitted;
      const presented = presentedCredential(authorization, form);
      const { client, credential } = await this.recognise(presented, address);
      const now = Date.now();
      checkUsable(client, credential, presented, now);
      const customer = client.customerId === null ? undefined : await this.customerOf(client, client.customerId);
      this.requests.checkAddress(client, address);
      this.uses.add(credential.id, address, now);
      // Only now: what others send in its name costs the client nothing.
      const left = this.requests.admitClient(client);
      return { client, customer, credentialId: credential.id, left: left instanceof Promise ? await left : left };
    } catch (error) {
      // Whether a client is in memory, in the database or nowhere takes its own time: the answer must not show it.
      if (error instanceof OAuthFault && error.error === 'invalid_client') {
        await sleep(Math.max(0, began + this.config.FAILED_AUTHENTICATION_MS - performance.now()));
      }
      throw error instanceof OAuthFault ? error.about(undefined, form.get('scope')) : error;
    }
  }

  private async customerOf({ clientId }: KnownClient, customerId: string): Promise<KnownCustomer> {
    const customer = await this.customers.find(customerId);
    if (customer.status === 'active') return customer;
    throw failedAuthentication(clientId, 'customer_suspended', `its customer ${customerId} is suspended`);
  }

  private async recognise(presented: PresentedCredential, address: string): Promise<Proven> {
    if (presented.method === 'private_key_jwt') return this.assertions.recognise(presented);
    const { clientId, secret } = presented;
    this.wrong.check(clientId, address);
    const client = await this.clients.find(clientId);
    const credential = client && this.remembered.find(client, secret);
    return credential === undefined ? this.compare(presented, address) : { client: client as KnownClient, credential };
  }

  private compare({ clientId, secret }: PresentedSecret, address: string): Promise<Proven> {
    const compareNow = async (): Promise<Proven> => {
      await this.wrong.checkEverywhere(clientId, address);
      const client = await this.clients.find(clientId);
      const credential = await matchingSecret(client?.secrets ?? [], secret, this.keys.peppers);
      if (client === undefined || credential === undefined) {
        await this.wrong.record(clientId, address);
        throw client === undefined
          ? failedAuthentication(clientId, 'client_unknown', 'there is no such client')
          : failedAuthentication(clientId, 'secret_wrong', wrongSecret(client.secrets));
      }
      this.remembered.remember(client, secret, credential);
      this.wrong.prove(clientId, address);
      return { client, credential };
    };
    // A slow comparison leaves time for the next guess: those of one client and address wait for each other.
    return isGeneratedSecret(secret) ? compareNow() : this.turns.take(`${clientId} ${address}`, compareNow);
  }
}

const wrongSecret = (secrets: readonly KnownSecret[]): string =>
  secrets.length === 0
    ? 'the client has no secret'
    : `the secret is none of the client's: ${secrets.map(credentialName).join(', ')}`;

// A right credential is not enough: it must be valid now, of the method the client registered, and the client in good standing.
function checkUsable(client: KnownClient, credential: KnownCredential, presented: PresentedCredential, now: number) {
  const { clientId, authMethod, expiry } = client;
  const status = statusAt(client, now);
  if (status !== 'active') {
    const since = status === 'expired' && expiry !== null ? ` ${sinceOrUntil(expiry.getTime(), now)}` : '';
    throw failedAuthentication(
      clientId,
      `client_${status}`,
      `the client is ${status}${since && `: it expired${since}`}`,
    );
  }
  if (authMethod !== null && authMethod !== presented.method) {
    const reason = `the client used ${presented.method}; it is registered for ${authMethod}`;
    throw failedAuthentication(clientId, 'method_not_registered', reason);
  }
  const validity = credentialStatusAt(credential, now);
  if (validity === 'active') return;
  const kind = presented.method === 'private_key_jwt' ? 'key' : 'secret';
  const edge = validity === 'expired' ? credential.expiresAt : credential.notBefore;
  const verb = validity === 'expired' ? 'expired' : 'is valid only from';
  const reason = `${kind} ${credentialName(credential)} ${verb} ${sinceOrUntil(edge?.getTime() ?? now, now)}`;
  throw failedAuthentication(clientId, `credential_${validity}`, reason);
}
