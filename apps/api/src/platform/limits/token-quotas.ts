import { issuedPerHour } from '@bastionary/oauth/actions/issuance';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { type QuotaWindow, quotaWindows } from '@bastionary/oauth/rules/quota-window';
import { rateLimitFields, type ServiceLimit, seconds } from '@bastionary/oauth/rules/rate-limit-fields';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Metrics } from '../metrics.js';
import { type Database, LOGGER, type Logger, WHOLE_DATABASE } from '../providers.js';
import { Limits } from './limits.js';

/** What the quotas need of a client. */
export interface QuotaClient {
  readonly clientId: string;
  readonly tokenQuota: {
    readonly per_hour: number | null;
    readonly per_day: number | null;
    readonly enforce: boolean;
  } | null;
}

interface Usage {
  readonly window: QuotaWindow;
  readonly key: string;
  readonly count: number;
}

const KIND = { hour: 'tokens_per_hour', day: 'tokens_per_day' } as const;
const TOLD_MAX = 10_000;

/** Tokens per client in the hours and days of UTC. */
@Injectable()
export class TokenQuotas {
  private readonly told = new LRUCache<string, true>({ max: TOLD_MAX });

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly limits: Limits,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Counts a token that is about to be issued. One that is refused is not counted.
   * @returns what is left of the quotas that are enforced
   * @throws OAuthFault slow_down beyond a quota that is enforced, until its window ends
   */
  async admit({ clientId, tokenQuota }: QuotaClient, now: number): Promise<ServiceLimit[]> {
    if (tokenQuota === null) return [];
    const { per_hour: perHour, per_day: perDay, enforce } = tokenQuota;
    const windows = quotaWindows({ perHour, perDay, enforce }, now);
    if (enforce) this.refuseSpent(clientId, windows, now);
    const usages = await Promise.all(windows.map((window) => this.count(clientId, window, now)));
    const exceeded = usages.filter(({ window, count }) => count > window.quota);
    if (!enforce) {
      for (const { window, key } of exceeded) this.observe(clientId, window, key);
      return [];
    }
    if (exceeded.length > 0) {
      await Promise.all(usages.map(({ key, window }) => this.limits.counts.add(key, -1, { now, end: window.end })));
      throw this.refusal(clientId, usages, now);
    }
    return usages.map((usage) => leftOf(usage, now));
  }

  // What is known to be spent stays so until the window ends: nobody need be asked.
  private refuseSpent(clientId: string, windows: readonly QuotaWindow[], now: number): void {
    const usages = windows.map((window) => {
      const key = keyOf(clientId, window);
      return { window, key, count: this.limits.counts.peek(key, now)?.count ?? 0 };
    });
    if (usages.some(({ window, count }) => count >= window.quota)) throw this.refusal(clientId, usages, now);
  }

  private async count(clientId: string, window: QuotaWindow, now: number): Promise<Usage> {
    const key = keyOf(clientId, window);
    const seed = () => this.issuedBefore(clientId, window);
    const { count } = await this.limits.counts.add(key, 1, { now, end: window.end, seed });
    return { window, key, count };
  }

  /** Tokens of this window issued before this process, or a store that has forgotten, heard of it. */
  private async issuedBefore(clientId: string, window: QuotaWindow): Promise<number> {
    try {
      const hours = await issuedPerHour(this.db, new Date(window.start), clientId);
      return Number(hours.reduce((sum, { issued }) => sum + issued, 0n));
    } catch (error) {
      this.logger.warn(
        { err: error, client_id: clientId },
        'a token quota starts from zero: its count could not be read',
      );
      return 0;
    }
  }

  private observe(clientId: string, window: QuotaWindow, key: string): void {
    this.metrics.observedQuota.inc({ kind: KIND[window.name] });
    if (this.told.has(key)) return;
    this.told.set(key, true);
    this.logger.warn(
      { client_id: clientId, per: window.name, quota: window.quota },
      'over its token quota, which is observed only',
    );
  }

  private refusal(clientId: string, usages: readonly Pick<Usage, 'window' | 'count'>[], now: number): OAuthFault {
    const spent = usages.filter(({ window, count }) => count >= window.quota);
    const [longest] = spent.toSorted((one, other) => other.window.end - one.window.end);
    const { name = 'hour', end = now } = longest?.window ?? {};
    return new OAuthFault('slow_down', `The token quota of this client for this ${name} is spent`, {
      reason: `the client's quota of ${longest?.window.quota} tokens per ${name} is spent`,
      reasonCode: `token_quota_${name}`,
      clientId,
      isRepeat: this.limits.noteRefusal(KIND[name], clientId),
      retryAfterSeconds: seconds(end - now),
      headers: rateLimitFields(usages.map((usage) => leftOf(usage, now))),
    });
  }
}

const keyOf = (clientId: string, { name, start }: QuotaWindow): string => `tokens:${clientId}:${name}:${start}`;

const leftOf = ({ window, count }: Pick<Usage, 'window' | 'count'>, now: number): ServiceLimit => ({
  name: window.name,
  quota: window.quota,
  windowSeconds: window.seconds,
  remaining: Math.max(0, window.quota - count),
  resetMs: window.end - now,
});
