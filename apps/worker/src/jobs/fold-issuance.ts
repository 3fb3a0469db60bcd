import { askingTransaction, recordEvents } from '@bastionary/billing/actions/metering/record-events';
import { platformEvent } from '@bastionary/billing/rules/metering/platform-usage';
import { foldIssuance } from '@bastionary/oauth/actions/issuance';
import type { Job } from './job.js';

/**
 * Folds what the api processes counted into tokens per client and hour. Deleting and adding are one statement; what
 * customers' clients got becomes usage of theirs in the same transaction.
 */
export const foldIssuanceJob: Job = {
  name: 'fold-issuance',
  async run(tx, _now, { config }) {
    const { issued, ofCustomers } = await foldIssuance(tx);
    if (config.USAGE_OF_PLATFORM === '1') {
      const events = ofCustomers.map((issuance) => platformEvent({ type: 'bastionary.token.issued', ...issuance }));
      await recordEvents(askingTransaction(tx), events);
    }
    return issued > 0n ? { issued: String(issued) } : undefined;
  },
};
