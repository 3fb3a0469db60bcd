import { foldCredentialUses } from '@bastionary/oauth/actions/credential-uses';
import type { Job } from './job.js';

/** Folds what the api processes counted into uses per credential and hour. */
export const foldCredentialUsesJob: Job = {
  name: 'fold-credential-uses',
  async run(tx) {
    const uses = await foldCredentialUses(tx);
    return uses > 0n ? { uses: String(uses) } : undefined;
  },
};
