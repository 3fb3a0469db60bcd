import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { billDay, boundariesOf } from './big-world/bills.js';
import { payInvoices } from './big-world/payments.js';
import { DAY_MS, type Episode, tell } from './chronicle.js';
import { correctionEpisodes, creditEpisodes } from './money.js';

/** Whose money comes late, and whose not at all, falls the same way every time. */
const SEED = 5;

/**
 * What the past was billed: day by day, composed and finalized as a billing run would have, and mostly paid. What was prepaid
 * comes on its day, between two of them; what was taken back, when all is billed.
 */
export const documentEpisodes: readonly Episode[] = [
  {
    daysAgo: 0,
    async happen(world) {
      const { tx, config, subscriptions, present } = world;
      const days = await boundariesOf(tx, [...subscriptions.values()], present);
      const billed = [...days].map(
        ([day, due]): Episode => ({
          daysAgo: (present.getTime() - day * DAY_MS) / DAY_MS,
          async happen() {
            const finalized = await billDay(tx, due, documentSettings(config));
            await payInvoices(tx, finalized, SEED, present);
          },
        }),
      );
      await tell(world, [...creditEpisodes, ...billed]);
      await tell(world, correctionEpisodes);
      await tx.subscription.updateMany({
        where: { id: { in: [...subscriptions.values()] } },
        data: { billedUntil: present },
      });
    },
  },
];
