import { managementToken } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const create = (key: string, body: unknown = { scopes: ['read'] }, token = house.token) =>
  house.manage('/api/clients', { body, token, headers: { 'idempotency-key': key } });

describe('Idempotency-Key', () => {
  test('the same request gets the same answer again, secret included, and one client is made', async () => {
    const first = await create('one');
    const before = await house.written();
    const again = await create('one');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.body.client_secret).toMatch(/^bst_secret_/);
    expect(await house.written()).toEqual(before);
    expect(await house.accessToken(again.body)).toMatch(/^eyJ/);
  });

  test('another request under the same key is 422 and changes nothing', async () => {
    await create('two', { scopes: ['read'] });
    const before = await house.written();
    for (const body of [{ scopes: ['write'] }, { scopes: ['read'], name: 'x' }]) {
      const answer = await create('two', body);
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_key_reused']);
      expect(JSON.stringify(answer.body)).not.toContain('bst_secret_');
    }
    expect(await house.written()).toEqual(before);
  });

  test('the same key at another address is another request', async () => {
    const { body } = await create('three');
    const rotate = await house.manage(`/api/clients/${body.client_id}/rotate-secret`, {
      method: 'POST',
      headers: { 'idempotency-key': 'three' },
    });
    expect([rotate.status, rotate.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await house.accessToken(body)).toMatch(/^eyJ/);
  });

  test('twenty at once make one client, and all get its secret', async () => {
    const before = await house.sql('SELECT client_id FROM client');
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('race')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.client_secret)).size).toBe(1);
    expect(await house.sql('SELECT client_id FROM client')).toHaveLength(before.length + 1);
    expect(await house.audit(`client:${answers[0]?.body.client_id}`)).toHaveLength(1);
  });

  test('a refusal is not kept: the corrected request may use the key', async () => {
    expect((await create('four', { scopes: ['nonsense'] })).status).toBe(422);
    expect((await create('four', { scopes: ['read'] })).status).toBe(201);
  });

  test('keys of different callers are different keys', async () => {
    const other = await house.client({ scopes: ['clients:write'] });
    const [mine, theirs] = [await create('five'), await create('five', undefined, await house.accessToken(other))];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(mine.body.client_id).not.toBe(theirs.body.client_id);
    // A new token of the same caller is the same caller.
    expect((await create('five', undefined, await managementToken(house.api))).body).toEqual(mine.body);
  });

  test('rotating takes one too: a retry does not rotate twice', async () => {
    const { client_id } = await house.client();
    const rotate = () =>
      house.manage(`/api/clients/${client_id}/rotate-secret`, {
        method: 'POST',
        headers: { 'idempotency-key': 'six' },
      });
    const [first, again] = [await rotate(), await rotate()];
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await house.accessToken(again.body)).toMatch(/^eyJ/);
    expect((await house.audit(`client:${client_id}`)).map(({ action }) => action)).toEqual([
      'client.created',
      'client.secret_rotated',
    ]);
  });

  test.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['with a space', 'a b'],
  ])('%s: 400 invalid_idempotency_key', async (_what, key) => {
    const before = await house.written();
    const answer = await create(key);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_idempotency_key']);
    expect(await house.written()).toEqual(before);
  });

  test('the kept answer is sealed', async () => {
    const { body } = await create('sealed');
    const [row] = await house.sql(`SELECT sealed FROM idempotent_answer WHERE key = 'sealed'`);
    expect(row.sealed).toMatch(/^v1\.k1\./);
    expect(JSON.stringify(await house.sql('SELECT * FROM idempotent_answer'))).not.toContain(body.client_secret);
  });
});
