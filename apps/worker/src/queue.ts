import type { Config } from '@bastionary/platform/config';
import { createPostgresBackend, type Processor, Queue, setDefaultBackendFactory, Worker } from 'bullmq';

const NAME = 'clock';

/** The one queue of this process, and the worker that takes from it. */
export interface Clock {
  readonly queue: Queue;
  work(processor: Processor): Worker;
}

/** Queues live in Redis if REDIS_URL is set, else in the database. What they hold are hints: the truth is in our tables. */
export function openClock(config: Config): Clock {
  const connection =
    config.REDIS_URL === undefined
      ? { connectionString: config.DATABASE_URL, max: 3 }
      : { url: config.REDIS_URL, maxRetriesPerRequest: null };
  if (config.REDIS_URL === undefined) setDefaultBackendFactory(createPostgresBackend as never);
  const options = { connection: connection as never };
  return {
    queue: new Queue(NAME, options),
    work: (processor) => new Worker(NAME, processor, { ...options, concurrency: 2 }),
  };
}
