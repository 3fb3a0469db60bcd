import { json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { WebhookSink } from '@bastionary/testing/webhook-sink';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type House, isSignedWith, openHouse, verify } from './house.js';

let house: House;
let sink: WebhookSink;
let hung: WebhookSink;
beforeAll(async () => {
  [sink, hung] = [await WebhookSink.open(), await WebhookSink.open()];
  house = await openHouse({
    WEBHOOK_RETRY_SECONDS: '0.3,0.3',
    WEBHOOK_TIMEOUT_MS: '2000',
    WEBHOOK_CONCURRENCY_PER_ENDPOINT: '5',
  });
  await house.works.worker();
});
afterAll(async () => {
  await house.works.close();
  for (const one of [sink, hung]) await one.kill();
});
beforeEach(() => {
  sink.reply = () => 200;
  sink.received.length = 0;
});

const at = (path: string) => sink.accepted(path);
const ended = (id: string, status: string, count: number) =>
  waitFor(`${count} ${status}`, async () => {
    const list = await house.deliveries(id, `&status=${status}`);
    return list.length === count && list;
  });

describe('what is sent', () => {
  test('the event, signed as Standard Webhooks wants it; only types that were asked for; nothing secret', async () => {
    const { id, signing_secret } = await house.register({ url: `${sink.url}/sent`, event_types: ['client.created'] });
    const client = await house.works.client({ name: 'Named' });
    await house.rename(client.client_id, 'Renamed');
    const [delivery] = await ended(id, 'delivered', 1);
    const [received] = at('/sent');
    expect(received && verify(received, signing_secret)).toEqual({
      id: delivery.event_id,
      type: 'client.created',
      timestamp: expect.stringMatching(/^20.*Z$/),
      data: { client_id: client.client_id, name: 'Named', scopes: ['read'], expiry: null, status: 'active' },
    });
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': delivery.event_id,
      'user-agent': 'Bastionary-Webhooks/1',
    });
    expect(received?.body).not.toContain('bst_secret');
    expect(await house.delivery(id, delivery.id)).toEqual({
      ...delivery,
      payload: received?.body,
      log: [delivery.last_attempt],
    });
    expect(delivery).toMatchObject({
      status: 'delivered',
      attempts: 1,
      replay: false,
      next_attempt_at: null,
      key: `client:${client.client_id}`,
      last_attempt: { number: 1, response_status: 200, response_body: '', error: null },
    });
    await house.remove(id);
  });

  test('two secrets sign during an overlap; the old one stops with it, or at once', async () => {
    const { id, signing_secret: first } = await house.register({ url: `${sink.url}/rotated` });
    const rotate = async (overlap_seconds: number): Promise<string> =>
      // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
      ((await house.post(id, '/rotate-secret', { overlap_seconds })).body as any).signing_secret;
    const signedWith = async (...secrets: string[]) => {
      const before = at('/rotated').length;
      await house.post(id, '/test');
      await waitFor('the test', () => at('/rotated').length > before);
      const received = at('/rotated').at(-1);
      return secrets.map((secret) => received !== undefined && isSignedWith(received, secret));
    };
    expect(await signedWith(first)).toEqual([true]);
    const second = await rotate(3_600);
    expect(second).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await signedWith(first, second)).toEqual([true, true]);
    expect(at('/rotated').at(-1)?.headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
    const third = await rotate(3_600);
    expect(await signedWith(first, second, third)).toEqual([false, true, true]);
    const fourth = await rotate(0);
    expect(await signedWith(second, third, fourth)).toEqual([false, false, true]);
    await rotate(3_600);
    await house.works.sql(
      `UPDATE webhook_secret SET expires_at = now() - interval '1 second' WHERE expires_at > now()`,
    );
    expect(await signedWith(fourth)).toEqual([false]);
    expect((await house.get(id)).secrets).toHaveLength(1);
    await house.remove(id);
  });

  test('to an endpoint as it is now: types and URL can change, a disabled one gets nothing', async () => {
    const { id } = await house.register({ url: `${sink.url}/before`, event_types: ['client.created'] });
    await house.change(id, { url: `${sink.url}/after`, event_types: ['client.updated'] });
    const client = await house.works.client();
    await house.rename(client.client_id, 'Changed');
    await ended(id, 'delivered', 1);
    expect([at('/before').length, at('/after').map(({ type }) => type)]).toEqual([0, ['client.updated']]);
    await house.change(id, { enabled: false });
    await house.rename(client.client_id, 'Unheard');
    const refused = await house.post(id, '/test');
    expect([refused.status, refused.body.code]).toEqual([409, 'webhook_disabled']);
    await house.change(id, { enabled: true });
    await house.rename(client.client_id, 'Heard');
    await ended(id, 'delivered', 2);
    expect(at('/after').map(({ data }) => data.changes.name.to)).toEqual(['Changed', 'Heard']);
    await house.remove(id);
  });
});

describe('what fails', () => {
  test('a failing event holds its key and no other; given up, the key goes on; replay brings it', async () => {
    const { id } = await house.register({ url: `${sink.url}/failing`, event_types: ['client.*'] });
    const [bad, good] = [await house.works.client(), await house.works.client()];
    await ended(id, 'delivered', 2);
    sink.reply = (request) => (request.type === 'client.suspended' ? { status: 500, body: 'x'.repeat(5_000) } : 200);
    await house.works.manage(`/api/clients/${bad.client_id}`, { method: 'PATCH', body: { status: 'suspended' } });
    await house.rename(bad.client_id, 'After');
    await house.rename(good.client_id, 'Other');
    await waitFor('the other key', () => at('/failing').some(({ data }) => data.changes?.name?.to === 'Other'));
    const [dead] = await ended(id, 'dead', 1);
    expect(dead).toMatchObject({
      event_type: 'client.suspended',
      attempts: 3,
      next_attempt_at: null,
      last_attempt: { number: 3, response_status: 500, response_body: 'x'.repeat(1_024), error: 'it answers 500' },
    });
    await waitFor('its own key', () => at('/failing').some(({ data }) => data.changes?.name?.to === 'After'));
    const tries = sink.received.filter(({ type }) => type === 'client.suspended');
    expect(tries).toHaveLength(3);
    const after = sink.received.findIndex(({ data }) => data.changes?.name?.to === 'After');
    expect(sink.received.findLastIndex(({ type }) => type === 'client.suspended')).toBeLessThan(after);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    expect((await house.get(id)).dead).toBe(1);

    sink.reply = () => 200;
    const range = { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
    expect((await house.post(id, '/replay', { ...range, dead_only: true })).body).toEqual({ deliveries: 1 });
    await waitFor('the replay', () => at('/failing').some(({ id: eventId }) => eventId === dead.event_id));
    const replayed = await house.delivery(id, dead.id);
    expect(replayed.status).toBe('dead');
    const again = await waitFor('its end', async () => {
      const one = await house.delivery(id, replayed.replayed_by);
      return one.status === 'delivered' && one;
    });
    expect(again).toMatchObject({ event_id: dead.event_id, replay: true, attempts: 1, payload: tries[0]?.body });
    expect((await house.get(id)).dead).toBe(0);
    expect((await house.post(id, '/replay', { ...range, dead_only: true })).body).toEqual({ deliveries: 0 });
    await house.remove(id);
  });

  test('a redirect is not followed, a late answer not waited for; both are failures and told', async () => {
    const { id } = await house.register({ url: `${sink.url}/moved`, event_types: ['client.suspended'] });
    sink.reply = () => ({ status: 307, headers: { location: `${sink.url}/target` } });
    await house.post(id, '/test');
    const [redirected] = await ended(id, 'dead', 1);
    expect(redirected.last_attempt).toMatchObject({
      response_status: 307,
      error: 'it redirects, and redirects are not followed',
    });
    expect(sink.received.every(({ path }) => path === '/moved')).toBe(true);
    sink.reply = () => 'hang';
    await house.post(id, '/test');
    const [late] = await waitFor(
      'the late one',
      async () => {
        const list = await house.deliveries(id, '&status=dead');
        return list.length === 2 && list;
      },
      { within: 20_000 },
    );
    expect(late.last_attempt).toMatchObject({ response_status: null, error: 'it took longer than 2000 ms' });
    await house.remove(id);
  });

  test('after days without a success an endpoint is disabled, and others are told; 410 disables at once', async () => {
    const watcher = await house.register({ url: `${sink.url}/watch`, event_types: ['webhook_endpoint.*'] });
    const [tired, gone] = [
      await house.register({ url: `${sink.url}/tired`, event_types: ['client.suspended'] }),
      await house.register({ url: `${sink.url}/gone`, event_types: ['client.suspended'] }),
    ];
    sink.reply = ({ path }) => (path === '/watch' ? 200 : path === '/gone' ? 410 : 503);
    await house.post(tired.id, '/test');
    await waitFor('the first failure', async () => (await house.get(tired.id)).failing_since !== null);
    expect(await house.get(tired.id)).toMatchObject({ enabled: true, disabled_reason: null });
    await ended(tired.id, 'dead', 1);
    await house.works.sql(`UPDATE webhook_endpoint SET failing_since = now() - interval '5 days' WHERE id = $1`, [
      tired.id,
    ]);
    for (const one of [tired, gone]) await house.post(one.id, '/test');
    for (const [one, reason] of [
      [tired, 'failing'],
      [gone, 'gone'],
    ] as const) {
      await waitFor('the end', async () => (await house.get(one.id)).disabled_reason === reason);
      expect(await house.get(one.id)).toMatchObject({ enabled: false });
      const audit = await house.works.sql(
        `SELECT actor, detail FROM audit_log WHERE target = $1 AND action = 'webhook_endpoint.disabled'`,
        [`webhook_endpoint:${one.id}`],
      );
      expect(audit).toEqual([{ actor: 'system:worker', detail: expect.stringContaining(`"reason":"${reason}"`) }]);
      await waitFor('the notice', () => at('/watch').some(({ data }) => data.id === one.id && data.reason === reason));
    }
    for (const one of [watcher, tired, gone]) await house.remove(one.id);
  });
});

describe('replay', () => {
  test('of a range: what happened then, of the types of the endpoint, in its order, also from before it was there', async () => {
    const client = await house.works.client();
    const [{ now: from }] = await house.works.sql('SELECT clock_timestamp() AS now');
    for (const name of ['One', 'Two', 'Three']) await house.rename(client.client_id, name);
    await house.works.manage(`/api/clients/${client.client_id}`, { method: 'DELETE' });
    await waitFor('the relay', async () => {
      const [{ waiting }] = await house.works.sql(
        'SELECT count(*)::int AS waiting FROM outbox_event WHERE relayed_at IS NULL',
      );
      return waiting === 0;
    });
    const [{ now: to }] = await house.works.sql('SELECT clock_timestamp() AS now');
    const { id } = await house.register({ url: `${sink.url}/late`, event_types: ['client.*'] });
    const range = { from: from.toISOString(), to: to.toISOString() };
    expect((await house.post(id, '/replay', { ...range, types: ['client.updated'] })).body).toEqual({ deliveries: 3 });
    await ended(id, 'delivered', 3);
    expect(at('/late').map(({ data }) => data.changes.name.to)).toEqual(['One', 'Two', 'Three']);
    expect((await house.post(id, '/replay', range)).body).toEqual({ deliveries: 4 });
    await ended(id, 'delivered', 7);
    expect(sink.received.filter(({ path }) => path === '/late').map(({ type }) => type)).toEqual([
      ...Array.from({ length: 3 }, () => 'client.updated'),
      ...Array.from({ length: 3 }, () => 'client.updated'),
      'client.deleted',
    ]);
    expect(
      (await house.post(id, '/replay', { from: '2001-01-01T00:00:00Z', to: '2002-01-01T00:00:00Z' })).body,
    ).toEqual({
      deliveries: 0,
    });
    await house.remove(id);
  });

  test('of one delivery; one that waits for its next attempt is tried at once instead', async () => {
    const { id } = await house.register({ url: `${sink.url}/one`, event_types: ['client.created'] });
    await house.works.client();
    const [delivery] = await ended(id, 'delivered', 1);
    expect((await house.post(id, '/replay', { delivery_id: delivery.id })).body).toEqual({ deliveries: 1 });
    const list = await ended(id, 'delivered', 2);
    expect(list.map((one: { event_id: string; replay: boolean }) => [one.event_id, one.replay])).toEqual([
      [delivery.event_id, true],
      [delivery.event_id, false],
    ]);
    expect((await house.post(id, '/replay', { delivery_id: 'whd_none' })).status).toBe(404);
    await house.remove(id);
  });
});

describe('apart from each other', () => {
  test('an endpoint that hangs takes its own places only; the others get everything meanwhile', async () => {
    hung.reply = () => 'hang';
    const slow = await house.register({ url: hung.url, event_types: ['client.created'] });
    const swift = await house.register({ url: `${sink.url}/swift`, event_types: ['client.created'] });
    for (let made = 0; made < 40; made++) await house.works.client();
    await ended(swift.id, 'delivered', 40);
    expect(hung.mostAtOnce).toBeLessThanOrEqual(5);
    expect((await house.get(slow.id)).pending).toBeGreaterThan(20);
    await waitFor('doubt', async () => (await house.get(slow.id)).failing_since !== null);
    for (const { id } of [slow, swift]) await house.remove(id);
  });

  test('nothing after removal: what was pending is dropped, the log and the secrets are gone', async () => {
    sink.reply = () => 500;
    const { id } = await house.register({ url: `${sink.url}/removed`, event_types: ['client.*'] });
    await house.works.client();
    await waitFor('an attempt', () => sink.received.length > 0);
    const answer = await house.remove(id);
    expect(answer.status).toBe(204);
    const { url } = house.works.api;
    expect((await json(`${url}/api/webhooks/${id}`)).status).toBe(401);
    for (const path of ['', '/deliveries'])
      expect((await house.works.manage(`/api/webhooks/${id}${path}`)).status).toBe(404);
    expect(await house.works.sql('SELECT 1 FROM webhook_secret WHERE endpoint_id = $1', [id])).toEqual([]);
    // A later event to another endpoint shows that the workers went on.
    const other = await house.register({ url: `${sink.url}/other`, event_types: ['client.*'] });
    sink.reply = () => 200;
    const before = sink.received.filter(({ path }) => path === '/removed').length;
    const client = await house.works.client();
    await house.rename(client.client_id, 'Later');
    await ended(other.id, 'delivered', 2);
    expect(sink.received.filter(({ path }) => path === '/removed')).toHaveLength(before);
    await waitFor(
      'the rest to go',
      async () => (await house.works.sql('SELECT 1 FROM webhook_endpoint WHERE id = $1', [id])).length === 0,
      { within: 45_000 },
    );
    await house.remove(other.id);
  });
});
