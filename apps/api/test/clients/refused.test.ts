import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
let before: unknown;
beforeAll(async () => {
  house = await House.open();
  await house.client({ client_id: 'taken' });
  await house.client({ client_id: 'gone' });
  await house.manage('/api/clients/gone', { method: 'DELETE' });
});
afterAll(() => house.close());
beforeEach(async () => {
  before = await house.written();
});
// Whatever is refused below has changed nothing: no client, no credential, no record, no kept answer.
afterEach(async () => {
  expect(await house.written()).toEqual(before);
});

const send = (body: string, type = 'application/json') =>
  house.manage('/api/clients', {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'idempotency-key': randomUUID() },
  });
const create = (body: unknown) => send(JSON.stringify(body));

/** RFC 9457 §3: the whole answer. */
function expectProblem(answer: Awaited<ReturnType<typeof send>>, status: number, code: string, paths?: string[]): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body).toEqual({
    type: `urn:bastionary:problem:${code}`,
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
    request_id: answer.headers.get('x-request-id'),
    ...(paths && { errors: expect.any(Array) }),
  });
  for (const fault of answer.body.errors ?? []) {
    expect(fault).toEqual({ path: expect.any(String), code: expect.any(String), message: expect.any(String) });
  }
  if (paths) expect([...new Set(answer.body.errors.map(({ path }: { path: string }) => path))]).toEqual(paths);
}

describe('a field at fault is 422 and is named', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['no scopes', {}, '/scopes'],
    ['empty scopes', { scopes: [] }, '/scopes'],
    ['scopes as a text', { scopes: 'read write' }, '/scopes'],
    ['scopes as an object', { scopes: { 0: 'read', length: 1 } }, '/scopes'],
    ['a scope that is no text', { scopes: ['read', 1] }, '/scopes/1'],
    ['a scope with a space', { scopes: ['read write'] }, '/scopes/0'],
    ['a scope with a quote', { scopes: ['re"ad'] }, '/scopes/0'],
    ['an id with a colon', { client_id: 'a:b' }, '/client_id'],
    ['an id with a slash', { client_id: '../admin' }, '/client_id'],
    ['an id with a percent sign', { client_id: 'a%2fb' }, '/client_id'],
    ['an empty id', { client_id: '' }, '/client_id'],
    ['an id that is too long', { client_id: 'a'.repeat(129) }, '/client_id'],
    ['an id that is a number', { client_id: 7 }, '/client_id'],
    ['an id that is null', { client_id: null }, '/client_id'],
    ['N43: an id that is an operator', { client_id: { not: '' } }, '/client_id'],
    ['an id of our own form', { client_id: 'cli_01m831bnr3edya0zqqy0xsdy7v' }, '/client_id'],
    ['an id of an operator’s form', { client_id: 'opr_01m831bnr3edya0zqqy0xsdy7v' }, '/client_id'],
    ['a short secret', { client_secret: '1234567' }, '/client_secret'],
    ['a long secret', { client_secret: 's'.repeat(257) }, '/client_secret'],
    ['a secret with a newline', { client_secret: 'secret\nsecret' }, '/client_secret'],
    ['a secret beyond ASCII', { client_secret: 'sécrét sécrét' }, '/client_secret'],
    ['an empty secret', { client_secret: '' }, '/client_secret'],
    ['a secret that is null', { client_secret: null }, '/client_secret'],
    ['an empty name', { name: ' ' }, '/name'],
    ['a long name', { name: 'n'.repeat(201) }, '/name'],
    ['NUL in a name', { name: 'a\0b' }, '/name'],
    ['an escape in a name', { name: '\u001b[31m' }, '/name'],
    ['CR LF in a name', { name: 'a\r\nb' }, '/name'],
    ['an expiry that is no time', { expiry: 'tomorrow' }, '/expiry'],
    ['an expiry without an offset', { expiry: '2099-01-01T00:00:00' }, '/expiry'],
    ['an expiry that is a date', { expiry: '2099-01-01' }, '/expiry'],
    ['an expiry on a day there is not', { expiry: '2099-02-30T00:00:00Z' }, '/expiry'],
    ['an expiry in seconds', { expiry: 1_893_456_000 }, '/expiry'],
    ['an expiry before all years', { expiry: '0000-01-01T00:00:00Z' }, '/expiry'],
    ['an expiry past all four-digit years', { expiry: '9999-12-31T23:59:59-23:59' }, '/expiry'],
    ['an empty expiry', { expiry: '' }, '/expiry'],
  ])('%s', async (_what, part, path) => {
    const body = { ...('scopes' in part || path === '/scopes' ? {} : { scopes: ['read'] }), ...part };
    expectProblem(await create(body), 422, 'invalid_request', [path]);
  });

  test('all of them are told at once', async () => {
    const body = { client_id: 'a b', name: '', expiry: 'x', scopes: ['read', ''], more: 1 };
    const { body: problem } = await create(body);
    const paths = problem.errors.map(({ path }: { path: string }) => path);
    expect(new Set(paths)).toEqual(new Set(['/client_id', '/name', '/expiry', '/scopes/1', '/more']));
  });

  test('N38: a field nobody knows, though the database has it, is refused by name', async () => {
    for (const field of ['status', 'created_at', 'version', 'tokens_issued', 'clientId', 'a/b~c']) {
      const escaped = field.replaceAll('~', '~0').replaceAll('/', '~1');
      const answer = await create({ scopes: ['read'], [field]: 'x' });
      expectProblem(answer, 422, 'invalid_request', [`/${escaped}`]);
      expect(answer.body.errors[0].code).toBe('unknown_field');
    }
  });

  test('a scope that no resource owns', async () => {
    const answer = await create({ scopes: ['read', 'nonsense', 'write', 'READ'] });
    expectProblem(answer, 422, 'unknown_scope', ['/scopes/1', '/scopes/3']);
  });

  test('N11: a lone surrogate, as only raw JSON can hold it', async () => {
    expectProblem(await send('{"scopes":["read"],"name":"a\\ud800b"}'), 422, 'invalid_request', ['/name']);
    expectProblem(await send('{"scopes":["read"],"client_id":"a\\udfff"}'), 422, 'invalid_request', ['/client_id']);
    expectProblem(await send('{"scopes":["\\ud800"]}'), 422, 'invalid_request', ['/scopes/0']);
  });

  test.each(['[]', 'null', '"text"', '7', 'true'])('a body that is %s is no object', async (body) => {
    const answer = await send(body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  });
});

describe('an id that is taken is 409', () => {
  test.each(['taken', 'gone'])('%s', async (client_id) => {
    expectProblem(await create({ client_id, scopes: ['read'] }), 409, 'duplicate_client_id', ['/client_id']);
  });

  test('the id of the admin client', async () => {
    const answer = await create({ client_id: house.api.admin.client_id, scopes: ['read'] });
    expect(answer.status).toBe(422);
  });
});

describe('a body that is no JSON is 400', () => {
  test.each([
    ['cut short', '{"scopes":["read"]'],
    ['single quotes', "{'scopes':['read']}"],
    ['a comma too many', '{"scopes":["read",]}'],
    ['a comment', '{"scopes":["read"]/**/}'],
    ['two values', '{"scopes":["read"]}{}'],
    ['a raw control character', '{"scopes":["read"],"name":"a\u0001b"}'],
    ['NaN', '{"scopes":["read"],"expiry":NaN}'],
    ['nothing', ''],
    ['N44: __proto__', '{"scopes":["read"],"__proto__":{"admin":true}}'],
    ['N44: a hidden __proto__', '{"scopes":["read"],"\\u005f_proto__":{"admin":true}}'],
    ['N44: constructor.prototype', '{"scopes":["read"],"constructor":{"prototype":{"admin":true}}}'],
    ['a form', 'scopes=read'],
  ])('%s', async (_what, body) => {
    expectProblem(await send(body), 400, 'malformed_json');
  });

  test.each(['{"scopes":["read"],"scopes":["clients:write"]}', '{"scopes":["read"],"sc\\u006fpes":["read"]}'])(
    'RFC 8259 §4: a name that repeats: %s',
    async (body) => {
      expectProblem(await send(body), 400, 'malformed_json');
    },
  );
});

describe('a body of another type is 415', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/problem+json',
    'application/json\tx',
    'text/html',
    '',
  ])('%j', async (type) => {
    expectProblem(await send('{"scopes":["read"]}', type), 415, 'unsupported_media_type');
  });

  test('a charset is tolerated', async () => {
    const answer = await send('{"scopes":[]}', 'application/json; charset=utf-8');
    expect(answer.status).toBe(422);
  });
});

describe('a body that is too large is 413', () => {
  test('1 MB', async () => {
    expectProblem(await create({ scopes: ['read'], name: 'x'.repeat(1_048_576) }), 413, 'body_too_large');
  });

  test('N46: what is deep or wide is refused in order', async () => {
    const deep = `{"scopes":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect((await send(deep)).status).toBe(422);
    const wide = `{"scopes":["read"],${Array.from({ length: 10_000 }, (_, index) => `"f${index}":1`).join()}}`;
    expect((await send(wide)).status).toBe(422);
  });
});
