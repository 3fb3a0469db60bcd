import type { ExplainRequest } from '@bastionary/contracts/explain';
import fc from 'fast-check';

/** Sends a request of the management API, over HTTP or straight to its action, and returns the answer's body. */
// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
export type Send = (method: string, path: string, body?: object | null) => Promise<any>;

export const FEATURES = { sso: 'switch', seats: 'limit', calls: 'limit', tier: 'value' } as const;
/** Names and what each needs. */
export const SCOPES = { plain: null, guarded: 'sso', counted: 'seats', other: null } as const;
export const RESOURCES = [
  { identifier: 'urn:one', scopes: ['plain', 'guarded'] },
  { identifier: 'urn:two', scopes: ['counted', 'other'] },
];
const PLANS = {
  free: { kind: 'plan', features: { calls: 5 } },
  basic: { kind: 'plan', features: { seats: 3, calls: 100, tier: 'basic' } },
  pro: { kind: 'plan', features: { sso: true, seats: 10, calls: null, tier: 'pro' } },
  extra: { kind: 'add_on', features: { seats: 2, sso: true } },
} as const;

/** What every world has: features, plans and resources. What a scope needs is written by the caller. */
export async function furnish(send: Send): Promise<void> {
  for (const [key, type] of Object.entries(FEATURES)) {
    const combine = key === 'seats' ? { combine: 'sum' } : {};
    await send('POST', '/api/features', { key, name: key, type, ...combine });
  }
  for (const [key, plan] of Object.entries(PLANS)) {
    await send('POST', '/api/plans', { key, name: key, ...plan, publish: true });
  }
  for (const { identifier, scopes } of RESOURCES) {
    await send('POST', '/api/resources', {
      identifier,
      scopes: scopes.map((name) => ({ name, description: name })),
    });
  }
}

const days = fc.constantFrom(5, 15, 40);
const value = {
  sso: fc.boolean(),
  seats: fc.constantFrom(0, 1, 4, null),
  calls: fc.constantFrom(0, 2, null),
  tier: fc.constantFrom(null, 'gold'),
};
const override = fc
  .constantFrom(...(Object.keys(FEATURES) as (keyof typeof FEATURES)[]))
  .chain((feature) =>
    fc.record({ feature: fc.constant(feature), value: value[feature] as fc.Arbitrary<unknown>, days: fc.option(days) }),
  );
const subscription = fc.record({
  plan: fc.constantFrom('free', 'basic', 'pro'),
  quantity: fc.constantFrom(1, 3),
  extra: fc.boolean(),
  startsIn: fc.constantFrom(0, 0, 0, 15),
  trialDays: fc.constantFrom(0, 0, 5, 40),
  fate: fc.constantFrom('lives', 'lives', 'paused', 'canceled', 'ends', 'downgraded'),
  days,
});
const credential = fc.constantFrom('good', 'good', 'good', 'expired', 'expires', 'begins', 'none');
const client = fc.record({
  scopes: fc.uniqueArray(fc.constantFrom(...Object.keys(SCOPES)), { minLength: 1 }),
  expiresIn: fc.constantFrom(null, null, null, -1, 5, 15),
  suspended: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
  confined: fc.constantFrom(null, null, 'urn:one', 'urn:two'),
  method: fc.constantFrom(null, null, null, 'client_secret_basic', 'client_secret_basic', 'private_key_jwt'),
  credential,
  deleted: fc.integer({ min: 0, max: 24 }).map((one) => one === 0),
});
const scope = fc.oneof(
  { weight: 8, arbitrary: fc.uniqueArray(fc.constantFrom(...Object.keys(SCOPES)), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(['unheard-of']) },
  { weight: 1, arbitrary: fc.constant(['']) },
);
const question = fc.oneof(
  { weight: 3, arbitrary: scope.map((names) => ({ token: { scope: names.join(' ') } })) },
  { weight: 1, arbitrary: fc.constant({ token: {} }) },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(FEATURES)).map((feature) => ({ feature })) },
  { weight: 2, arbitrary: fc.constantFrom('seats', 'calls').map((quota) => ({ quota })) },
);

/** A customer, its client and what has become of both; days count from the beginning of the world. */
export const worlds = fc.record({
  owned: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
  customerSuspended: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
  subscriptions: fc.array(subscription, { maxLength: 2 }),
  overrides: fc.uniqueArray(override, { maxLength: 3, selector: ({ feature }) => feature }),
  taken: fc.record({ seats: fc.constantFrom(0, 0, 1, 4, 10), calls: fc.constantFrom(0, 0, 5, 100) }),
  client,
});
export type World = typeof worlds extends fc.Arbitrary<infer One> ? One : never;

export const questions = fc.record({
  question,
  byClient: fc.boolean(),
  inDays: fc.constantFrom(null, null, 1, 20, 60),
});
export type Question = typeof questions extends fc.Arbitrary<infer One> ? One : never;

export interface Inhabitants {
  readonly customerId: string;
  readonly clientId: string;
  readonly secret: string | undefined;
}

const inDays = (now: Date, some: number): string => new Date(now.getTime() + some * 86_400_000).toISOString();

/** Makes a world, by requests alone. @param now its first instant */
export async function build(send: Send, world: World, now: Date): Promise<Inhabitants> {
  const { id: customerId } = await send('POST', '/api/customers', {
    name: 'A',
    email: 'a@example.com',
    currency: 'EUR',
  });
  await take(send, customerId, world.taken);
  for (const one of world.subscriptions) await subscribe(send, customerId, one, now);
  for (const { feature, value: given, days: lasts } of world.overrides) {
    const expires_at = lasts === null ? null : inDays(now, lasts);
    await send('PUT', `/api/customers/${customerId}/overrides/${feature}`, {
      value: given,
      reason: 'test',
      expires_at,
    });
  }
  const made = await register(send, customerId, world, now);
  if (world.customerSuspended) await send('PATCH', `/api/customers/${customerId}`, { status: 'suspended' });
  return { customerId, ...made };
}

// Taken while there was plenty.
async function take(send: Send, customer_id: string, taken: World['taken']): Promise<void> {
  for (const [feature, amount] of Object.entries(taken)) {
    if (amount === 0) continue;
    const path = `/api/customers/${customer_id}/overrides/${feature}`;
    await send('PUT', path, { value: null, reason: 'plenty' });
    const { id } = await send('POST', '/api/quotas', { customer_id, feature, amount });
    await send('POST', `/api/quotas/${id}/commit`);
    await send('DELETE', path);
  }
}

async function subscribe(send: Send, customer_id: string, one: World['subscriptions'][number], now: Date) {
  const { plan, quantity, extra, startsIn, trialDays, fate, days: later } = one;
  const { id } = await send('POST', '/api/subscriptions', {
    customer_id,
    plan,
    quantity,
    ...(extra && { add_ons: [{ plan: 'extra' }] }),
    ...(startsIn > 0 && { start: inDays(now, startsIn) }),
    trial_days: trialDays,
  });
  const change = (body: object) => send('PATCH', `/api/subscriptions/${id}`, body);
  // Neither before it begins nor in a trial can it be paused.
  if (fate === 'paused' && startsIn === 0 && trialDays === 0) await change({ pause: true });
  if (fate === 'canceled') await change({ cancel: true });
  if (fate === 'ends') await change({ cancel: true, at: inDays(now, later) });
  if (fate === 'downgraded' && plan !== 'free') await change({ plan: 'free', at: inDays(now, later) });
}

async function register(send: Send, customer_id: string, { client: wanted, owned }: World, now: Date) {
  const { scopes, expiresIn, confined, method, credential: proof } = wanted;
  const { client_id: clientId, client_secret: secret } = await send('POST', '/api/clients', {
    scopes,
    expiry: expiresIn === null ? null : inDays(now, expiresIn),
    ...(owned && { customer_id }),
    ...(confined !== null && { resources: [confined] }),
  });
  const path = `/api/clients/${clientId}`;
  const { data } = await send('GET', `${path}/credentials`);
  const credentialPath = `${path}/credentials/${data[0].id}`;
  if (proof === 'expired') await send('PATCH', credentialPath, { expires_at: inDays(now, -1) });
  if (proof === 'expires') await send('PATCH', credentialPath, { expires_at: inDays(now, 15) });
  if (proof === 'begins') await send('PATCH', credentialPath, { not_before: inDays(now, 15) });
  if (proof === 'none') await send('DELETE', credentialPath);
  if (method !== null) await send('PATCH', path, { token_endpoint_auth_method: method });
  if (wanted.suspended) await send('PATCH', path, { status: 'suspended' });
  if (wanted.deleted) await send('DELETE', path);
  return { clientId, secret: secret as string | undefined };
}

/** The request that asks a question about the inhabitants of a world. A client asks for tokens. */
export function toRequest(
  { question: asked, byClient, inDays: ahead }: Question,
  { clientId, customerId }: Inhabitants,
  now: Date,
): ExplainRequest {
  const whose = 'token' in asked || byClient ? { client_id: clientId } : { customer_id: customerId };
  return { ...whose, question: asked as ExplainRequest['question'], ...(ahead !== null && { at: inDays(now, ahead) }) };
}
