import { systemOrigin } from '@bastionary/platform/audit';
import { inTransaction } from '@bastionary/platform/changes';
import type { Config } from '@bastionary/platform/config';
import type { Logger } from '@bastionary/platform/logger';
import type { FetchMeans } from '@bastionary/platform/safe-fetch';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Database, Transaction } from '@bastionary/prisma/client';
import { type Claim, claimDeliveries } from '@bastionary/webhooks/actions/claim-deliveries';
import { type Settled, settleAttempts } from '@bastionary/webhooks/actions/settle-attempts';
import { openSecrets } from '@bastionary/webhooks/actions/signing-secrets';
import { outcomeOf } from '@bastionary/webhooks/rules/attempt-outcome';
import { retryDelay } from '@bastionary/webhooks/rules/retry-delay';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, DATABASE, ENCRYPTION_KEYS, LOGGER } from '../providers.js';
import { attemptDelivery, deliveryMeans } from './attempt-delivery.js';
import { EndpointRooms } from './endpoint-rooms.js';
import { Loop } from './loop.js';

const LOOK_EVERY_MS = 250;
/** Time to write the result after the longest attempt; then another worker takes over. */
const LEASE_SLACK_MS = 5_000;
/** Attempts written in one transaction. */
const SETTLED_AT_ONCE = 500;

/**
 * Attempts deliveries that are due. Each turn is one transaction that writes the results of the attempts which have ended
 * and takes as many new ones as there is room for.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly means: FetchMeans;
  private readonly rooms: EndpointRooms;
  private loop: Loop | undefined;
  private ended: Settled[] = [];
  private isDraining = false;
  private isFailing = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
  ) {
    this.means = deliveryMeans(config);
    this.rooms = new EndpointRooms(config.WEBHOOK_CONCURRENCY, config.WEBHOOK_CONCURRENCY_PER_ENDPOINT);
  }

  onApplicationBootstrap(): void {
    this.loop = new Loop(() => this.turn(), LOOK_EVERY_MS);
  }

  /** There may be something to do. */
  wake(): void {
    this.loop?.wake();
  }

  /** Begins nothing more, waits for what is under way, and writes what came of it. */
  async onApplicationShutdown(): Promise<void> {
    this.isDraining = true;
    await this.rooms.empty();
    await this.loop?.stop();
    await this.turn();
  }

  private async turn(): Promise<boolean> {
    const settled = this.ended.splice(0, SETTLED_AT_ONCE);
    try {
      const { claims, secrets, late } = await inTransaction(this.db, (tx) => this.settleAndClaim(tx, settled));
      if (late > 0) this.logger.warn({ late }, 'webhook attempts ended after their lease; they are made again');
      this.isFailing = false;
      for (const claim of claims) void this.attempt(claim, secrets.get(claim.endpointId) ?? []);
      return settled.length === SETTLED_AT_ONCE;
    } catch (error) {
      this.ended.unshift(...settled);
      if (!this.isFailing) this.logger.warn({ err: error }, 'webhooks stand still; trying again');
      this.isFailing = true;
      return false;
    }
  }

  private async settleAndClaim(tx: Transaction, settled: readonly Settled[]) {
    const { WEBHOOK_CONCURRENCY_PER_ENDPOINT: perEndpoint, WEBHOOK_DISABLE_AFTER_DAYS: days } = this.config;
    const now = new Date();
    const late = await settleAttempts(tx, systemOrigin('worker'), settled, days, now);
    const room = this.isDraining ? 0 : this.rooms.free;
    const leaseMs = this.config.WEBHOOK_TIMEOUT_MS + LEASE_SLACK_MS;
    const claims = await claimDeliveries(tx, { room, perEndpoint, rooms: this.rooms.perEndpoint(), leaseMs });
    const endpointIds = [...new Set(claims.map(({ endpointId }) => endpointId))];
    const secrets = claims.length > 0 ? await openSecrets(tx, endpointIds, this.encryptionKeys, now) : new Map();
    return { claims, secrets: secrets as Map<string, string[]>, late };
  }

  private async attempt(claim: Claim, secrets: readonly string[]): Promise<void> {
    const leave = this.rooms.enter(claim.endpointId);
    const answer = await attemptDelivery(claim, secrets, this.means, this.config.WEBHOOK_ANSWER_BYTES);
    const outcome = outcomeOf(answer);
    const retryInMs = retryDelay(claim.attempts + 1, this.config.WEBHOOK_RETRY_SECONDS, Math.random());
    this.ended.push({ claim, ...answer, outcome, retryInMs });
    leave(outcome.delivered);
    this.wake();
  }
}
