import { expireCredits } from '@bastionary/billing/actions/invoicing/credits';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Job } from './job.js';

const AT_ONCE = 500;

/** Takes prepaid money out of wallets that has expired. Nothing is paid with it from that instant on, with or without this. */
export const expireCreditsJob: Job = {
  name: 'expire-credits',
  async run(tx, now) {
    const expired = await expireCredits(tx, systemOrigin('wallets'), now, AT_ONCE);
    return expired > 0 ? { expired } : undefined;
  },
};
