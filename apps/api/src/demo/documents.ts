import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { billDay, boundariesOf } from './big-world/bills.js';
import { payInvoices } from './big-world/payments.js';
import type { Episode } from './chronicle.js';

/** Whose money comes late, and whose not at all, falls the same way every time. */
const SEED = 5;

/** What the past was billed: day by day, composed and finalized as a billing run would have, and mostly paid. */
export const documentEpisodes: readonly Episode[] = [
  {
    daysAgo: 0,
    async happen({ tx, config, subscriptions, present }) {
      const days = await boundariesOf(tx, [...subscriptions.values()], present);
      for (const [, due] of [...days].sort(([one], [other]) => one - other)) {
        const finalized = await billDay(tx, due, documentSettings(config));
        await payInvoices(tx, finalized, SEED, present);
      }
      await tx.subscription.updateMany({
        where: { id: { in: [...subscriptions.values()] } },
        data: { billedUntil: present },
      });
    },
  },
];
