import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { inTransaction } from '@bastionary/platform/changes';
import { type Config, parseConfig } from '@bastionary/platform/config';
import { connect, type Database } from '@bastionary/prisma/client';
import { billDay, boundariesOf } from './big-world/bills.js';
import { live } from './big-world/lives.js';
import { payInvoices } from './big-world/payments.js';
import { sell } from './big-world/sold.js';
import { DAY_MS } from './chronicle.js';

const AT_ONCE = 3;
const TRANSACTION_MS = 120_000;

export interface BigWorld {
  readonly customers: number;
  readonly years: number;
  readonly seed: number;
  readonly present: Date;
}

/**
 * Many customers and years of subscriptions, invoices and payments, for looking at finance and measuring it: lives and
 * documents by the real actions, payments in bulk by the real rules. The same seed and present make the same world, but for
 * its ids. Into a database that has customers it makes nothing.
 */
export async function makeBigWorld(
  db: Database,
  config: Config,
  { customers, years, seed, present }: BigWorld,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  if ((await db.customer.count()) > 0) throw new Error('This database has customers already: nothing was made.');
  const from = new Date(present.getTime() - Math.round(years * 365.25 * DAY_MS));
  await inTransaction(db, (tx) => sell(tx, from));
  let next = 0;
  const lives = async (): Promise<void> => {
    for (let index = next++; index < customers; index = next++) {
      await inTransaction(db, (tx) => live(tx, index, seed, from, present), undefined, TRANSACTION_MS);
      if (index % 200 === 199) say(`${index + 1} customers`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lives));
  const ids = (await db.subscription.findMany({ select: { id: true } })).map(({ id }) => id);
  const days = await boundariesOf(db, ids, present);
  const settings = documentSettings(config);
  let made = 0;
  for (const [, due] of [...days].sort(([one], [other]) => one - other)) {
    made += await inTransaction(
      db,
      async (tx) => {
        const finalized = await billDay(tx, due, settings);
        await payInvoices(tx, finalized, seed, present);
        return finalized.length;
      },
      undefined,
      TRANSACTION_MS,
    );
    if (Math.floor(made / 2_000) !== Math.floor((made - due.length) / 2_000)) say(`${made} invoices`);
  }
  // What was billed here is not billed again by the worker.
  await db.$executeRaw`UPDATE subscription SET billed_until = ${present}`;
  await db.$executeRaw`ANALYZE`;
  say(`${customers} customers, ${ids.length} subscriptions, ${made} invoices`);
}

// `DATABASE_URL=… node apps/api/dist/demo/make-big-world.js [customers] [years] [seed]`
if (import.meta.main) {
  const [customers = 2_000, years = 3, seed = 1] = process.argv.slice(2).map(Number);
  // biome-ignore lint/style/noProcessEnv: the settings of a program of its own
  const config = parseConfig(process.env);
  const connection = connect(config.DATABASE_URL, { applicationName: 'big-world', poolSize: AT_ONCE + 1 });
  try {
    const world = { customers, years, seed, present: new Date() };
    await makeBigWorld(connection.db, config, world, (line) => process.stdout.write(`${line}\n`));
  } finally {
    await connection.close();
  }
}
