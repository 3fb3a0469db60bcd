import { purgeCredentialUses } from '@bastionary/oauth/actions/credential-uses';
import { permissionUseSince, purgePermissionUse } from '@bastionary/oauth/actions/permission-use';
import type { Job } from './job.js';

/** Forgets after 90 days in which hours credentials and on which days scopes were used. How often a credential was, stays. */
export const purgeUsesJob: Job = {
  name: 'purge-uses',
  async run(tx, now) {
    const credentialHours = await purgeCredentialUses(tx, permissionUseSince(now));
    const scopeDays = await purgePermissionUse(tx, now);
    return credentialHours + scopeDays > 0 ? { credentialHours, scopeDays } : undefined;
  },
};
