import { expireClientsJob } from './jobs/expire-clients.js';
import { foldCredentialUsesJob } from './jobs/fold-credential-uses.js';
import { foldIssuanceJob } from './jobs/fold-issuance.js';
import type { Job } from './jobs/job.js';
import { purgeFailuresJob } from './jobs/purge-failures.js';
import { purgeIdempotentAnswersJob } from './jobs/purge-idempotent-answers.js';
import { purgeNotBeforesJob } from './jobs/purge-not-befores.js';
import { purgeRevocationsJob } from './jobs/purge-revocations.js';

/** What runs when. To add a job: one file in jobs/, one line here. */
export const SCHEDULE: readonly { readonly job: Job; readonly everyMs: number }[] = [
  { job: foldIssuanceJob, everyMs: 2_000 },
  { job: foldCredentialUsesJob, everyMs: 2_000 },
  { job: expireClientsJob, everyMs: 5_000 },
  { job: purgeRevocationsJob, everyMs: 15_000 },
  { job: purgeNotBeforesJob, everyMs: 60_000 },
  { job: purgeFailuresJob, everyMs: 60_000 },
  { job: purgeIdempotentAnswersJob, everyMs: 600_000 },
];
