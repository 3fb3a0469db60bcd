import { newId } from '@bastionary/platform/ids';
import { insertDraft } from '@bastionary/testing/draft-invoice';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from '../operators/browser.js';
import { ownerOf, somebody } from '../operators/people.js';
import { House } from '../support.js';

let house: House;
let owner: Browser;
let customerId: string;
let subscriptionId: string;
let webhookId: string;
let traceId: string;

beforeAll(async () => {
  house = await House.open();
  owner = await ownerOf(house);
  const make = async (path: string, body: Record<string, unknown>) => {
    const { status, body: made } = await house.manage(path, { body });
    if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(made)}`);
    return made;
  };
  await make('/api/features', { key: 'lumen_export', name: 'Export', type: 'switch' });
  await make('/api/plans', { key: 'lumen-pro', name: 'Pro', publish: true });
  const customer = { name: 'Lumen 100% AG', email: 'pay@lumen.example', currency: 'EUR' };
  customerId = (await make('/api/customers', customer)).id;
  subscriptionId = (await make('/api/subscriptions', { customer_id: customerId, plan: 'lumen-pro' })).id;
  await make('/api/resources', { identifier: 'https://lumen.example/api', name: 'Lumen API' });
  const webhook = { url: 'https://hooks.lumen.example/in', description: 'For Lumen', enabled: false };
  webhookId = (await make('/api/webhooks', webhook)).id;
  await house.client({ client_id: 'lumen-sync', name: 'Nightly sync' });
  for (let index = 0; index < 7; index++) await house.client({ client_id: `lumen-${index}`, name: `Crowd ${index}` });
  await somebody(house, owner, 'developer', 'dev@lumen.example');
  const refused = await house.form(
    'token',
    { grant_type: 'client_credentials' },
    {
      client_id: 'lumen-sync',
      client_secret: 'wrong',
    },
  );
  traceId = refused.headers.get('x-request-id') ?? '';
});
afterAll(() => house.close());

const search = (query: string, browser = owner) => browser.send('GET', `/api/search?${query}`);
const kindsOf = (body: { data: { kind: string }[] }) => [...new Set(body.data.map(({ kind }) => kind))];

describe('GET /api/search', () => {
  test('finds every kind by a part of its name, in any case, so many of each at most', async () => {
    const { status, body } = await search('q=LUMEN&limit=3');
    expect(status).toBe(200);
    expect(kindsOf(body)).toEqual([
      'customer',
      'client',
      'subscription',
      'plan',
      'feature',
      'resource',
      'webhook',
      'operator',
    ]);
    const of = (kind: string) => body.data.filter((hit: { kind: string }) => hit.kind === kind);
    expect(of('client')).toHaveLength(3);
    expect(of('customer')).toEqual([
      { kind: 'customer', id: customerId, name: 'Lumen 100% AG', detail: 'pay@lumen.example' },
    ]);
    expect(of('subscription')).toEqual([
      { kind: 'subscription', id: subscriptionId, name: 'Lumen 100% AG', detail: 'lumen-pro@1, active' },
    ]);
    expect(of('plan')).toEqual([{ kind: 'plan', id: 'lumen-pro', name: 'Pro', detail: 'plan lumen-pro' }]);
    expect(of('feature')).toEqual([
      { kind: 'feature', id: 'lumen_export', name: 'Export', detail: 'switch lumen_export' },
    ]);
    expect(of('webhook')).toEqual([
      { kind: 'webhook', id: webhookId, name: 'https://hooks.lumen.example/in', detail: 'For Lumen' },
    ]);
  });

  test.each([
    ['a customer by its id', () => customerId, () => ['customer', 'subscription']],
    [
      'a customer by the beginning of its id, in capitals',
      () => customerId.slice(0, 20).toUpperCase(),
      () => ['customer', 'subscription'],
    ],
    ['a subscription by its id', () => subscriptionId, () => ['subscription']],
    ['a webhook by its id', () => webhookId, () => ['webhook']],
    ['the signs of LIKE as they stand', () => '100%', () => ['customer', 'subscription']],
    ['nothing by a sign of LIKE', () => '%%', () => []],
    ['nothing that there is not', () => 'nobody-has-this', () => []],
  ])('%s', async (_what, text, kinds) => {
    const { body } = await search(`q=${encodeURIComponent(text())}`);
    expect(kindsOf(body)).toEqual(kinds());
  });

  test('a refused request by its trace id, once it is written', async () => {
    const found = await waitFor('the refusal', async () => {
      const { body } = await search(`q=${traceId}`);
      return body.data.length > 0 && body.data;
    });
    expect(found).toEqual([
      { kind: 'refused_request', id: traceId, name: expect.stringContaining('secret'), detail: 'lumen-sync' },
    ]);
  });

  test('finds only what the role may see', async () => {
    const finance = await somebody(house, owner, 'finance');
    expect(kindsOf((await search('q=lumen', finance.browser)).body)).toEqual([
      'customer',
      'client',
      'subscription',
      'plan',
      'feature',
      'resource',
    ]);
    const refused = await search(`q=${traceId}`, finance.browser);
    expect(refused).toMatchObject({ status: 200, body: { data: [] } });
  });

  test.each([
    ['too short', 'q=a', '?q'],
    ['only spaces', 'q=%20%20%20', '?q'],
    ['too long', `q=${'a'.repeat(201)}`, '?q'],
    ['NUL', 'q=ab%00', '?q'],
    ['missing', '', '?q'],
    ['too many', 'q=ab&limit=11', '?limit'],
    ['an unknown parameter', 'q=ab&kind=client', '?kind'],
  ])('%s is refused', async (_what, query, path) => {
    const { status, body } = await search(query);
    expect({ status, code: body.code, path: body.errors[0].path }).toEqual({
      status: 422,
      code: 'invalid_request',
      path,
    });
  });

  test('is for signed-in operators', async () => {
    expect((await house.manage('/api/search?q=lumen')).status).toBe(401);
    expect((await house.manage('/api/search?q=lumen', { token: undefined })).status).toBe(401);
  });

  test('a licence by its name, its id, the end of its key, and among those of its customer', async () => {
    const policy = (await house.manage('/api/license-policies', { body: { name: 'Desktop' } })).body;
    const request = { policy: policy.id, customer_id: customerId, name: 'Night shift 50%' };
    const { id, key } = (await house.manage('/api/licenses', { body: request })).body;
    const found = { kind: 'license', id, name: 'Night shift 50%', detail: `Desktop, …${key.slice(-6)}` };
    for (const q of ['night%20SHIFT%2050%25', id.slice(0, 20), key.slice(-6)]) {
      expect((await search(`q=${q}`)).body.data).toEqual([found]);
    }
    expect((await search('q=lumen%20100')).body.data).toContainEqual(found);
  });

  test('an invoice by its number, and among those of its customer', async () => {
    const id = newId('inv');
    await insertDraft((statement, values) => house.sql(statement, values), {
      id,
      customerId,
      lines: [{ amount: 100 }],
    });
    const draft = { kind: 'invoice', id, name: 'Draft', detail: 'Lumen 100% AG, draft' };
    expect((await search('q=lumen%20100')).body.data).toContainEqual(draft);
    const { number } = (await house.manage(`/api/invoices/${id}/finalize`, { method: 'POST' })).body;
    const found = { kind: 'invoice', id, name: number, detail: 'Lumen 100% AG, open' };
    expect((await search(`q=${number.toLowerCase()}`)).body.data).toEqual([found]);
    expect((await search(`q=${id.slice(0, 20).toUpperCase()}`)).body.data).toEqual([found]);
  });
});
