import { expect } from '@jest/globals';
import { House } from '../support.js';

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Any = any;

/** A house with a catalogue: three features, and plans made of them. */
export class Shop {
  private made = 0;

  private constructor(readonly house: House) {}

  static async open(): Promise<Shop> {
    const shop = new Shop(await House.open());
    await shop.post('/api/features', { key: 'sso', name: 'SSO', type: 'switch' });
    await shop.post('/api/features', { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' });
    await shop.post('/api/features', { key: 'tier', name: 'Tier', type: 'value' });
    await shop.plan('free', { seats: 1 });
    await shop.plan('basic', { seats: 5, tier: 'basic' }, { prices: [price('1000')] });
    await shop.plan('pro', { seats: 10, sso: true, tier: 'pro' }, { prices: [price('3000')] });
    await shop.plan('extra', { seats: 2 }, { kind: 'add_on' });
    return shop;
  }

  async post(path: string, body: unknown): Promise<Any> {
    const answer = await this.house.manage(path, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  plan(key: string, features: object, some: object = {}): Promise<Any> {
    return this.post('/api/plans', { key, name: key, features, publish: true, ...some });
  }

  async customer(some: object = {}): Promise<string> {
    const name = `Customer ${++this.made}`;
    const body = { name, email: `c${this.made}@example.com`, currency: 'EUR', ...some };
    return (await this.post('/api/customers', body)).id;
  }

  async subscribe(customerId: string, plan: string, some: object = {}): Promise<Any> {
    return this.post('/api/subscriptions', { customer_id: customerId, plan, ...some });
  }

  change(id: string, body: object, query = '', headers: Record<string, string> = {}) {
    return this.house.manage(`/api/subscriptions/${id}${query}`, { method: 'PATCH', body, headers });
  }

  async subscription(id: string): Promise<Any> {
    return (await this.house.manage(`/api/subscriptions/${id}`)).body;
  }

  async entitlements(customerId: string): Promise<Any> {
    const answer = await this.house.manage(`/api/customers/${customerId}/entitlements`);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async features(customerId: string): Promise<Any> {
    return (await this.entitlements(customerId)).features;
  }

  /** Actions recorded about a subscription, oldest first. */
  async actions(id: string): Promise<string[]> {
    return (await this.house.audit(`subscription:${id}`)).map(({ action }) => action);
  }
}

export const price = (amount: string, some: object = {}) => ({ model: 'flat', amount, currency: 'EUR', ...some });
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
export const problem = (answer: {
  status: number;
  body: { code: string; errors?: { path: string; code: string }[] };
}) => [answer.status, answer.body.code, ...(answer.body.errors ?? []).map(({ path, code }) => [path, code])];
