import { createPlanRequest } from '@bastionary/contracts/plans';
import { createFeature } from '@bastionary/entitlements/actions/change-features';
import { createCustomer } from '@bastionary/entitlements/actions/create-customer';
import { systemOrigin } from '@bastionary/platform/audit';
import { inTransaction } from '@bastionary/platform/changes';
import { parseConfig } from '@bastionary/platform/config';
import { newId } from '@bastionary/platform/ids';
import { type Connection, connect, type Transaction } from '@bastionary/prisma/client';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { type DraftLine, insertDraft } from '@bastionary/testing/draft-invoice';
import { createPlan } from '../actions/change-plans.js';
import { createSubscription } from '../actions/create-subscription.js';
import { finalizeInvoice } from '../actions/documents/finalize-invoice.js';
import { documentSettings } from '../actions/documents/surroundings.js';

export const ORIGIN = systemOrigin('test');

/** A database where customers get documents, without any process around it. */
export class Books {
  readonly around = {
    now: new Date(),
    followers: [],
    ...documentSettings(parseConfig({ DATABASE_URL: 'postgresql://unused/unused' })),
  };

  private constructor(
    private readonly database: TestDatabase,
    readonly connection: Connection,
  ) {}

  static async open(poolSize = 4): Promise<Books> {
    const database = await createDatabase();
    return new Books(database, connect(database.url, { applicationName: 'documents', poolSize }));
  }

  close = async (): Promise<void> => {
    await this.connection.close();
    await this.database.drop();
  };

  act = <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
    inTransaction(this.connection.db, work, undefined, 30_000);

  // biome-ignore lint/suspicious/noExplicitAny: rows of every shape
  sql = async (statement: string, values: unknown[] = []): Promise<any[]> =>
    (await this.connection.pool.query(statement, values)).rows;

  async customer(): Promise<string> {
    const request = { name: 'C', email: 'c@example.com', currency: 'EUR' };
    return (await this.act((tx) => createCustomer(tx, ORIGIN, request, this.around))).id;
  }

  /** On a plan that gives something. */
  async subscription(customerId: string): Promise<string> {
    const { row } = await this.act(async (tx) => {
      if ((await tx.plan.count()) === 0) {
        await createFeature(tx, ORIGIN, { key: 'api', name: 'API', type: 'switch' }, 100, this.around);
        const plan = { key: 'pro', name: 'Pro', features: { api: true }, publish: true };
        await createPlan(tx, ORIGIN, createPlanRequest.parse(plan), this.around.now);
      }
      const wish = { customer_id: customerId, plan: 'pro', quantity: 1, add_ons: [] };
      return createSubscription(tx, ORIGIN, wish, this.around);
    });
    return row.id;
  }

  async draft(customerId: string, lines: readonly DraftLine[], subscriptionId: string | null = null): Promise<string> {
    const id = newId('inv');
    await insertDraft((statement, values) => this.sql(statement, values), { id, customerId, subscriptionId, lines });
    return id;
  }

  async invoice(
    customerId: string,
    lines: readonly DraftLine[],
    subscriptionId: string | null = null,
  ): Promise<string> {
    const id = await this.draft(customerId, lines, subscriptionId);
    await this.act((tx) => finalizeInvoice(tx, ORIGIN, id, this.around));
    return id;
  }

  /** A digest of all that is stored: equal digests, equal databases. */
  async digest(): Promise<string> {
    const tables = await this.tables();
    const parts = tables.map(
      (table) =>
        `SELECT '${table}' AS name, coalesce(string_agg(t::text, ';' ORDER BY t::text), '') AS rows FROM "${table}" t`,
    );
    const [{ digest }] = await this.sql(
      `SELECT md5(string_agg(name || rows, '|' ORDER BY name)) AS digest FROM (${parts.join(' UNION ALL ')}) all_of_it`,
    );
    return digest;
  }

  async tables(): Promise<string[]> {
    const rows = await this.sql(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
    );
    return rows.map(({ relname }) => relname);
  }

  /** What the books come to per currency, and transactions that do not sum to zero: both nothing, always. */
  async imbalance(): Promise<unknown[]> {
    return this.sql(
      `SELECT transaction_id, currency, sum(amount) FROM ledger_entry GROUP BY GROUPING SETS ((transaction_id, currency), (currency)) HAVING sum(amount) <> 0`,
    );
  }
}
