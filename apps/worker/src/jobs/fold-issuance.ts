import { foldIssuance } from '@bastionary/oauth/actions/issuance';
import type { Job } from './job.js';

/** Folds what the api processes counted into tokens per client and hour. Deleting and adding are one statement. */
export const foldIssuanceJob: Job = {
  name: 'fold-issuance',
  async run(tx) {
    const issued = await foldIssuance(tx);
    return issued > 0n ? { issued: String(issued) } : undefined;
  },
};
