interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

const RUNS_AT_ONCE = 2;
const GATHERED_MAX = 500;

interface Weighing<Item> {
  /** How much of a statement an item takes; default: 1. */
  weigh(item: Item): number;
  /** How much one statement takes; an item that is heavier goes alone. */
  readonly most: number;
}

/**
 * Gathers what requests want of the database at the same moment, and asks once for all of them: while the statements
 * under way run, the next one fills. Under load the cost of a statement and its commit is shared; at rest nobody waits.
 */
export class Gathered<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;

  /** @param work answers every item, in the order given; if it fails, it fails for all of them */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly weighing: Weighing<Item> = { weigh: () => 1, most: GATHERED_MAX },
  ) {}

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

  private countOfNext(): number {
    const { weigh, most } = this.weighing;
    let weight = 0;
    const beyond = this.waiting.findIndex(({ item }, index) => {
      weight += weigh(item);
      return weight > most && index > 0;
    });
    return beyond === -1 ? this.waiting.length : beyond;
  }

  private async run(): Promise<void> {
    const taken = this.waiting.splice(0, this.countOfNext());
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
