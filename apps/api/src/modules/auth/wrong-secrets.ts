import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 60;

/**
 * Counts wrong secrets per client and address (RFC 6749 §2.3.1): whoever guesses is stopped,
 * and the client itself, at another address, is not.
 */
export class WrongSecrets {
  private readonly limiter: RateLimiterMemory;
  /** While nobody guesses, nobody is asked. */
  private guessedUntil = 0;

  constructor(attempts: number) {
    this.limiter = new RateLimiterMemory({ points: attempts, duration: WINDOW_SECONDS });
  }

  /** @throws OAuthFault slow_down once there were too many */
  async check(clientId: string, address: string): Promise<void> {
    if (Date.now() > this.guessedUntil) return;
    const state = await this.limiter.get(`${clientId} ${address}`);
    if (state !== null && state.remainingPoints <= 0) {
      const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1_000));
      throw new OAuthFault('slow_down', 'Too many failed attempts for this client from this address', {
        retryAfterSeconds: seconds,
      });
    }
  }

  async record(clientId: string, address: string): Promise<void> {
    this.guessedUntil = Date.now() + WINDOW_SECONDS * 1_000;
    await this.limiter.penalty(`${clientId} ${address}`, 1);
  }
}
