import { recordFailures, registeredClientIds } from '@bastionary/oauth/actions/failures';
import { type Refusal, showableClientId, showableReason, showableScope } from '@bastionary/oauth/rules/failure';
import { isDatabaseAway } from '@bastionary/platform/database-errors';
import { newId } from '@bastionary/platform/ids';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from './metrics.js';
import { MinuteLimit } from './minute-limit.js';
import { CONFIG, type Config, DATABASE, type Database, LOGGER, type Logger } from './providers.js';

const FLUSH_MS = 250;
const BATCH = 500;

type Kept = Refusal & { readonly id: string };
type Row = Parameters<typeof recordFailures>[1][number];

/**
 * Keeps why requests at the OAuth2 endpoints were refused, for the owner's eyes. In memory first, written in batches:
 * a refusal neither waits for this nor fails with it. What does not fit is counted and forgotten.
 */
@Injectable()
export class FailureLog implements OnApplicationShutdown {
  private readonly waiting: Kept[] = [];
  private unwritten: readonly Row[] = [];
  private readonly limit: MinuteLimit;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {
    this.limit = new MinuteLimit(config.FAILURES_PER_MINUTE);
  }

  add(refusal: Refusal): void {
    if (this.waiting.length >= this.config.FAILURE_BUFFER_MAX) {
      this.metrics.failuresNotStored.inc({ why: 'dropped' });
      return;
    }
    this.waiting.push({ ...refusal, id: newId('flr', refusal.at) });
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
    clearTimeout(this.timer);
  }

  private flush(): Promise<void> {
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  private async write(): Promise<void> {
    try {
      while (this.unwritten.length > 0 || this.waiting.length > 0) {
        if (this.unwritten.length === 0) this.unwritten = await this.take();
        if (this.unwritten.length > 0) await recordFailures(this.db, this.unwritten);
        this.unwritten = [];
      }
    } catch (error) {
      if (!isDatabaseAway(error)) {
        // What the database will not take, it will not take next time either.
        this.metrics.failuresNotStored.inc({ why: 'dropped' }, this.unwritten.length);
        this.unwritten = [];
      }
      this.logger.warn({ err: error }, 'refusals not stored yet');
      this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
    }
  }

  // Limited by what a client is, not by what it claims: an outsider would only have to claim something else each time.
  private async take(): Promise<Row[]> {
    const taken = this.waiting.slice(0, BATCH);
    const claimed = new Set(taken.flatMap(({ clientId }) => showableClientId(clientId) ?? []));
    const registered = claimed.size === 0 ? claimed : await registeredClientIds(this.db, [...claimed]);
    this.waiting.splice(0, taken.length);
    const rows = taken.map((one) => toRow(one, registered));
    const stored = rows.filter(({ clientId, reasonCode, at }) =>
      this.limit.takes(`${clientId ?? ''} ${reasonCode}`, at.getTime()),
    );
    this.metrics.failuresNotStored.inc({ why: 'suppressed' }, rows.length - stored.length);
    return stored;
  }
}

function toRow(
  { id, traceId, at, endpoint, clientId, scope, error, reasonCode, reason, address }: Kept,
  registered: ReadonlySet<string>,
): Row {
  const showable = showableClientId(clientId);
  const isRegistered = showable !== undefined && registered.has(showable);
  const told = showableReason(reason, clientId);
  return {
    id,
    traceId,
    at: new Date(at),
    endpoint,
    clientId: isRegistered ? showable : null,
    scope: showableScope(scope),
    error,
    reasonCode,
    reason: isRegistered || showable === undefined || told.includes(showable) ? told : `${told} (claimed: ${showable})`,
    address: address ?? null,
  };
}
