/** Does a turn of work again and again: at once while there is more, else after a pause or when woken. */
export class Loop {
  private wakeUp: () => void = () => undefined;
  private isWoken = false;
  private isStopped = false;
  private readonly ended: Promise<void>;

  /** @param turn returns whether there may be more to do; never rejects */
  constructor(
    private readonly turn: () => Promise<boolean>,
    private readonly pauseMs: number,
  ) {
    this.ended = this.run();
  }

  wake(): void {
    this.isWoken = true;
    this.wakeUp();
  }

  /** Resolves when the last turn is over. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    await this.ended;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isWoken = false;
      const hasMore = await this.turn();
      if (!hasMore && !this.isWoken) await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.pauseMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }
}
