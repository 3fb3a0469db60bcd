import { newId } from '@bastionary/platform/ids';
import { type DraftLine, insertDraft } from '@bastionary/testing/draft-invoice';
import { House } from '../support.js';

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
export type Any = any;

/** A house where customers get invoices. */
export class Office {
  private made = 0;

  private constructor(readonly house: House) {}

  static open = async (env: Record<string, string> = {}): Promise<Office> => new Office(await House.open({ env }));

  async ask(method: string, path: string, body?: object): Promise<Any> {
    const answer = await this.house.manage(path, { method, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  get = (path: string): Promise<Any> => this.ask('GET', path);
  post = (path: string, body: object = {}): Promise<Any> => this.ask('POST', path, body);

  async customer(some: object = {}): Promise<string> {
    const name = `Customer ${++this.made}`;
    return (await this.post('/api/customers', { name, email: 'c@example.com', currency: 'EUR', ...some })).id;
  }

  /** A draft with these lines; numbers are lines of that amount without tax. */
  async draft(customerId: string, lines: readonly (DraftLine | number)[], some: object = {}): Promise<string> {
    const id = newId('inv');
    const whole = lines.map((line) => (typeof line === 'number' ? { amount: line } : line));
    await insertDraft((statement, values) => this.house.sql(statement, values), {
      id,
      customerId,
      lines: whole,
      ...some,
    });
    return id;
  }

  /** The same, finalized. */
  async invoice(customerId: string, lines: readonly (DraftLine | number)[], some: object = {}): Promise<Any> {
    return this.post(`/api/invoices/${await this.draft(customerId, lines, some)}/finalize`);
  }

  pay(invoiceId: string, amount: string, reference: string, more: object = {}) {
    return this.house.manage(`/api/invoices/${invoiceId}/payments`, { body: { amount, reference, ...more } });
  }

  /** What the books say, by account; only what is not zero. */
  async books(customerId: string): Promise<Record<string, string>> {
    const rows = await this.house.sql(
      'SELECT account, sum(amount)::text AS sum FROM ledger_entry WHERE customer_id = $1 GROUP BY 1 HAVING sum(amount) <> 0 ORDER BY 1',
      [customerId],
    );
    return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
  }
}
