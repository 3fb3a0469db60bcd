import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inDays, problem, Shop } from '../billing/support.js';
import type { House, MadeClient } from '../support.js';

let shop: Shop;
let house: House;
beforeAll(async () => {
  shop = await Shop.open();
  house = shop.house;
  await house.sql("UPDATE scope SET feature = 'sso' WHERE name = 'write'");
});
afterAll(() => house.close());

interface Step {
  step: string;
  fact: string;
  id: string | null;
  result: string;
}
const ask = (body: object) => house.manage('/api/explain', { body });
const answer = async (body: object) => {
  const { status, body: told } = await ask(body);
  expect(status).toBe(200);
  return told;
};
const token = (client: MadeClient, scope?: string) => ({
  client_id: client.client_id,
  question: { token: { ...(scope !== undefined && { scope }) } },
});
const denied = (chain: Step[]) => chain.filter(({ result }) => result === 'denies').map(({ step }) => step);
const send = ({ method, path, body }: { method: string; path: string; body: object | null }) =>
  house.manage(path, { method, ...(body && { body }) });
const RFC3339 = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);

describe('a token', () => {
  test('allowed: from the client over the subscription to the grant, whole', async () => {
    const customer = await shop.customer();
    const { id: subscription, start } = await shop.subscribe(customer, 'pro');
    const client = await house.client({ customer_id: customer, name: 'Exporter' });
    const { client_id: id } = client;
    const { data } = (await house.manage(`/api/clients/${id}/credentials`)).body;
    expect(await answer(token(client, 'write'))).toEqual({
      allowed: true,
      chain: [
        {
          step: 'client',
          fact: `Client ${id} (Exporter) belongs to customer ${customer}.`,
          id,
          result: 'allows',
        },
        { step: 'client_status', fact: 'It is not suspended.', id, result: 'allows' },
        { step: 'credential', fact: `Secret ${data[0].hint} is valid.`, id: data[0].id, result: 'allows' },
        { step: 'scope', fact: 'The client has the scope write.', id, result: 'allows' },
        {
          step: 'resource',
          fact: 'The scope write belongs to urn:bastionary:default.',
          id: 'urn:bastionary:default',
          result: 'allows',
        },
        { step: 'scope_feature', fact: 'The scope write needs the feature sso.', id: 'sso', result: 'informs' },
        { step: 'customer', fact: `Customer ${customer} is active.`, id: customer, result: 'allows' },
        {
          step: 'subscription',
          fact: `Subscription ${subscription} is active since ${start}: pro@1.`,
          id: subscription,
          result: 'allows',
        },
        {
          step: 'feature_default',
          fact: 'Unless a plan or an exception says otherwise, sso is off.',
          id: 'sso',
          result: 'informs',
        },
        {
          step: 'plan_version',
          fact: `Plan pro@1 grants sso = on since ${start} (${subscription}).`,
          id: 'pro@1',
          result: 'allows',
        },
        { step: 'feature', fact: 'So sso is on.', id: 'sso', result: 'allows' },
        {
          step: 'grant',
          fact: 'A token for "write" is meant for urn:bastionary:default.',
          id: null,
          result: 'allows',
        },
      ],
      smallest_change: null,
    });
  });

  test('every obstacle is told, and what turns them all, in as few requests as there are things to change', async () => {
    const customer = await shop.customer();
    const { id: subscription } = await shop.subscribe(customer, 'pro');
    await shop.change(subscription, { pause: true });
    const client = await house.client({ customer_id: customer, scopes: ['read'], expiry: inDays(-1) });
    const path = `/api/clients/${client.client_id}`;
    await house.manage(path, { method: 'PATCH', body: { status: 'suspended' } });
    await house.manage(`/api/customers/${customer}`, { method: 'PATCH', body: { status: 'suspended' } });
    const { allowed, chain, smallest_change: smallest } = await answer(token(client, 'read write'));
    expect([allowed, denied(chain)]).toEqual([
      false,
      ['client_status', 'client_expiry', 'scope', 'customer', 'subscription', 'feature'],
    ]);
    expect(chain.find(({ step }: Step) => step === 'subscription')).toEqual({
      step: 'subscription',
      fact: expect.stringMatching(
        /^Subscription sub_\w+ is paused since \S+, so nothing of pro@1 counts, sso neither\.$/,
      ),
      id: subscription,
      result: 'denies',
    });
    expect(chain.at(-1)).toEqual({
      step: 'catalogue',
      fact: 'Plans and add-ons that give sso: pro@1.',
      id: null,
      result: 'informs',
    });
    const { also, ...first } = smallest;
    expect(first).toEqual({
      act: 'update_client',
      target: client.client_id,
      detail: expect.stringMatching(/^Of client \S+: resume it, let it last until \S+, give it write\.$/),
      request: { method: 'PATCH', path, body: { status: 'active', expiry: RFC3339, scopes: ['read', 'write'] } },
    });
    expect(also).toEqual([
      {
        act: 'resume_customer',
        target: customer,
        detail: `Resume customer ${customer}.`,
        request: { method: 'PATCH', path: `/api/customers/${customer}`, body: { status: 'active' } },
      },
      {
        act: 'set_override',
        target: `${customer}/overrides/sso`,
        detail: expect.stringMatching(/^Make an exception for this customer: sso is on until \S+\.$/),
        request: {
          method: 'PUT',
          path: `/api/customers/${customer}/overrides/sso`,
          body: { value: true, reason: 'To allow sso, as explain proposed', expires_at: RFC3339 },
        },
      },
    ]);
    for (const change of [first, ...also]) expect((await send(change.request)).status).toBe(200);
    expect((await answer(token(client, 'read write'))).allowed).toBe(true);
    const issued = await house.form('token', { grant_type: 'client_credentials', scope: 'read write' }, client);
    expect([issued.status, issued.body.scope]).toEqual([200, 'read write']);
  });

  test('what is not asked for by name is left out, and said so', async () => {
    const client = await house.client({ customer_id: await shop.customer() });
    const { allowed, chain } = await answer(token(client));
    expect([allowed, chain.at(-1).fact]).toEqual([true, 'A token for "read" is meant for urn:bastionary:default.']);
    expect(chain.map(({ fact }: Step) => fact)).toContain(
      'The scope write needs the feature sso, which the customer does not have: it is left out.',
    );
    expect(await answer(token(client, ''))).toEqual({ allowed, chain, smallest_change: null });
  });

  test('a client of the installation needs no plan', async () => {
    const { allowed, chain } = await answer(token(await house.client(), 'write'));
    expect([allowed, chain[0].fact]).toEqual([true, expect.stringContaining('belongs to the installation itself.')]);
    expect(chain.map(({ step }: Step) => step)).not.toContain('customer');
  });

  test('conditions of single requests inform', async () => {
    const client = await house.client({
      dpop_bound_access_tokens: true,
      allowed_addresses: ['10.0.0.0/8'],
      rate_limit: { requests: 5, per_seconds: 60 },
      token_quota: { per_hour: 10 },
    });
    const { allowed, chain } = await answer(token(client, 'read'));
    expect([allowed, chain.slice(-4)]).toEqual([
      true,
      [
        ['dpop', 'Its requests must carry a DPoP proof.'],
        ['address', 'Its requests must come from 10.0.0.0/8.'],
        ['rate_limit', 'It may send 5 requests in 60 s; more are told to wait.'],
        [
          'token_quota',
          'It may have 10 tokens per hour, of which 0 are written down. Beyond that its requests wait for the next one.',
        ],
      ].map(([step, fact]) => ({ step, fact, id: client.client_id, result: 'informs' })),
    ]);
  });

  test.each([
    ['a scope that nobody owns', 'read nothing', ['scope', 'resource'], 'No resource owns the scope nothing.'],
    ['a scope that is none', 'read  write', ['grant'], 'The scope is malformed.'],
  ])('%s: nothing here can turn it', async (_what, scope, steps, fact) => {
    const { allowed, chain, smallest_change } = await answer(token(await house.client(), scope));
    expect([allowed, denied(chain), smallest_change]).toEqual([false, steps, null]);
    expect(chain.map((one: Step) => one.fact)).toContain(fact);
  });

  test('a deleted client', async () => {
    const client = await house.client();
    await house.manage(`/api/clients/${client.client_id}`, { method: 'DELETE' });
    expect(await answer(token(client, 'read'))).toEqual({
      allowed: false,
      chain: [
        {
          step: 'client',
          fact: `Client ${client.client_id} was deleted; its id is never used again.`,
          id: client.client_id,
          result: 'denies',
        },
      ],
      smallest_change: null,
    });
  });

  test('without a credential: a secret, or a key that only its owner can give', async () => {
    const client = await house.client();
    const path = `/api/clients/${client.client_id}`;
    const { data } = (await house.manage(`${path}/credentials`)).body;
    await house.manage(`${path}/credentials/${data[0].id}?force=true`, { method: 'DELETE' });
    const { chain, smallest_change } = await answer(token(client, 'read'));
    expect([denied(chain), smallest_change.act, smallest_change.request]).toEqual([
      ['credential'],
      'add_credential',
      { method: 'POST', path: `${path}/credentials`, body: { kind: 'secret' } },
    ]);
    await house.manage(path, { method: 'PATCH', body: { token_endpoint_auth_method: 'private_key_jwt' } });
    expect((await answer(token(client, 'read'))).smallest_change).toMatchObject({
      act: 'add_credential',
      request: null,
    });
  });
});

describe('a feature', () => {
  test('an exception that alone stands in the way is taken back', async () => {
    const customer = await shop.customer();
    await shop.subscribe(customer, 'pro');
    const path = `/api/customers/${customer}/overrides/sso`;
    await house.manage(path, { method: 'PUT', body: { value: false, reason: 'Abused' } });
    const body = { customer_id: customer, question: { feature: 'sso' } };
    const { chain, smallest_change } = await answer(body);
    expect(chain.filter(({ result }: Step) => result === 'denies')).toEqual([
      {
        step: 'override',
        fact: 'An exception says sso is off: Abused',
        id: `${customer}/overrides/sso`,
        result: 'denies',
      },
      { step: 'feature', fact: 'So sso is off.', id: 'sso', result: 'denies' },
    ]);
    expect(smallest_change).toEqual({
      act: 'delete_override',
      target: `${customer}/overrides/sso`,
      detail: 'Take back the exception of sso: without it, it is on.',
      request: { method: 'DELETE', path, body: null },
      also: [],
    });
    expect((await send(smallest_change.request)).status).toBe(204);
    expect((await answer(body)).allowed).toBe(true);
  });

  test('of a client means its customer; the installation has none', async () => {
    const customer = await shop.customer();
    const client = await house.client({ customer_id: customer });
    const question = { feature: 'sso' };
    const { chain } = await answer({ client_id: client.client_id, question });
    expect(chain[0]).toMatchObject({ step: 'client', fact: expect.stringContaining(customer), result: 'informs' });
    const own = await house.client();
    expect(await answer({ client_id: own.client_id, question })).toEqual({
      allowed: false,
      chain: [
        {
          step: 'client',
          fact: `Client ${own.client_id} belongs to the installation itself; only customers have features.`,
          id: own.client_id,
          result: 'denies',
        },
      ],
      smallest_change: null,
    });
  });
});

test('a quota: one more is asked for, and one more is proposed', async () => {
  const customer = await shop.customer();
  await shop.subscribe(customer, 'basic');
  const body = { customer_id: customer, question: { quota: 'seats' } };
  expect((await answer(body)).chain.at(-1)).toEqual({
    step: 'quota',
    fact: 'Of seats 5 can be had, 0 are taken and 5 free.',
    id: `${customer}/seats`,
    result: 'allows',
  });
  await shop.post('/api/quotas', { customer_id: customer, feature: 'seats', amount: 5, expires_in: 3_600 });
  const { allowed, chain, smallest_change } = await answer(body);
  expect([allowed, denied(chain), chain.at(-1).fact]).toEqual([
    false,
    ['feature', 'quota'],
    'Of seats 5 can be had, 5 are taken and 0 free.',
  ]);
  expect(smallest_change.request.body.value).toBe(6);
  // The reservation ends by itself: then there is room again.
  expect((await answer({ ...body, at: inDays(1) })).allowed).toBe(true);
  await send(smallest_change.request);
  expect((await answer(body)).allowed).toBe(true);
});

describe('another time than now', () => {
  test('what is arranged: the end of a subscription, a client and an exception', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'pro');
    await shop.change(id, { cancel: true, at: inDays(10) });
    const client = await house.client({ customer_id: customer, expiry: inDays(20) });
    const at = (days: number) => answer({ ...token(client, 'write'), at: inDays(days) });
    expect((await at(5)).allowed).toBe(true);
    expect(denied((await at(15)).chain)).toEqual(['subscription', 'feature']);
    const late = await at(25);
    expect(denied(late.chain)).toEqual(['client_expiry', 'subscription', 'feature']);
    expect(late.chain[0]).toMatchObject({ step: 'at', result: 'informs', fact: expect.stringContaining('arranged') });
    for (const change of [late.smallest_change, ...late.smallest_change.also]) await send(change.request);
    expect((await at(25)).allowed).toBe(true);
  });

  test('what was true: entitlements by their history, the client by the audit log; nothing turns it', async () => {
    const customer = await shop.customer();
    const client = await house.client({ customer_id: customer });
    const path = `/api/clients/${client.client_id}`;
    await house.manage(path, { method: 'PATCH', body: { status: 'suspended', expiry: inDays(1), scopes: ['read'] } });
    const [{ now: then }] = await house.sql('SELECT clock_timestamp() AS now');
    await house.manage(path, { method: 'PATCH', body: { status: 'active', expiry: null, scopes: ['read', 'write'] } });
    await shop.subscribe(customer, 'pro');
    const { allowed, chain, smallest_change } = await answer({ ...token(client, 'write'), at: then.toISOString() });
    expect([allowed, denied(chain), smallest_change]).toEqual([false, ['client_status', 'scope', 'feature'], null]);
    const facts = chain.map(({ fact }: Step) => fact);
    expect(facts).toContainEqual(expect.stringMatching(/^It expires at /));
    expect(facts).toContain('The customer has no subscription.');
    expect(facts).toContain('So sso is off, by the history of the customer (epoch 1).');
    expect((await answer(token(client, 'write'))).allowed).toBe(true);
    const before = await answer({ ...token(client, 'write'), at: '2020-01-01T00:00:00Z' });
    expect([before.allowed, denied(before.chain)]).toEqual([false, ['client']]);
  });
});

describe('refused', () => {
  const customer_id = 'cus_00000000000000000000000000';
  test.each<[string, object, unknown[]]>([
    ['nobody', { question: { feature: 'sso' } }, [422, 'invalid_request', ['/client_id', 'custom']]],
    [
      'a token for a customer',
      { customer_id, question: { token: { scope: 'read' } } },
      [422, 'invalid_request', ['/client_id', 'custom']],
    ],
    ['an unknown customer', { customer_id, question: { feature: 'sso' } }, [404, 'not_found']],
    ['an unknown client', { client_id: 'nobody', question: { token: {} } }, [404, 'not_found']],
    ['no question', { customer_id, question: {} }, [422, 'invalid_request', ['/question', 'invalid_union']]],
  ])('%s', async (_what, body, told) => {
    expect(problem(await ask(body))).toEqual(told);
  });

  test('a feature that does not exist, a quota of a switch, a quota of the past, a customer of the future', async () => {
    const id = await shop.customer();
    const about = (question: object, at?: string) => ask({ customer_id: id, question, ...(at && { at }) });
    expect(problem(await about({ feature: 'nothing' }))).toEqual([404, 'not_found']);
    expect(problem(await about({ quota: 'sso' }))).toEqual([
      422,
      'invalid_request',
      ['/question/quota', 'not_a_limit'],
    ]);
    expect(problem(await about({ quota: 'seats' }, inDays(-1)))).toEqual([
      422,
      'invalid_request',
      ['/at', 'in_the_past'],
    ]);
    expect(problem(await about({ feature: 'sso' }, inDays(-1)))).toEqual([404, 'not_found']);
  });

  test('it asks, and writes nothing', async () => {
    const client = await house.client();
    const before = await house.written();
    await ask(token(client, 'read nothing'));
    expect(await house.written()).toEqual(before);
  });
});
