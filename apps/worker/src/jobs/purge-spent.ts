import { purgeLiveTokens } from '@bastionary/oauth/actions/issuance';
import { purgeFamilies } from '@bastionary/oauth/actions/refresh-tokens';
import { purgeProofs } from '@bastionary/oauth/actions/used-proofs';
import { purgeWrittenBatches } from '@bastionary/oauth/actions/written-batches';
import type { Job } from './job.js';

/** Removes what can decide nothing any more: proofs no clock accepts, refresh families past their end, counts of tokens that ended. */
export const purgeSpentJob: Job = {
  name: 'purge-spent',
  async run(tx, now) {
    const proofs = await purgeProofs(tx, now);
    const families = await purgeFamilies(tx, now);
    const counts = await purgeLiveTokens(tx, now);
    const batches = await purgeWrittenBatches(tx, now);
    return proofs + families + counts + batches > 0 ? { proofs, families, counts, batches } : undefined;
  },
};
