import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, raw } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const get = (path: string, headers: Record<string, string> = {}) => json(`${house.api.url}${path}`, { headers });

describe('health', () => {
  test.each(['/health/live', '/health/ready'])('%s is 200 for anybody', async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });
});

describe('GET /metrics', () => {
  test('is in the form Prometheus reads, and counts what happened', async () => {
    const client = await house.client();
    const counted = async (name: string) => {
      const line = String((await get('/metrics')).body)
        .split('\n')
        .find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const before = await counted('bastionary_tokens_issued_total');
    await house.accessToken(client);
    await house.accessToken(client);
    await house.form('token', { grant_type: 'client_credentials', scope: 'nonsense' }, client);
    expect((await counted('bastionary_tokens_issued_total')) - before).toBe(2);
    expect(await counted('bastionary_oauth_errors_total{error="invalid_scope"}')).toBe(1);
    expect(await counted('bastionary_change_feed_current')).toBe(1);
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const sample = /^(#.*|[a-z_]\w*(\{.*\})? ([\d.e+-]+|nan|[+-]inf))?$/i;
    for (const line of String(answer.body).split('\n')) expect(line).toMatch(sample);
  });

  test('names no client, and no address that a stranger chose', async () => {
    const client = await house.client({ client_id: 'named-in-no-metric' });
    await house.manage(`/api/clients/${client.client_id}`);
    await get('/made-up-by-a-stranger');
    const { body } = await get('/metrics');
    expect(body).toContain('route="/api/clients/:client_id"');
    expect(body).not.toMatch(/named-in-no-metric|made-up-by-a-stranger/);
  });
});

describe('GET /openapi.json', () => {
  test('is OpenAPI 3.1 with every route, each with an id, a summary and its errors', async () => {
    const { status, body } = await get('/openapi.json');
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
    const operations = Object.values<Record<string, Record<string, unknown>>>(body.paths).flatMap((item) =>
      Object.values(item),
    );
    expect(operations.length).toBeGreaterThan(20);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, summary, responses } of operations) {
      expect([operationId, summary]).toEqual([expect.any(String), expect.stringMatching(/./)]);
      expect(Object.keys(responses as object)).toEqual(expect.arrayContaining(['default']));
      expect(Object.keys(responses as object).some((code) => code.startsWith('2'))).toBe(true);
    }
  });

  test('documents every route that answers', async () => {
    const { body } = await get('/openapi.json');
    for (const [path, methods] of Object.entries<object>(body.paths)) {
      const method = ['PUT', 'PATCH', 'DELETE', 'POST'].find((one) => !(one.toLowerCase() in methods)) ?? 'all taken';
      const { status } = await json(`${house.api.url}${path.replace('{client_id}', 'nobody')}`, { method });
      expect([path, status]).toEqual([path, 405]);
    }
  });

  test('every reference leads somewhere', async () => {
    const { body } = await get('/openapi.json');
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(10);
    for (const name of references) expect(Object.keys(body.components.schemas)).toContain(name);
  });

  test('/docs shows it to people', async () => {
    const answer = await fetch(`${house.api.url}/docs`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });
});

describe('x-request-id', () => {
  test('every answer has one of its own', async () => {
    const paths = ['/health/live', '/nothing', '/api/clients', '/oauth2/token', '/.well-known/jwks.json'];
    const ids = await Promise.all(paths.map(async (path) => (await get(path)).headers.get('x-request-id')));
    for (const id of ids) expect(id).toMatch(/^req_[\w-]+$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a harmless one given by a proxy is kept, in the answer, the log and the record', async () => {
    const given = 'proxy-0123456789.abc_DEF';
    const answer = await house.manage('/api/clients', {
      body: { scopes: ['read'] },
      headers: { 'x-request-id': given },
    });
    expect(answer.headers.get('x-request-id')).toBe(given);
    expect(
      await house.sql('SELECT request_id FROM audit_log WHERE target = $1', [`client:${answer.body.client_id}`]),
    ).toEqual([{ request_id: given }]);
    const problem = await house.manage('/api/clients/nobody', { headers: { 'x-request-id': given } });
    expect(problem.body.request_id).toBe(given);
  });

  test.each(['short', 'x'.repeat(65), 'a b c d e f', '<script>alert(1)</script>', '../../etc/passwd'])(
    '%j is replaced',
    async (given) => {
      const id = (await get('/health/live', { 'x-request-id': given })).headers.get('x-request-id');
      expect(id).toMatch(/^req_[\w-]+$/);
    },
  );
});

describe('what every answer carries', () => {
  test.each(['/', '/health/live', '/nothing', '/api/clients', '/openapi.json', '/oauth2/token'])('%s', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    for (const name of ['server', 'x-powered-by', 'strict-transport-security']) expect(headers.get(name)).toBeNull();
  });

  test('an address that leads nowhere is 404 as problem details', async () => {
    for (const path of [
      '/nothing',
      '/api',
      '/api/nothing',
      '/..%2f..%2fetc/passwd',
      '/assets/nothing.js',
      '/.env',
      '/.well-known/nothing',
    ]) {
      const answer = await get(path);
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'not_found']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    }
  });
});

describe('the console’s pages', () => {
  const PAGES = [
    '/an-address-the-console-will-explain',
    '/',
    '/start',
    '/sign-in',
    '/clients',
    '/clients/some_client',
    '/token-inspector',
    '/signing-keys',
    '/audit-log',
  ];
  test.each(PAGES)('%s: nothing inline, from nowhere else, in no frame, never from a cache unasked', async (path) => {
    const answer = await fetch(`${house.api.url}${path}`, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const policy = Object.fromEntries(
      (answer.headers.get('content-security-policy') ?? '')
        .split('; ')
        .map((one) => [one.split(' ')[0], one.split(' ').slice(1).join(' ')]),
    );
    expect(policy).toMatchObject({
      'default-src': "'self'",
      'script-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe-(inline|eval)|\*|http:/);
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=/i);
  });

  test('an address of machines is never a page, whoever asks', async () => {
    for (const path of ['/api/nothing', '/oauth2/nothing', '/health', '/.well-known/nothing', '/assets/nothing.js']) {
      const answer = await fetch(`${house.api.url}${path}`, { headers: { accept: 'text/html' } });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test('files with a name of their own may be kept for ever, and there is no way out of the folder', async () => {
    const html = await (await fetch(house.api.url)).text();
    const script = /src="(\/assets\/[^"]+)"/.exec(html)?.[1] ?? '/missing';
    expect((await fetch(`${house.api.url}${script}`)).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
    for (const path of [
      '/assets/../../api/openapi.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/package.json',
      '/../package.json',
    ]) {
      const { status } = await raw(house.api.url, [`GET ${path} HTTP/1.1`]);
      expect([path, [400, 403, 404].includes(status)]).toEqual([path, true]);
    }
  });
});
