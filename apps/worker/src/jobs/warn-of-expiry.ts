import { warnOfExpiry } from '@bastionary/oauth/actions/warn-of-expiry';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Job } from './job.js';

/** Warns before clients and credentials end. Two runs at once: the second finds the notes of the first, and does nothing. */
export const warnOfExpiryJob: Job = {
  name: 'warn-of-expiry',
  async run(tx, now) {
    const warnings = await warnOfExpiry(tx, systemOrigin('worker'), now);
    return warnings > 0 ? { warnings } : undefined;
  },
};
