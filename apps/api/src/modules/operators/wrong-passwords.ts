import { AppError } from '@bastionary/platform/app-error';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const WINDOW_SECONDS = 900;

/** Counts wrong passwords per e-mail and address, so that a guesser elsewhere cannot lock the operator out. */
export class WrongPasswords {
  private readonly limiter: RateLimiterMemory;

  constructor(attempts: number) {
    this.limiter = new RateLimiterMemory({ points: attempts, duration: WINDOW_SECONDS });
  }

  /** @throws AppError too_many_requests */
  async check(email: string, address: string): Promise<void> {
    const state = await this.limiter.get(`${email} ${address}`);
    if (state !== null && state.remainingPoints <= 0) {
      const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1_000));
      throw new AppError(
        'too_many_requests',
        `Too many wrong passwords. Try again in ${Math.ceil(seconds / 60)} min.`,
        { retryAfterSeconds: seconds },
      );
    }
  }

  async record(email: string, address: string): Promise<void> {
    await this.limiter.penalty(`${email} ${address}`, 1);
  }
}
