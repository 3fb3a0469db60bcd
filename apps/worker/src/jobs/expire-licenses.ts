import { expireLicenses } from '@bastionary/licensing/actions/expire-licenses';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Job } from './job.js';

const AT_ONCE = 500;

/** Tells once of licences past their expiry. Two runs at once: the second skips what the first has locked. */
export const expireLicensesJob: Job = {
  name: 'expire-licenses',
  async run(tx, now) {
    const licenses = await expireLicenses(tx, systemOrigin('worker'), now, AT_ONCE);
    return licenses.length > 0 ? { licenses } : undefined;
  },
};
