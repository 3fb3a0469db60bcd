interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

const RUNS_AT_ONCE = 2;
const GATHERED_MAX = 500;

/**
 * Gathers what requests want of the database at the same moment, and asks once for all of them: while the statements
 * under way run, the next one fills. Under load the cost of a statement and its commit is shared; at rest nobody waits.
 */
export class Gathered<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;

  /** @param work answers every item, in the order given; if it fails, it fails for all of them */
  constructor(private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>) {}

  ask(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.running < RUNS_AT_ONCE) this.start();
    });
  }

  private start(): void {
    this.running++;
    // Past what is being read from the sockets right now: those requests come along.
    setImmediate(() => void this.run());
  }

  private async run(): Promise<void> {
    const taken = this.waiting.splice(0, GATHERED_MAX);
    if (taken.length > 0) {
      try {
        const results = await this.work(taken.map(({ item }) => item));
        taken.forEach(({ resolve }, index) => {
          resolve(results[index] as Result);
        });
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    this.running--;
    if (this.waiting.length > 0 && this.running < RUNS_AT_ONCE) this.start();
  }
}
