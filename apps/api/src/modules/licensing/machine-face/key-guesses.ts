import { AppError } from '@bastionary/platform/app-error';
import { Inject, Injectable } from '@nestjs/common';
import { GuessLimit } from '../../../platform/guess-limit.js';
import { Limits } from '../../../platform/limits/limits.js';
import { CONFIG, type Config } from '../../../platform/providers.js';

/** Characters of a key that two guesses at the same one share. */
const PREFIX = 6;

/**
 * Counts unknown keys per address, and per address and beginning of the key: whoever tries keys is stopped, and machines
 * that hold one and sit behind the same address are not (they have proven it).
 */
@Injectable()
export class KeyGuesses {
  private readonly limit: GuessLimit;

  constructor(limits: Limits, @Inject(CONFIG) config: Config) {
    this.limit = new GuessLimit(limits, {
      kind: 'license_keys',
      attempts: config.LICENSE_KEY_GUESSES,
      attemptsPerAddress: config.LICENSE_KEY_GUESSES_PER_ADDRESS,
      windowSeconds: config.LICENSE_KEY_GUESS_SECONDS,
      refusal: (retryAfterSeconds) =>
        new AppError('too_many_requests', 'Too many unknown licence keys came from here. Wait, then try again.', {
          retryAfterSeconds,
          limit: { count: config.LICENSE_KEY_GUESSES, seconds: config.LICENSE_KEY_GUESS_SECONDS },
        }),
    });
  }

  /** As far as this process knows, which costs next to nothing. @throws AppError too_many_requests */
  check(key: string, address: string): void {
    this.limit.check(key.slice(0, PREFIX), address);
  }

  /** An unknown one. @throws AppError too_many_requests */
  async record(key: string, address: string): Promise<void> {
    await this.limit.checkEverywhere(key.slice(0, PREFIX), address);
    await this.limit.record(key.slice(0, PREFIX), address);
  }
}
