import { LRUCache } from 'lru-cache';
import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { StoreHealth } from './store-health.js';

/** A count, and the moment it ends (milliseconds since 1970). */
export interface Count {
  readonly count: number;
  readonly end: number;
}

/**
 * Counts that begin with the first thing counted and end at a moment: of all processes together where there is a store,
 * else of this one. What was last known stays in memory, so that a count goes on from there while the store is away.
 */
export class WindowCounts {
  private readonly known: LRUCache<string, Count>;
  private readonly seeding = new Map<string, Promise<number>>();

  constructor(
    keys: number,
    private readonly shared: RateLimiterAbstract | undefined,
    private readonly health: StoreHealth,
  ) {
    this.known = new LRUCache({ max: keys });
  }

  /** As this process knows it: exact alone, and otherwise as of its last question. Asks nobody. */
  peek(key: string, now: number): Count | undefined {
    const known = this.known.get(key);
    return known !== undefined && known.end > now ? known : undefined;
  }

  /** As everybody knows it. */
  async read(key: string, now: number): Promise<Count | undefined> {
    const { shared } = this;
    if (shared === undefined) return this.peek(key, now);
    const answer = await this.health.ask(async () => (await shared.get(key)) ?? 'nothing counted');
    if (answer === undefined) return this.peek(key, now);
    if (answer !== 'nothing counted') return this.learn(key, answer, now);
    this.known.delete(key);
    return undefined;
  }

  /**
   * Adds to a count, and answers what it is then.
   * @param end when it ends, if it begins now
   * @param seed what had been counted before this process first heard of it, if that is known somewhere
   */
  async add(
    key: string,
    points: number,
    { now, end, seed = none }: { now: number; end: number; seed?: () => Promise<number> },
  ): Promise<Count> {
    const before = this.peek(key, now) === undefined ? await this.seedOnce(key, seed) : 0;
    const shared = await this.addShared(key, points, before, now, end);
    if (shared !== undefined) return shared;
    const known = this.peek(key, now);
    return this.remember(key, { count: (known?.count ?? before) + points, end: known?.end ?? end });
  }

  // Of several requests at once one asks; the others wait for its answer.
  private seedOnce(key: string, seed: () => Promise<number>): Promise<number> {
    let seeding = this.seeding.get(key);
    if (seeding === undefined) {
      seeding = seed().finally(() => this.seeding.delete(key));
      this.seeding.set(key, seeding);
    }
    return seeding;
  }

  private async addShared(key: string, points: number, before: number, now: number, end: number) {
    const { shared } = this;
    if (shared === undefined) return undefined;
    const customDuration = Math.max(1, Math.ceil((end - now) / 1_000));
    const add = (more: number) => this.health.ask(() => shared.penalty(key, more, { customDuration }));
    let counted = await add(points);
    // The first to count in the store brings along what was counted before the store knew of it.
    if (counted?.consumedPoints === points && before > 0) counted = (await add(before)) ?? counted;
    return counted && this.learn(key, counted, now);
  }

  private learn(key: string, { consumedPoints, msBeforeNext }: RateLimiterRes, now: number): Count {
    return this.remember(key, { count: consumedPoints, end: now + Math.max(1, msBeforeNext) });
  }

  private remember(key: string, count: Count): Count {
    this.known.set(key, count);
    return count;
  }
}

const none = async (): Promise<number> => 0;
