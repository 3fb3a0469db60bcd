import { inTransaction } from '@bastionary/platform/changes';
import type { Config } from '@bastionary/platform/config';
import type { Logger } from '@bastionary/platform/logger';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Database, Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { Job } from './jobs/job.js';
import { Metrics } from './metrics.js';
import { CONFIG, DATABASE, ENCRYPTION_KEYS, LOGGER } from './providers.js';
import { type Clock, openClock } from './queue.js';
import { SCHEDULE } from './schedule.js';

const JOBS = new Map(SCHEDULE.map(({ job }) => [job.name, job]));

/** Puts the schedule into the queue and runs what falls due. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private clock: Clock | undefined;
  private worker: Worker | undefined;
  private readonly atWork = new Set<string>();
  private isStopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.clock = openClock(this.config);
    // Errors of the connection are told once here; BullMQ tries again by itself.
    this.clock.queue.on('error', (error) => this.logger.warn({ err: error }, 'the queue does not answer'));
    await this.dropForgottenSchedules(this.clock);
    for (const { job, everyMs } of SCHEDULE) {
      await this.clock.queue.upsertJobScheduler(
        job.name,
        { every: everyMs },
        { name: job.name, opts: { removeOnComplete: true, removeOnFail: 100 } },
      );
    }
    this.worker = this.clock.work((queued) => this.run(queued.name));
    this.worker.on('error', (error) => this.logger.warn({ err: error }, 'the queue does not answer'));
    this.worker.on('failed', (queued, error) =>
      this.logger.error({ job: queued?.name, err: error }, 'job failed; it runs again when next due'),
    );
    await this.worker.waitUntilReady();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.worker?.close();
    // One more fold: what the api counted last should be there when the next start shows it.
    await this.run('fold-issuance').catch((error) =>
      this.logger.warn({ err: error }, 'last fold not done; the next start does it'),
    );
    await this.clock?.queue.close();
  }

  private async run(name: string): Promise<void> {
    const job = JOBS.get(name);
    // One that is still at work here is not begun beside itself: it would take the place of the others.
    if (job === undefined || this.atWork.has(name)) return;
    this.atWork.add(name);
    try {
      for (let isMore = true; isMore; ) isMore = (await this.runOnce(job)) && !this.isStopping;
    } finally {
      this.atWork.delete(name);
    }
  }

  /** @returns whether it wants to run again at once */
  private async runOnce(job: Job): Promise<boolean> {
    const { config, encryptionKeys, metrics } = this;
    const separately = <Result>(work: (tx: Transaction) => Promise<Result>) => inTransaction(this.db, work);
    const means = { config, encryptionKeys, metrics, separately };
    const done = await inTransaction(this.db, (tx) => job.run(tx, new Date(), means));
    if (done !== undefined) this.logger.info({ job: job.name, ...done }, 'job done');
    return done?.again === true;
  }

  // A job of an older release must not stay in the queue for ever.
  private async dropForgottenSchedules({ queue }: Clock): Promise<void> {
    for (const { key } of await queue.getJobSchedulers()) {
      if (!JOBS.has(key)) await queue.removeJobScheduler(key);
    }
  }
}
