import { AppError } from '@bastionary/platform/app-error';

/** Runs so much at once; the rest waits, in the order it came, and is refused when that takes too long. */
export class Places {
  private readonly waiting: (() => void)[] = [];

  /** @param free how much at once */
  constructor(
    private free: number,
    private readonly waitMs: number,
  ) {}

  /**
   * @param first ahead of all who wait already
   * @throws AppError unavailable if there was no place in time: nothing has been done
   */
  async take<Result>(work: () => Promise<Result>, first = false): Promise<Result> {
    if (this.free > 0) this.free--;
    else await this.turn(first);
    try {
      return await work();
    } finally {
      // The place goes from hand to hand: nobody can slip in between.
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }

  private turn(first: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        const message = 'Too many changes wait for each other. Nothing was changed; try again.';
        reject(new AppError('unavailable', message, { retryAfterSeconds: 1 }));
      }, this.waitMs);
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      if (first) this.waiting.unshift(enter);
      else this.waiting.push(enter);
    });
  }
}
