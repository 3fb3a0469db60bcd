import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1', WEBHOOK_ENDPOINTS_MAX: '12' } });
});
afterAll(() => house.close());

const URL = 'https://example.com/hook';
const create = (body: unknown, headers: Record<string, string> = {}) =>
  house.manage('/api/webhooks', { method: 'POST', body, headers });
const made = async (body: Record<string, unknown> = {}) => (await create({ url: URL, ...body })).body;
const remove = (id: string) => house.manage(`/api/webhooks/${id}`, { method: 'DELETE' });
const rows = () => house.sql('SELECT id, version, enabled FROM webhook_endpoint ORDER BY id');

describe('registering', () => {
  test('shows the signing secret once and never again', async () => {
    const answer = await create({ url: URL, event_types: ['client.*', 'client.*'], description: ' Bell ' });
    const { signing_secret, ...shown } = answer.body;
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(shown).toEqual({
      id: expect.stringMatching(/^whe_[0-9a-z]{26}$/),
      url: URL,
      description: 'Bell',
      event_types: ['client.*'],
      enabled: true,
      disabled_reason: null,
      failing_since: null,
      secrets: [{ id: expect.stringMatching(/^whs_/), created_at: expect.any(String), expires_at: null }],
      pending: 0,
      dead: 0,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(signing_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [one, all] = [await house.manage(`/api/webhooks/${shown.id}`), await house.manage('/api/webhooks')];
    expect([one.body, one.headers.get('etag')]).toEqual([shown, '"v1"']);
    expect(all.body.data).toContainEqual(shown);
    const stored = await house.sql('SELECT s::text FROM webhook_secret s UNION SELECT a::text FROM audit_log a');
    expect(JSON.stringify([one.body, all.body, stored])).not.toContain(signing_secret.slice(6, 30));
    expect(await house.audit(`webhook_endpoint:${shown.id}`)).toEqual([
      {
        actor: expect.stringContaining('client:'),
        action: 'webhook_endpoint.created',
        detail: { url: URL, event_types: ['client.*', 'client.*'], enabled: true },
      },
    ]);
    await remove(shown.id);
  });

  test('the same Idempotency-Key gives the same endpoint and secret', async () => {
    const headers = { 'idempotency-key': 'hook-1' };
    const [first, second] = [await create({ url: URL }, headers), await create({ url: URL }, headers)];
    expect(second.body).toEqual(first.body);
    expect(await rows()).toHaveLength(1 + (await rows()).filter(({ id }) => id !== first.body.id).length);
    await remove(first.body.id);
  });

  test.each([
    [{}, '/url'],
    [{ url: 'ftp://example.com' }, '/url'],
    [{ url: 'https://a:b@example.com' }, '/url'],
    [{ url: 'https://example.com/#x' }, '/url'],
    [{ url: 'http://example.com' }, null],
    [{ url: 'http://8.8.8.8' }, '/url'],
    [{ url: 'http://127.0.0.2' }, '/url'],
    [{ url: 'https://127.0.0.2' }, '/url'],
    [{ url: 'https://2130706434' }, '/url'],
    [{ url: 'https://[::1]' }, '/url'],
    [{ url: 'https://169.254.169.254/latest' }, '/url'],
    [{ url: 'http://127.0.0.1:1' }, null],
    [{ url: URL, event_types: [] }, '/event_types'],
    [{ url: URL, event_types: ['client.create'] }, '/event_types/0'],
    [{ url: URL, event_types: ['cli*'] }, '/event_types/0'],
    [{ url: URL, event_types: ['**'] }, '/event_types/0'],
    [{ url: URL, secret: 'x' }, '/secret'],
  ])('%j: %p', async (body, path) => {
    const before = await rows();
    const answer = await create(body);
    if (path === null) {
      expect(answer.status).toBe(201);
      await remove(answer.body.id);
    } else {
      expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([422, 'invalid_request', path]);
      expect(await rows()).toEqual(before);
    }
  });

  test('not more than the setting allows', async () => {
    const ids: string[] = [];
    for (let status = 201; status === 201; ) {
      const answer = await create({ url: URL });
      status = answer.status;
      if (status === 201) ids.push(answer.body.id);
      else expect([status, answer.body.errors[0].code]).toEqual([422, 'too_many_webhooks']);
    }
    expect((await house.manage('/api/webhooks')).body.data).toHaveLength(12);
    for (const id of ids) await remove(id);
  });
});

describe('changing', () => {
  test('with If-Match; what stays the same leaves no trace', async () => {
    const { id } = await made();
    const path = `/api/webhooks/${id}`;
    const change = (body: unknown, match?: string) =>
      house.manage(path, { method: 'PATCH', body, headers: match ? { 'if-match': match } : {} });
    const answer = await change({ enabled: false, event_types: ['signing_key.rotated'] }, '"v1"');
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(answer.body).toMatchObject({
      enabled: false,
      disabled_reason: 'operator',
      event_types: ['signing_key.rotated'],
    });
    const stale = await change({ enabled: true }, '"v1"');
    expect([stale.status, stale.body.code]).toEqual([412, 'version_mismatch']);
    expect((await change({ enabled: false })).headers.get('etag')).toBe('"v2"');
    expect((await change({ url: 'https://10.0.0.1' })).body.errors[0].path).toBe('/url');
    expect((await change({})).status).toBe(422);
    expect((await change({ enabled: true })).body).toMatchObject({ enabled: true, disabled_reason: null });
    expect((await house.audit(`webhook_endpoint:${id}`)).map(({ action }) => action)).toEqual([
      'webhook_endpoint.created',
      'webhook_endpoint.changed',
      'webhook_endpoint.changed',
    ]);
    await remove(id);
  });

  test('a removed one is gone for every route', async () => {
    const { id } = await made();
    expect((await remove(id)).status).toBe(204);
    const answers = await Promise.all([
      house.manage(`/api/webhooks/${id}`),
      house.manage(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: true } }),
      house.manage(`/api/webhooks/${id}/deliveries`),
      house.manage(`/api/webhooks/${id}/deliveries/whd_x`),
      house.manage(`/api/webhooks/${id}/test`, { method: 'POST' }),
      house.manage(`/api/webhooks/${id}/rotate-secret`, { method: 'POST' }),
      house.manage(`/api/webhooks/${id}/replay`, { method: 'POST', body: { delivery_id: 'x' } }),
      remove(id),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'not_found']));
  });
});

describe('the outbox', () => {
  test('a change and its event commit together; a refused change leaves none', async () => {
    const count = async () => (await house.sql('SELECT count(*)::int AS count FROM outbox_event'))[0].count;
    const client = await house.client({ client_id: 'told' });
    const before = await count();
    expect(
      (await house.manage('/api/clients', { body: { client_id: client.client_id, scopes: ['read'] } })).status,
    ).toBe(409);
    expect(await count()).toBe(before);
    const path = `/api/clients/${client.client_id}`;
    await house.manage(path, { method: 'PATCH', body: { status: 'suspended' } });
    await house.manage(path, { method: 'PATCH', body: { status: 'active' } });
    await house.manage(`${path}/rotate-secret`, { method: 'POST' });
    await house.manage('/api/revocations', { body: { by: 'client', id: client.client_id } });
    await house.manage(path, { method: 'DELETE' });
    const events = await house.sql('SELECT type, client_id, data FROM outbox_event WHERE key = $1 ORDER BY seq', [
      `client:${client.client_id}`,
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      'client.created',
      'client.suspended',
      'client.resumed',
      'client.secret_rotated',
      'tokens.revoked',
      'client.deleted',
    ]);
    expect(events.every(({ client_id }) => client_id === client.client_id)).toBe(true);
    expect(JSON.stringify(events)).not.toContain('bst_secret');
  });
});

describe('replay and test are checked', () => {
  test.each([
    [{}, '/delivery_id'],
    [{ delivery_id: 'x', from: '2027-01-01T00:00:00Z' }, '/delivery_id'],
    [{ from: '2027-01-01T00:00:00Z' }, '/from'],
    [{ from: '2027-01-02T00:00:00Z', to: '2027-01-01T00:00:00Z' }, '/to'],
    [{ from: 'yesterday', to: '2027-01-01T00:00:00Z' }, '/from'],
    [{ from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z', types: ['x.y'] }, '/types/0'],
  ])('%j: %s', async (body, path) => {
    const { id } = await made();
    const answer = await house.manage(`/api/webhooks/${id}/replay`, { method: 'POST', body });
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    await remove(id);
  });

  test('a cursor of another list is refused', async () => {
    const { id } = await made();
    const answer = await house.manage(`/api/webhooks/${id}/deliveries?cursor=x`);
    expect([answer.status, answer.body.errors[0].code]).toEqual([422, 'invalid_cursor']);
    await remove(id);
  });
});
