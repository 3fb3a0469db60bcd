import { advanceSigningKeysJob } from './jobs/advance-signing-keys.js';
import { checkUsageJob } from './jobs/check-usage.js';
import { checkpointAuditJob } from './jobs/checkpoint-audit.js';
import { dunInvoicesJob } from './jobs/dun-invoices.js';
import { expireClientsJob } from './jobs/expire-clients.js';
import { expireReservationsJob } from './jobs/expire-reservations.js';
import { foldCredentialUsesJob } from './jobs/fold-credential-uses.js';
import { foldIssuanceJob } from './jobs/fold-issuance.js';
import { foldUsageJob } from './jobs/fold-usage.js';
import type { Job } from './jobs/job.js';
import { keepOpaqueTokenDaysJob } from './jobs/keep-opaque-token-days.js';
import { makeUsageMonthsJob } from './jobs/make-usage-months.js';
import { purgeFailuresJob } from './jobs/purge-failures.js';
import { purgeIdempotentAnswersJob } from './jobs/purge-idempotent-answers.js';
import { purgeNotBeforesJob } from './jobs/purge-not-befores.js';
import { purgeRevocationsJob } from './jobs/purge-revocations.js';
import { purgeSpentJob } from './jobs/purge-spent.js';
import { purgeUsageRejectionsJob } from './jobs/purge-usage-rejections.js';
import { purgeUsesJob } from './jobs/purge-uses.js';
import { purgeWebhooksJob } from './jobs/purge-webhooks.js';
import { refreshEntitlementsJob } from './jobs/refresh-entitlements.js';
import { rewrapSealedJob } from './jobs/rewrap-sealed.js';
import { sealAuditJob } from './jobs/seal-audit.js';
import { sendMailJob } from './jobs/send-mail.js';
import { settleSubscriptionsJob } from './jobs/settle-subscriptions.js';
import { warnOfExpiryJob } from './jobs/warn-of-expiry.js';

/** What runs when. To add a job: one file in jobs/, one line here. */
export const SCHEDULE: readonly { readonly job: Job; readonly everyMs: number }[] = [
  { job: sealAuditJob, everyMs: 500 },
  { job: refreshEntitlementsJob, everyMs: 1_000 },
  { job: settleSubscriptionsJob, everyMs: 1_000 },
  { job: expireReservationsJob, everyMs: 1_000 },
  { job: foldUsageJob, everyMs: 1_000 },
  { job: dunInvoicesJob, everyMs: 1_000 },
  { job: checkpointAuditJob, everyMs: 2_000 },
  { job: foldIssuanceJob, everyMs: 2_000 },
  { job: foldCredentialUsesJob, everyMs: 2_000 },
  { job: sendMailJob, everyMs: 2_000 },
  { job: expireClientsJob, everyMs: 5_000 },
  { job: purgeRevocationsJob, everyMs: 15_000 },
  { job: advanceSigningKeysJob, everyMs: 60_000 },
  { job: rewrapSealedJob, everyMs: 60_000 },
  { job: purgeNotBeforesJob, everyMs: 20_000 },
  { job: purgeSpentJob, everyMs: 20_000 },
  { job: keepOpaqueTokenDaysJob, everyMs: 600_000 },
  { job: purgeFailuresJob, everyMs: 20_000 },
  { job: warnOfExpiryJob, everyMs: 15_000 },
  { job: purgeUsesJob, everyMs: 30_000 },
  { job: purgeWebhooksJob, everyMs: 20_000 },
  { job: purgeUsageRejectionsJob, everyMs: 20_000 },
  { job: makeUsageMonthsJob, everyMs: 600_000 },
  { job: purgeIdempotentAnswersJob, everyMs: 600_000 },
  { job: checkUsageJob, everyMs: 86_400_000 },
];
