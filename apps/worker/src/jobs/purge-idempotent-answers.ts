import type { Job } from './job.js';

const KEPT_MS = 24 * 3_600_000;

/** Forgets the answers kept for retries after 24 hours. */
export const purgeIdempotentAnswersJob: Job = {
  name: 'purge-idempotent-answers',
  async run(tx, now) {
    const { count } = await tx.idempotentAnswer.deleteMany({
      where: { createdAt: { lt: new Date(now.getTime() - KEPT_MS) } },
    });
    return count > 0 ? { removed: count } : undefined;
  },
};
