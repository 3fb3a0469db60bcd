import type { Role } from '@bastionary/contracts/operators';
import { ROLE_PERMISSIONS } from '@bastionary/contracts/permissions';
import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from '../operators/browser.js';
import { makeStale, ownerOf, somebody } from '../operators/people.js';
import { cases, management, nameOf, pathWith, type Route, routes, takesBody } from '../route-table.js';
import { House, type MadeClient, raw } from '../support.js';

const PUBLIC = [
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/openid-configuration',
  'GET /.well-known/jwks.json',
  'GET /.well-known/license-keys.json',
  'GET /.well-known/license-revocations.jws',
  'POST /api/session',
  'POST /api/session/link',
  'POST /api/session/passkey-sign-in/challenge',
  'POST /api/session/passkey-sign-in',
  'OPTIONS /ofrep/v1/evaluate/flags',
  'OPTIONS /ofrep/v1/evaluate/flags/{key}',
  'OPTIONS /ofrep/v1/streams',
  'OPTIONS /flags/v1/flagd.json',
  'GET /ofrep/v1/streams',
  'POST /v1/licenses/actions/validate-key',
  'POST /v1/accounts/{account}/licenses/actions/validate-key',
  'POST /webhooks/stripe',
];
/** Routes of programs with a licence, which prove themselves by its key or a token of it. */
const ofMachines = ({ path }: Pick<Route, 'path'>) => path.startsWith('/v1/');
/** The door of flags, which says 401 and 403 without a body (test/flags/ofrep.test.ts). */
const ofFlags = ({ path }: Pick<Route, 'path'>) => path.startsWith('/ofrep/') || path.startsWith('/flags/v1/');
/** Routes that take a console session and no token. */
const OF_SESSIONS = /^\/api\/(session|search)/;
const REFUSED = [400, 401, 403, 404, 405, 415, 422];

let house: House;
let target: MadeClient;
const ids: Record<string, string> = { feature: 'matrix', key: 'matrix', version: '1' };
const tokens = new Map<string, string>();
beforeAll(async () => {
  house = await House.open({
    env: { WRONG_SECRET_ATTEMPTS: '10000', SIGN_IN_ATTEMPTS: '10000', LICENSE_KEY_GUESSES: '10000' },
  });
  target = await house.client({ client_id: 'matrix' });
  ids.client_id = target.client_id;
  ids.resource_id = (await house.manage('/api/resources')).body.data[0].id;
  ids.credential_id = (await house.manage(`/api/clients/${target.client_id}/credentials`)).body.data[0].id;
  await house.manage('/api/features', { body: { key: 'matrix', name: 'Matrix', type: 'limit', default: 1 } });
  const customer = { name: 'Matrix', email: 'matrix@example.com', currency: 'EUR' };
  ids.customer_id = (await house.manage('/api/customers', { body: customer })).body.id;
  await house.manage('/api/plans', { body: { key: 'matrix', name: 'Matrix', publish: true } });
  const subscription = { customer_id: ids.customer_id, plan: 'matrix' };
  ids.subscription_id = (await house.manage('/api/subscriptions', { body: subscription })).body.id;
  await house.manage('/api/meters', { body: { key: 'matrix', event_type: 'x', aggregation: 'count' } });
  const threshold = { meter: 'matrix', customer_id: ids.customer_id, window: 'day', value: '1' };
  ids.threshold_id = (await house.manage('/api/usage-thresholds', { body: threshold })).body.id;
  const lines = [{ description: 'Work', unit_amount: '1000' }];
  ids.invoice_id = (await house.manage('/api/invoices', { body: { customer_id: ids.customer_id, lines } })).body.id;
  await house.manage(`/api/invoices/${ids.invoice_id}/finalize`, { method: 'POST' });
  const credited = { amount: '100', reason: 'test' };
  const note = await house.manage(`/api/invoices/${ids.invoice_id}/credit-notes`, { body: credited });
  ids.credit_note_id = note.body.id;
  ids.series = 'INV';
  ids.webhook_id = (await house.manage('/api/webhooks', { body: { url: 'https://example.com' } })).body.id;
  ids.delivery_id = (await house.manage(`/api/webhooks/${ids.webhook_id}/test`, { method: 'POST' })).body.id;
  await house.sql(
    `INSERT INTO stripe_reconciliation (id, "from", "to", state, repairs, requested_by, created_at)
     VALUES ('rec_matrix', now(), now(), 'done', false, 'system:test', now())`,
  );
  ids.reconciliation_id = 'rec_matrix';
  ids.policy_id = (await house.manage('/api/license-policies', { body: { name: 'Matrix' } })).body.id;
  ids.license_id = (await house.manage('/api/licenses', { body: { policy: ids.policy_id } })).body.id;
  ids.product_id = 'default';
  const flag = { type: 'boolean', variants: { on: true, off: false }, default_variant: 'off' };
  ids.flag_key = (await house.manage('/api/flags', { body: { key: 'matrix', ...flag } })).body.key;
  ids.segment_key = (await house.manage('/api/segments', { body: { key: 'matrix' } })).body.key;
  ids.environment = 'production';
  ids.operator_id = (await house.manage('/api/operators')).body.data[0].id;
  const permissions = [...new Set(management.map(({ permission }) => permission ?? ''))];
  const everything = await house.client({ scopes: [...permissions, 'tokens:introspect', 'read'] });
  for (const one of permissions) {
    tokens.set(`only ${one}`, await house.accessToken(everything, one));
    const others = [...permissions, 'tokens:introspect'].filter((other) => other !== one);
    tokens.set(`all but ${one}`, await house.accessToken(everything, others.join(' ')));
  }
  tokens.set('another audience', await house.accessToken(everything, 'read'));
});
afterAll(() => house.close());

const pathOf = (path: string) => pathWith(path, ids);
/** What would change something is asked of ids that are nobody's: whoever may is told so, and nothing changes. */
const harmless = ({ method, path }: Route) => (method === 'GET' ? pathOf(path) : pathWith(path, {}));
/** What must be asked. */
const queryOf = (route: Route): string => {
  const usage = `?meter=matrix&customer=${ids.customer_id}`;
  const span = '?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';
  const other = { 'GET /api/environments/{environment}/compare': '?with=development' };
  const asked = {
    ...other,
    'GET /api/usage': usage,
    'GET /api/usage/forecast': usage,
    'GET /api/usage/events.csv': span,
  };
  return asked[nameOf(route) as keyof typeof asked] ?? '';
};
// These say of every event what became of it.
const TELLING = ['POST /api/usage/events', 'POST /api/v1/events'];
/** What whoever may is told: nothing is there, or the body is none. */
const passed = (route: Route): number[] =>
  route.method === 'GET' || TELLING.includes(nameOf(route)) ? [200] : [404, 422];
const request = (route: Route, headers: Record<string, string> = {}) =>
  json(`${house.api.url}${harmless(route)}${queryOf(route)}`, {
    method: route.method,
    headers,
    // A body that no route takes: whoever gets that far is told so, and nothing changes.
    ...(takesBody(route) && { body: { nonsense: true } }),
  });

test('the public routes are these and no others', () => {
  expect(
    routes
      .filter(({ schemes }) => schemes.length === 0)
      .map(nameOf)
      .sort(),
  ).toEqual([...PUBLIC].sort());
  expect(management.length).toBeGreaterThan(10);
  expect(
    routes
      .filter(({ path }) => path.startsWith('/api/'))
      .every(({ permission, path }) => permission !== undefined || OF_SESSIONS.test(path)),
  ).toBe(true);
});

describe('N40: without a credential every other route is 401', () => {
  const others = (route: Route) =>
    !PUBLIC.includes(nameOf(route)) && !route.path.startsWith('/oauth2/') && !ofMachines(route) && !ofFlags(route);
  test.each(cases(routes.filter(others)))('%s', async (_name, route) => {
    const before = await house.written();
    const answer = await request(route);
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    expect(await house.written()).toEqual(before);
  });

  test.each(cases(routes.filter(({ path }) => path.startsWith('/oauth2/'))))('%s', async (_name, { path }) => {
    const answer = await json(`${house.api.url}${path}`, {
      body: new URLSearchParams({ grant_type: 'client_credentials', token: 'x' }),
    });
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
  });
});

describe('the machine-facing protocol takes a licence, or whoever manages all of them', () => {
  test.each(cases(routes.filter((route) => ofMachines(route) && !PUBLIC.includes(nameOf(route)))))(
    '%s',
    async (_name, route) => {
      const before = await house.written();
      const by = (token: string) => request(route, { authorization: `Bearer ${tokens.get(token)}` });
      const told = [
        await request(route),
        await request(route, { authorization: 'License nobodys' }),
        await by('another audience'),
        await by('all but licenses:write'),
      ].map(({ status, body }) => [status, body.errors[0].code]);
      expect(told).toEqual([
        [401, 'TOKEN_MISSING'],
        [401, 'LICENSE_INVALID'],
        [401, 'TOKEN_INVALID'],
        [403, 'TOKEN_NOT_ALLOWED'],
      ]);
      expect(await house.written()).toEqual(before);
    },
  );
});

describe('N41: each management route takes exactly its permission', () => {
  test.each(cases(management))('%s', async (_name, route) => {
    const before = await house.written();
    const by = (token: string) => request(route, { authorization: `Bearer ${tokens.get(token)}` });
    const [other, without, dead] = [
      await by('another audience'),
      await by(`all but ${route.permission}`),
      await request(route, { authorization: 'Bearer x' }),
    ];
    expect([other.status, without.status, dead.status]).toEqual([401, 403, 401]);
    expect(without.headers.get('www-authenticate')).toContain(`scope="${route.permission}"`);
    expect(await house.written()).toEqual(before);
    const right = await by(`only ${route.permission}`);
    expect(passed(route)).toContain(right.status);
    expect(await house.written()).toEqual(before);
  });

  test.each(cases(routes.filter(({ path }) => OF_SESSIONS.test(path))))(
    'a token is no session: %s',
    async (_name, route) => {
      const before = await house.sql('SELECT count(*) FROM operator_session');
      const answer = await request(route, { authorization: `Bearer ${house.token}` });
      expect(answer.status).toBeGreaterThanOrEqual(401);
      expect(answer.status).toBeLessThan(500);
      expect(await house.sql('SELECT count(*) FROM operator_session')).toEqual(before);
    },
  );
});

describe('N41: a role may do what ROLE_PERMISSIONS says, route by route', () => {
  const people = new Map<string, Browser>();
  beforeAll(async () => {
    const owner = await ownerOf(house);
    people.set('owner', owner);
    for (const one of ['admin', 'finance', 'developer', 'auditor']) {
      people.set(one, (await somebody(house, owner, one)).browser);
    }
  });

  const ask = (browser: Browser, route: Route, body: unknown) =>
    browser.send(route.method, `${harmless(route)}${queryOf(route)}`, body);

  test.each(cases(management))('%s', async (_name, route) => {
    const before = await house.written();
    for (const [name, browser] of people) {
      const permissions: readonly string[] = ROLE_PERMISSIONS[name as Role];
      const isAllowed = permissions.includes(route.permission ?? '');
      const { status } = await ask(browser, route, takesBody(route) ? { nonsense: true } : undefined);
      expect([name, isAllowed ? passed(route).includes(status) : status]).toEqual([name, isAllowed ? true : 403]);
    }
    expect(await house.written()).toEqual(before);
  });

  test.each(cases(management.filter(({ stepUp }) => stepUp)))('%s takes a fresh proof', async (_name, route) => {
    await makeStale(house);
    // What makes each of them dangerous, where not every request is.
    const dangerous = { by: 'installation', emergency: true, role: 'admin', status: 'suspended' };
    const before = await house.written();
    for (const [name, browser] of people) {
      const permissions: readonly string[] = ROLE_PERMISSIONS[name as Role];
      const { status, body } = await ask(browser, route, takesBody(route) ? dangerous : undefined);
      const code = permissions.includes(route.permission ?? '') ? 'step_up_required' : 'insufficient_scope';
      expect([name, status, body.code]).toEqual([name, 403, code]);
    }
    expect(await house.written()).toEqual(before);
  });
});

describe('N34: no other spelling of an address gets past the guard', () => {
  const variants = (path: string): string[] => {
    const last = path.slice(path.lastIndexOf('/') + 1);
    return [
      `${path}/`,
      `/${path}`,
      path.replaceAll('/', '//'),
      `${path};x`,
      `${path};/`,
      `/.${path}`,
      `/x/..${path}`,
      `/%2e${path}`,
      `/%2e%2e${path}`,
      `${path}%2f`,
      `${path}%20`,
      `${path}%00`,
      path.replace(/^\//, '/%2f'),
      path.toUpperCase(),
      path.replace(last, `%${last.charCodeAt(0).toString(16)}${last.slice(1)}`),
      `${path}?`,
      `${path}.json`,
      `http://127.0.0.1${path}`,
      `//evil.example${path}`,
      `\\${path}`,
    ];
  };
  test.each(cases(management))('%s', async (_name, { method, path }) => {
    const before = await house.written();
    for (const variant of variants(pathOf(path))) {
      const { status } = await raw(house.api.url, [`${method} ${variant} HTTP/1.1`]);
      expect([variant, REFUSED.includes(status) ? 'refused' : status]).toEqual([variant, 'refused']);
    }
    for (const verb of ['HEAD', 'OPTIONS', 'TRACE']) {
      const { status } = await raw(house.api.url, [`${verb} ${pathOf(path)} HTTP/1.1`]);
      expect([verb, REFUSED.includes(status) ? 'refused' : status]).toEqual([verb, 'refused']);
    }
    expect(await house.written()).toEqual(before);
  });
});

describe('RFC 9110 §15.5.6: a method the address does not have is 405 and says which it has', () => {
  const allowed = new Map<string, string[]>();
  for (const { method, path } of routes) {
    allowed.set(path, [...(allowed.get(path) ?? []), method, ...(method === 'GET' ? ['HEAD'] : [])]);
  }
  // GET /api/quotas/{customer_id}/{feature} is at these addresses too.
  for (const act of ['commit', 'release']) allowed.get(`/api/quotas/{reservation_id}/${act}`)?.push('GET', 'HEAD');
  allowed.get('/api/environments/{environment}/flags/{flag_key}/schedule/ramp')?.push('DELETE');
  // Those of one invoice too.
  allowed.get('/api/licenses/look-up')?.push('GET', 'HEAD', 'PATCH');
  allowed.get('/api/invoices/preview')?.push('GET', 'HEAD', 'PATCH', 'DELETE');
  test.each([...allowed])('%s', async (path, methods) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((one) => !methods.includes(one))) {
      const answer = await house.manage(pathOf(path), { method });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...methods].sort());
    }
  });
});
