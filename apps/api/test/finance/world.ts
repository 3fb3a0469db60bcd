import { createSubscription } from '@bastionary/billing/actions/create-subscription';
import { finalizeInvoice } from '@bastionary/billing/actions/documents/finalize-invoice';
import { recordPayment } from '@bastionary/billing/actions/documents/record-payment';
import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { dueSubscriptions, settleDue } from '@bastionary/billing/actions/settle-subscription';
import { updateSubscription } from '@bastionary/billing/actions/update-subscription';
import type { CreateSubscriptionRequest, UpdateSubscriptionRequest } from '@bastionary/contracts/plans';
import { systemOrigin } from '@bastionary/platform/audit';
import { inTransaction } from '@bastionary/platform/changes';
import { parseConfig } from '@bastionary/platform/config';
import { newId } from '@bastionary/platform/ids';
import { type Connection, connect, type Transaction } from '@bastionary/prisma/client';
import { type DraftLine, insertDraft } from '@bastionary/testing/draft-invoice';
import { House } from '../support.js';

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
export type Any = any;

const ORIGIN = systemOrigin('test');
const SETTINGS = documentSettings(parseConfig({ DATABASE_URL: 'postgresql://unused' }));
const on = (day: string): Date => new Date(day.includes('T') ? day : `${day}T00:00:00Z`);

/** A house whose past is made by the real actions, each with the clock of its own instant. */
export class FinanceWorld {
  private made = 0;

  private constructor(
    readonly house: House,
    private readonly connection: Connection,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<FinanceWorld> {
    const house = await House.open({ env });
    return new FinanceWorld(house, connect(house.api.databaseUrl, { applicationName: 'finance-test', poolSize: 2 }));
  }

  close = async (): Promise<void> => {
    await this.connection.close();
    await this.house.close();
  };

  at<Result>(
    day: string,
    work: (tx: Transaction, around: { now: Date; followers: [] }) => Promise<Result>,
  ): Promise<Result> {
    return inTransaction(this.connection.db, (tx) => work(tx, { now: on(day), followers: [] }));
  }

  async post(path: string, body: object): Promise<Any> {
    const answer = await this.house.manage(path, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async get(path: string): Promise<Any> {
    const answer = await this.house.manage(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async csv(path: string): Promise<string> {
    const answer = await fetch(`${this.house.api.url}${path}`, {
      headers: { authorization: `Bearer ${this.house.token}` },
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  }

  async customer(name: string, some: object = {}): Promise<string> {
    return (await this.post('/api/customers', { name, email: `c${++this.made}@example.com`, currency: 'EUR', ...some }))
      .id;
  }

  plan(key: string, prices: readonly object[]): Promise<Any> {
    return this.post('/api/plans', { key, name: key.toUpperCase(), prices, publish: true });
  }

  subscribe(
    day: string,
    customerId: string,
    plan: string,
    some: Partial<CreateSubscriptionRequest> = {},
  ): Promise<string> {
    const request = { quantity: 1, add_ons: [], ...some, customer_id: customerId, plan };
    return this.at(day, async (tx, around) => (await createSubscription(tx, ORIGIN, request, around)).row.id);
  }

  async change(day: string, id: string, request: UpdateSubscriptionRequest): Promise<void> {
    await this.at(day, (tx, around) =>
      updateSubscription(tx, ORIGIN, id, request, undefined, { ...around, graceSeconds: 14 * 86_400 }),
    );
  }

  /** As the worker does, late or not. */
  async settle(day: string): Promise<void> {
    await this.at(day, async (tx, around) => {
      for (const due of await dueSubscriptions(tx, around.now, 100)) await settleDue(tx, due, around);
    });
  }

  /** An invoice finalized on a day, due 14 days later. */
  async invoice(day: string, customerId: string, lines: readonly DraftLine[], some: object = {}): Promise<string> {
    const id = newId('inv');
    await insertDraft((statement, values) => this.house.sql(statement, values), { id, customerId, lines, ...some });
    await this.at(day, (tx, around) => finalizeInvoice(tx, ORIGIN, id, { ...around, ...SETTINGS }));
    return id;
  }

  async pay(day: string, invoiceId: string, amount: bigint, reference: string): Promise<void> {
    const receipt = { invoiceId, amount, provider: 'manual' as const, reference, receivedAt: on(day) };
    await this.at(day, (tx, around) => recordPayment(tx, ORIGIN, receipt, around));
  }
}
