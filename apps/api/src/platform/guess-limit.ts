import { RateLimiterMemory } from 'rate-limiter-flexible';

interface Options {
  readonly attempts: number;
  readonly windowSeconds: number;
  /** What whoever guesses on is told. */
  readonly refusal: (retryAfterSeconds: number) => Error;
}

/**
 * Counts wrong secrets per subject and address (RFC 6749 §2.3.1): whoever guesses is stopped,
 * and the subject itself, at another address, is not.
 */
export class GuessLimit {
  private readonly limiter: RateLimiterMemory;
  /** While nobody guesses, nobody is asked. */
  private guessedUntil = 0;

  constructor(private readonly options: Options) {
    this.limiter = new RateLimiterMemory({ points: options.attempts, duration: options.windowSeconds });
  }

  /** @throws the refusal once there were too many */
  async check(subject: string, address: string): Promise<void> {
    if (Date.now() > this.guessedUntil) return;
    const state = await this.limiter.get(`${subject} ${address}`);
    if (state !== null && state.remainingPoints <= 0) {
      throw this.options.refusal(Math.max(1, Math.ceil(state.msBeforeNext / 1_000)));
    }
  }

  async record(subject: string, address: string): Promise<void> {
    this.guessedUntil = Date.now() + this.options.windowSeconds * 1_000;
    await this.limiter.penalty(`${subject} ${address}`, 1);
  }
}
