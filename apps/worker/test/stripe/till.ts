import { insertDraft } from '@bastionary/testing/draft-invoice';
import { FakeStripe } from '@bastionary/testing/fake-stripe';
import type { CardBehaviour } from '@bastionary/testing/fake-stripe-account';
import { waitFor } from '@bastionary/testing/wait-for';
import { Works } from '../support.js';

/** An installation with Stripe: api, worker, and a Stripe that does as it is told. */
export class Till {
  private made = 0;

  private constructor(
    readonly works: Works,
    readonly stripe: FakeStripe,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<Till> {
    const stripe = await FakeStripe.open();
    const settings = { ...stripe.env, STRIPE_TIMEOUT_MS: '1000', ...env };
    const works = await Works.open(settings, settings);
    return new Till(works, stripe);
  }

  async close(): Promise<void> {
    await this.works.close();
    await this.stripe.kill();
  }

  /** Where Stripe's events go. */
  get webhook(): string {
    return `${this.works.api.url}/webhooks/stripe`;
  }

  /**
   * Asks again where the answer is 503, as from a house too busy to tell whether a token is revoked: nothing was done then.
   * @throws with the whole answer if it is none of success
   */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await waitFor(
      `${method} ${path} to be answered with other than 503`,
      async () => {
        const one = await this.works.manage(path, { method, ...(body !== undefined && { body }) });
        return one.status !== 503 && one;
      },
      { within: 60_000, every: 250 },
    );
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async customer(): Promise<string> {
    const body = { name: `Customer ${++this.made}`, email: `c${this.made}@example.com`, currency: 'EUR' };
    return (await this.ask('POST', '/api/customers', body)).id;
  }

  /** A customer who has left a payment method on Stripe's page. */
  async payingCustomer(card: CardBehaviour = 'success'): Promise<{ id: string; stripeId: string }> {
    const id = await this.customer();
    await this.leaveCard(id, card);
    const { customer } = await this.ask('GET', `/api/customers/${id}/stripe`);
    return { id, stripeId: customer.stripe_id };
  }

  /** The id of the page on which a customer leaves a payment method, or pays an invoice. */
  async page(customerId: string, invoiceId?: string): Promise<string> {
    const urls = { success_url: 'https://example.com/done', cancel_url: 'https://example.com/back' };
    const body = { ...urls, ...(invoiceId && { invoice_id: invoiceId }) };
    const { url } = await this.ask('POST', `/api/customers/${customerId}/checkout`, body);
    return url.split('/').at(-1);
  }

  async leaveCard(customerId: string, card: CardBehaviour): Promise<void> {
    const session = this.stripe.account.completeSession(await this.page(customerId), card);
    if (session.status !== 'complete') throw new Error('no session was completed');
    await this.tell('checkout.session.completed');
  }

  /** Delivers the last event of a type. */
  async tell(type: string): Promise<void> {
    const event = this.stripe.account.events.findLast((one) => one.type === type);
    if (event === undefined) throw new Error(`there was no ${type}`);
    const status = await this.stripe.deliver(event, this.webhook);
    if (status !== 200) throw new Error(`the event was answered ${status}`);
  }

  /** Everything in the books that belongs to a customer: what each account holds, and the wallet. */
  async books(customerId: string) {
    const accounts = await this.works.sql(
      'SELECT account, sum(amount) AS amount FROM ledger_entry WHERE customer_id = $1 GROUP BY 1 ORDER BY 1',
      [customerId],
    );
    return Object.fromEntries(accounts.map(({ account, amount }) => [account, Number(amount)]));
  }

  /** As if the reconciliation of tonight had been: a test asks for its own. */
  async skipTonight(): Promise<void> {
    await this.works.sql(
      `INSERT INTO stripe_reconciliation (id, "from", "to", state, repairs, requested_by, created_at)
       VALUES ('rec_tonight', now() - interval '1 day', now(), 'done', false, 'system:worker', now())`,
    );
  }

  /** Holds both books against each other and mends what can be mended. With a thousand customers that takes minutes. */
  // biome-ignore lint/suspicious/noExplicitAny: reports of every shape
  async reconcile(repair = true): Promise<any> {
    const { id } = await this.ask('POST', '/api/stripe/reconciliations', { repair });
    return waitFor(
      'the reconciliation to end',
      async () => {
        const report = await this.ask('GET', `/api/stripe/reconciliations/${id}?limit=500`);
        return ['done', 'failed'].includes(report.state) && report;
      },
      { within: 600_000, every: 100 },
    );
  }

  /** A finalized invoice over so many cents. */
  async invoice(customerId: string, amount: number): Promise<string> {
    const id = `inv_${String(++this.made).padStart(26, '0')}`;
    const query = (statement: string, values: unknown[]) => this.works.sql(statement, values);
    await insertDraft(query, { id, customerId, lines: [{ amount }] });
    await this.ask('POST', `/api/invoices/${id}/finalize`, {});
    return id;
  }

  async invoiceNow(id: string): Promise<{ status: string; amount_paid: string }> {
    const [row] = await this.works.sql('SELECT status, amount_paid FROM invoice WHERE id = $1', [id]);
    return row;
  }

  /** Attempts of an invoice, in order. */
  attempts(invoiceId: string) {
    return this.works.sql('SELECT * FROM stripe_attempt WHERE invoice_id = $1 ORDER BY number', [invoiceId]);
  }

  /** The same once none of them is under way any more. */
  attemptsDone(invoiceId: string) {
    return waitFor('attempts that have ended', async () => {
      const attempts = await this.attempts(invoiceId);
      return attempts.every(({ ended_at }) => ended_at !== null) && attempts;
    });
  }

  payments(invoiceId: string) {
    return this.works.sql('SELECT * FROM payment WHERE invoice_id = $1 ORDER BY reference', [invoiceId]);
  }

  /** The last attempt once it is in one of these states. */
  attemptIn(invoiceId: string, ...states: string[]) {
    return waitFor(
      `an attempt that is ${states}`,
      async () => (await this.attempts(invoiceId)).findLast(({ state }) => states.includes(state)),
      { within: 20_000, every: 50 },
    );
  }

  /** Lets everything that waits for its time be due. */
  async hurry(): Promise<void> {
    await this.works.sql(
      `UPDATE stripe_attempt SET next_try_at = now() WHERE next_try_at > now() AND state IN ('planned', 'unknown')`,
    );
    await this.works.sql('UPDATE stripe_event SET next_try_at = now() WHERE handled_at IS NULL');
  }
}
