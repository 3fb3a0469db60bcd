import { rewrapLicenseKeys } from '@bastionary/licensing/actions/license-key';
import { rewrapLicenseSigningKeys } from '@bastionary/licensing/actions/signing-keys';
import { rewrapPeppers } from '@bastionary/oauth/actions/peppers';
import { rewrapSigningKeys } from '@bastionary/oauth/actions/signing-keys';
import { appendAudit, systemOrigin } from '@bastionary/platform/audit';
import { rewrapCanary } from '@bastionary/platform/canary';
import { rewrapTotpSecrets } from '@bastionary/platform/totp-secrets';
import { rewrapSecrets } from '@bastionary/webhooks/actions/signing-secrets';
import type { Job } from './job.js';

/**
 * Seals everything that lasts under the first of ENCRYPTION_KEYS, so that the others may go. Answers kept for retries stay
 * under the key they were sealed with: they are forgotten within a day.
 */
export const rewrapSealedJob: Job = {
  name: 'rewrap-sealed',
  async run(tx, _now, { encryptionKeys }) {
    const rewrapped = {
      signing_keys: await rewrapSigningKeys(tx, encryptionKeys),
      peppers: await rewrapPeppers(tx, encryptionKeys),
      webhook_secrets: await rewrapSecrets(tx, encryptionKeys),
      totp_secrets: await rewrapTotpSecrets(tx, encryptionKeys),
      license_signing_keys: await rewrapLicenseSigningKeys(tx, encryptionKeys),
      license_keys: await rewrapLicenseKeys(tx, encryptionKeys),
      canary: await rewrapCanary(tx, encryptionKeys),
    };
    if (Object.values(rewrapped).every((count) => count === 0)) return undefined;
    const [to] = encryptionKeys.keys();
    const target = `encryption_key:${to}`;
    await appendAudit(tx, systemOrigin('worker'), { action: 'encryption_key.rewrapped', target, detail: rewrapped });
    return { under: to, ...rewrapped };
  },
};
