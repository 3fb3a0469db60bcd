import { basic, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Buyer, openShop, patience } from '../licensing/right.js';
import { Till } from '../stripe/till.js';
import type { MadeClient } from '../support.js';

const STEPS = [
  { act: 'remind', after_seconds: 1 },
  { act: 'past_due', after_seconds: 2 },
  { act: 'suspend', after_seconds: 5 },
];

let till: Till;
beforeAll(async () => {
  till = await Till.open({ INVOICE_NET_DAYS: '0' });
  await till.ask('PUT', '/api/dunning-policy', { steps: STEPS });
  await openShop(till, true);
  await till.works.worker();
});
afterAll(() => till.close());

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
const ask = (method: string, path: string, body?: object): Promise<any> => till.ask(method, path, body);
const settings = (key: string) => `/api/environments/production/flags/${key}`;
const flag = (key: string, some: object = {}) =>
  ask('POST', '/api/flags', {
    key,
    type: 'boolean',
    variants: { on: true, off: false },
    default_variant: 'off',
    ...some,
  });

const tokenOf = async ({ client_id, client_secret }: MadeClient, scope: string) => {
  const headers = { authorization: basic(client_id, client_secret) };
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope });
  return json(`${till.works.api.url}/oauth2/token`, { body: form, headers });
};

/** What an application of the customer gets, with the token it has. */
const served = async (token: string, key: string) => {
  const url = `${till.works.api.url}/ofrep/v1/evaluate/flags/${key}`;
  const { status, body } = await json(url, { token, body: { context: {} } });
  return { status, variant: body?.variant, gate: body?.metadata?.gate };
};

test('one customer, all pillars: who pays has token, licence and flag; who does not has none; the payment brings all back', async () => {
  await flag('reports-ui', { entitlement: 'reports', required_plan: 'desktop' });
  await ask('PUT', settings('reports-ui'), { enabled: true, rollout: [{ variant: 'on', weight: 100 }] });
  await flag('for-desktop');
  const rules = [{ when: [{ attribute: '$platform.plan', operator: 'equals', value: 'desktop' }], variant: 'on' }];
  await ask('PUT', settings('for-desktop'), { enabled: true, rules });

  // A customer signs up, and gets a client.
  const { id: customer } = await till.payingCustomer('decline');
  const buyer = await Buyer.of(till, customer, 1);
  const client = await till.works.client({
    scopes: ['flags:evaluate', 'usage:write', 'reports:read'],
    customer_id: customer,
  });
  const first = await tokenOf(client, 'flags:evaluate usage:write');
  expect(first.status).toBe(200);
  const token: string = first.body.access_token;
  expect((await tokenOf(client, 'reports:read')).status).toBe(200);

  // It is metered, sees the flags of its plan, and activates a machine.
  await ask('POST', '/api/meters', { key: 'calls', name: 'Calls', event_type: 'call', aggregation: 'count' });
  const event = {
    source: 'app',
    id: 'call-1',
    type: 'call',
    subject: customer,
    time: new Date().toISOString(),
    data: {},
  };
  const sent = await json(`${till.works.api.url}/api/usage/events`, { token, body: event });
  expect(sent.status).toBeLessThan(300);
  expect(await served(token, 'reports-ui')).toEqual({ status: 200, variant: 'on', gate: undefined });
  expect(await served(token, 'for-desktop')).toEqual({ status: 200, variant: 'on', gate: undefined });
  expect(await buyer.activate('one')).toEqual([201, undefined]);

  // Nobody pays.
  const invoice = await buyer.invoice();
  const began = Date.now();
  const delays: Record<string, number> = {};
  const watch = async (what: string, isSo: () => Promise<boolean>) => {
    await waitFor(what, isSo, patience);
    delays[what] = Date.now() - began;
  };
  await Promise.all([
    watch('the token is refused', async () => (await tokenOf(client, 'reports:read')).status !== 200),
    watch('the licence is suspended', async () => (await buyer.right()).validation.code === 'SUSPENDED'),
    watch('the flag is off', async () => (await served(token, 'reports-ui')).gate === 'entitlement'),
  ]);
  expect((await served(token, 'for-desktop')).variant).toBe('off');

  // It is paid: all three in that transaction.
  const paid = Date.now();
  await buyer.pay(invoice.id, invoice.amount_due, 'transfer');
  const again = async (what: string, isSo: () => Promise<boolean>) => {
    await waitFor(what, isSo, patience);
    delays[what] = Date.now() - paid;
  };
  expect(await buyer.transactionsOf('payment.received', 'subscription.reinstated', 'license.reinstated')).toBe(1);
  await Promise.all([
    again('the token is back', async () => (await tokenOf(client, 'reports:read')).status === 200),
    again('the licence is back', async () => (await buyer.right()).validation.valid),
    again('the flag is back', async () => (await served(token, 'reports-ui')).variant === 'on'),
  ]);
  expect((await served(token, 'for-desktop')).variant).toBe('on');
  process.stderr.write(`from unpaid to none, and from paid to all, in ms: ${JSON.stringify(delays)}\n`);
});

test('what is arranged is served at its instant, becomes a revision, and says so', async () => {
  await flag('arranged');
  await ask('PUT', settings('arranged'), { enabled: true });
  const client = await till.works.client({ scopes: ['flags:evaluate'] });
  const token: string = (await tokenOf(client, 'flags:evaluate')).body.access_token;
  const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 4_000).toISOString();
  const change = { rollout: [{ variant: 'on', weight: 100 }] };
  await ask('POST', `${settings('arranged')}/schedule`, { at, change, comment: 'at last' });
  expect((await served(token, 'arranged')).variant).toBe('off');
  await waitFor('the instant', async () => (await served(token, 'arranged')).variant === 'on', patience);
  const { data } = await waitFor(
    'the revision',
    async () => {
      const page = await ask('GET', `${settings('arranged')}/revisions`);
      return page.data[0].cause === 'scheduled' && page;
    },
    patience,
  );
  expect(data[0]).toMatchObject({ number: 3, comment: 'at last', changes: ['All others get on instead of off'] });
  expect((await served(token, 'arranged')).variant).toBe('on');
  const schedule = await ask('GET', `${settings('arranged')}/schedule`);
  expect(schedule.data.map(({ state }: { state: string }) => state)).toEqual(['applied']);
});
