import { basic, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import type { Till } from '../stripe/till.js';
import type { MadeClient } from '../support.js';

/** How long what a worker or another process has to do may take. */
export const patience = { within: 40_000, every: 50 };

/** What is sold, and the licence policy that goes with it, if it is there from the beginning. */
export async function openShop(till: Till, policy: boolean): Promise<string | null> {
  await till.ask('POST', '/api/features', { key: 'reports', name: 'Reports', type: 'switch' });
  await till.ask('POST', '/api/features', { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum', default: 0 });
  await till.ask('POST', '/api/resources', {
    identifier: 'urn:reports',
    scopes: [{ name: 'reports:read', description: 'Read reports', feature: 'reports' }],
  });
  const price = { key: 'seat', model: 'per_unit', currency: 'EUR', interval: 'month', unit_amount: '1000' };
  const features = { reports: true, seats: 1 };
  await till.ask('POST', '/api/plans', { key: 'desktop', name: 'Desktop', features, prices: [price], publish: true });
  return policy ? makePolicy(till) : null;
}

export const makePolicy = async (till: Till): Promise<string> =>
  (await till.ask('POST', '/api/license-policies', POLICY)).id;
const POLICY = {
  name: 'Desktop',
  plan: 'desktop',
  floating: true,
  strict: true,
  authentication_strategy: 'LICENSE',
};

/** Everything that says what one customer may do, asked at once. */
export interface Right {
  readonly state: string;
  readonly license: { readonly status: string; readonly seats: number | null; readonly endsAt: string | null };
  readonly validation: { readonly valid: boolean; readonly code: string };
  readonly explained: boolean;
  /** Whether there is a token, and what it claims. */
  readonly token: { readonly reports: unknown; readonly seats: unknown } | null;
  readonly snapshot: { readonly reports: unknown; readonly seats: unknown; readonly plans: readonly string[] };
}

/** A customer on the plan, with the program that runs on its licence and the client that fetches tokens. */
export class Buyer {
  constructor(
    readonly till: Till,
    readonly customer: string,
    readonly client: MadeClient,
    readonly subscription: string,
  ) {}

  static async of(till: Till, customer: string, quantity: number): Promise<Buyer> {
    const client = await till.works.client({ scopes: ['reports:read'], customer_id: customer });
    const body = { customer_id: customer, plan: 'desktop', quantity };
    const { id } = await till.ask('POST', '/api/subscriptions', body);
    return new Buyer(till, customer, client, id);
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  change = (body: object): Promise<any> => this.till.ask('PATCH', `/api/subscriptions/${this.subscription}`, body);

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async licenses(): Promise<any[]> {
    return (await this.till.ask('GET', `/api/licenses?customer_id=${this.customer}`)).data;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async license(): Promise<any> {
    const [license, ...more] = await this.licenses();
    if (license === undefined || more.length > 0) throw new Error(`${more.length + (license ? 1 : 0)} licences`);
    return license;
  }

  /** As the program asks. */
  async validation(key: string): Promise<Right['validation']> {
    const url = `${this.till.works.api.url}/v1/licenses/actions/validate-key`;
    const { status, body } = await json(url, { body: { meta: { key } } });
    if (status !== 200) throw new Error(`validate-key: ${status} ${JSON.stringify(body)}`);
    return { valid: body.meta.valid, code: body.meta.code };
  }

  /** @returns the status and the code of a refusal */
  async activate(fingerprint: string): Promise<[number, string | undefined]> {
    const { id, key } = await this.license();
    const license = { data: { type: 'licenses', id } };
    const { status, body } = await json(`${this.till.works.api.url}/v1/machines`, {
      headers: { authorization: `License ${key}`, 'content-type': 'application/vnd.api+json' },
      body: JSON.stringify({
        data: { type: 'machines', attributes: { fingerprint }, relationships: { license } },
      }),
    });
    return [status, body.errors?.[0]?.code];
  }

  /** Why its licence is not valid and its feature off, and what would make the licence valid. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async explained(): Promise<{ denied: string[]; change: any; facts: string }> {
    const { id } = await this.license();
    const license = await this.till.ask('POST', '/api/explain', { question: { license: id } });
    const question = { customer_id: this.customer, question: { feature: 'reports' } };
    const { chain } = await this.till.ask('POST', '/api/explain', question);
    const denied = license.chain.filter(({ result }: { result: string }) => result === 'denies');
    return {
      denied: denied.map(({ step }: { step: string }) => step),
      change: license.smallest_change,
      facts: chain.map(({ fact }: { fact: string }) => fact).join(' '),
    };
  }

  private async token(): Promise<Right['token']> {
    const { client_id, client_secret } = this.client;
    const headers = { authorization: basic(client_id, client_secret) };
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'reports:read' });
    const { status, body } = await json(`${this.till.works.api.url}/oauth2/token`, { body: form, headers });
    if (status !== 200) return null;
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
    const { reports, seats } = claims.entitlements.features;
    return { reports, seats };
  }

  async right(): Promise<Right> {
    const { key } = await this.license();
    const validation = await this.validation(key);
    const { id, status, max_machines: seats, expires_at: endsAt } = await this.license();
    const snapshot = await this.till.ask('GET', `/api/customers/${this.customer}/entitlements`);
    return {
      state: (await this.till.ask('GET', `/api/subscriptions/${this.subscription}`)).state,
      license: { status, seats, endsAt },
      validation,
      explained: (await this.till.ask('POST', '/api/explain', { question: { license: id } })).allowed,
      token: await this.token(),
      snapshot: { reports: snapshot.features.reports, seats: snapshot.features.seats, plans: snapshot.plans },
    };
  }

  /** Waits until all say the same, as they do at once but for what another process did. */
  async has(what: string, wanted: Right): Promise<void> {
    let last: Right | undefined;
    try {
      await waitFor(
        what,
        async () => {
          last = await this.right();
          return JSON.stringify(last) === JSON.stringify(wanted);
        },
        patience,
      );
    } catch {
      throw new Error(`${what}: ${JSON.stringify(last)} instead of ${JSON.stringify(wanted)}`);
    }
  }

  /** How often each thing was told of the customer's licences and subscriptions. */
  async told(...types: string[]): Promise<Record<string, number>> {
    const rows = await this.till.works.sql(
      `SELECT type, count(*)::int AS times FROM outbox_event WHERE customer_id = $1 AND type = ANY($2) GROUP BY 1`,
      [this.customer, types],
    );
    return Object.fromEntries(types.map((type) => [type, rows.find((row) => row.type === type)?.times ?? 0]));
  }

  /** The transactions in which these things were last done: one, if they were committed together. */
  async transactionsOf(...actions: string[]): Promise<number> {
    const rows = await this.till.works.sql(
      `SELECT DISTINCT ON (action) action, xmin::text AS tx FROM audit_log WHERE action = ANY($1) ORDER BY action, seq DESC`,
      [actions],
    );
    if (rows.length !== actions.length) throw new Error(`only ${rows.map(({ action }) => action)} were done`);
    return new Set(rows.map(({ tx }) => tx)).size;
  }

  async invoice(): Promise<{ id: string; total: string; amount_due: string }> {
    const wish = { subscription_id: this.subscription, period: 'current' };
    const draft = await this.till.ask('POST', '/api/invoices', wish);
    return this.till.ask('POST', `/api/invoices/${draft.id}/finalize`, {});
  }

  pay = (invoice: string, amount: string, reference: string) =>
    this.till.ask('POST', `/api/invoices/${invoice}/payments`, { amount, reference });

  async payment(invoice: string): Promise<string> {
    const rows = await this.till.works.sql('SELECT id FROM payment WHERE invoice_id = $1 ORDER BY id DESC LIMIT 1', [
      invoice,
    ]);
    return rows[0].id;
  }
}

/** All is well, for so many seats. */
export const entitled = (seats: number, more: Partial<Right> = {}): Right => ({
  state: 'active',
  license: { status: 'ACTIVE', seats, endsAt: null },
  validation: { valid: true, code: 'VALID' },
  explained: true,
  token: { reports: true, seats },
  snapshot: { reports: true, seats, plans: ['desktop@1'] },
  ...more,
});

/** Nothing is left; the licence keeps what it had. */
export const without = (license: Partial<Right['license']>, more: Partial<Right> = {}): Right => ({
  state: 'suspended',
  license: { status: 'SUSPENDED', seats: 3, endsAt: null, ...license },
  validation: { valid: false, code: 'SUSPENDED' },
  explained: false,
  token: null,
  snapshot: { reports: false, seats: 0, plans: [] },
  ...more,
});
