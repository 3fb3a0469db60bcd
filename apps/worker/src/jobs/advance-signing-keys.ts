import { advanceKeys } from '@bastionary/oauth/actions/rotate-keys';
import { keyPeriods } from '@bastionary/oauth/rules/key-schedule';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Job } from './job.js';

/** Takes the steps of the key schedule that are due. Two runs at once: the second waits, and finds nothing to do. */
export const advanceSigningKeysJob: Job = {
  name: 'advance-signing-keys',
  async run(tx, now, { config, encryptionKeys }) {
    const periods = keyPeriods(config);
    const steps = await advanceKeys(tx, { origin: systemOrigin('worker'), encryptionKeys, periods, now });
    return steps.length > 0 ? { steps } : undefined;
  },
};
