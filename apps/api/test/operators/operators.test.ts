import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { Browser, EMAIL, PASSWORD, secretOf } from './browser.js';
import { makeStale, ownerOf, somebody } from './people.js';

let house: House;
let owner: Browser;
beforeAll(async () => {
  house = await House.open({ env: { SIGN_IN_ATTEMPTS: '10000', SIGN_IN_ATTEMPTS_PER_ADDRESS: '10000' } });
  owner = await ownerOf(house);
});
afterAll(() => house.close());

const ownId = async () => (await owner.whoami()).body.operator.id as string;
const rows = () => house.sql('SELECT id, role, status, version FROM operator ORDER BY id');

describe('inviting', () => {
  let link: string;
  let id: string;

  test('the inviter gets the operator and a one-time link, and the record says who', async () => {
    const body = { email: 'Ann@Example.com', name: 'Ann Admin', role: 'admin' };
    const answer = await owner.send('POST', '/api/operators', body);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(answer.body).toEqual({
      operator: {
        id: expect.stringMatching(/^opr_[0-9a-z]{26}$/),
        email: 'ann@example.com',
        name: 'Ann Admin',
        role: 'admin',
        status: 'invited',
        second_factors: { totp: false, passkeys: 0 },
        sessions: 0,
        last_seen_at: null,
        created_at: expect.stringMatching(/Z$/),
      },
      sign_in_link: expect.stringMatching(/\/start#[\w-]{43}$/),
      link_expires_at: expect.stringMatching(/Z$/),
    });
    ({ id } = answer.body.operator);
    link = secretOf(answer.body.sign_in_link);
    expect(await house.audit(`operator:${id}`)).toEqual([
      {
        actor: `operator:${await ownId()}`,
        action: 'operator.invited',
        detail: { email: 'ann@example.com', name: 'Ann Admin', role: 'admin' },
      },
      { actor: `operator:${await ownId()}`, action: 'operator.link_created', detail: {} },
    ]);
    expect(JSON.stringify(await house.sql('SELECT * FROM sign_in_link'))).not.toContain(link);
  });

  test('a retry with the same key gives the same link, and invites nobody twice', async () => {
    const body = { email: 'twice@example.com', name: 'Twice', role: 'auditor' };
    const [first, second] = [1, 2].map(() =>
      owner.send('POST', '/api/operators', body, { 'idempotency-key': 'invite-twice' }),
    );
    expect((await second)?.body).toEqual((await first)?.body);
    expect(await house.sql(`SELECT id FROM operator WHERE email = 'twice@example.com'`)).toHaveLength(1);
    await house.sql(`DELETE FROM operator WHERE email = 'twice@example.com'`);
  });

  test('the link leads to a password, and then the role holds', async () => {
    const ann = new Browser(house.api.url);
    expect((await ann.redeem(link)).body).toMatchObject({ must_set_password: true, permissions: [] });
    expect((await ann.setPassword(PASSWORD, 'ann@example.com')).status).toBe(200);
    expect((await ann.whoami()).body).toMatchObject({ operator: { id, role: 'admin' }, must_set_password: false });
    expect((await ann.send('GET', '/api/operators')).body.data).toMatchObject([
      { role: 'owner', status: 'active', sessions: 1 },
      { id, role: 'admin', status: 'active', sessions: 1 },
    ]);
  });

  test.each([
    ['an e-mail address that is taken', { email: EMAIL }, 409, 'operator_exists'],
    ['the same in another case', { email: EMAIL.toUpperCase() }, 409, 'operator_exists'],
    ['no e-mail address', { email: 'nobody' }, 422, 'invalid_request'],
    ['an unknown role', { role: 'root' }, 422, 'invalid_request'],
    ['N38: a password hash', { password_hash: 'x' }, 422, 'invalid_request'],
    ['N38: a status', { status: 'active' }, 422, 'invalid_request'],
    ['a control character in the name', { name: 'a\u001b[31m' }, 422, 'invalid_request'],
  ])('refused: %s', async (_what, part, status, code) => {
    const before = [await rows(), await house.written()];
    const body = { email: 'new@example.com', name: 'New', role: 'auditor', ...part };
    const answer = await owner.send('POST', '/api/operators', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect([await rows(), await house.written()]).toEqual(before);
  });

  test('the list pages in the order of coming; a foreign cursor is refused', async () => {
    const first = (await owner.send('GET', '/api/operators?limit=1')).body;
    expect([first.data.length, first.next_cursor]).toEqual([1, first.data[0].id]);
    const second = (await owner.send('GET', `/api/operators?limit=1&cursor=${first.next_cursor}`)).body;
    expect([second.data[0].id, second.next_cursor]).toEqual([id, null]);
    const foreign = await owner.send('GET', `/api/operators?cursor=${encodeURIComponent("x' OR 1=1")}`);
    expect([foreign.status, foreign.body.errors]).toEqual([422, [expect.objectContaining({ path: '?cursor' })]]);
  });
});

describe('nobody gives more than they hold', () => {
  let admin: Browser;
  let adminId: string;
  beforeAll(async () => {
    ({ browser: admin, id: adminId } = await somebody(house, owner, 'admin', 'second-admin@example.com'));
  });

  test.each([
    ['make an owner', 'POST', () => '/api/operators', { email: 'o@example.com', name: 'O', role: 'owner' }],
    ['become one', 'PATCH', async () => `/api/operators/${adminId}`, { role: 'owner' }],
    ['demote one', 'PATCH', async () => `/api/operators/${await ownId()}`, { role: 'auditor' }],
    ['suspend one', 'PATCH', async () => `/api/operators/${await ownId()}`, { status: 'suspended' }],
    ['rename one', 'PATCH', async () => `/api/operators/${await ownId()}`, { name: 'Mallory' }],
    ['delete one', 'DELETE', async () => `/api/operators/${await ownId()}`, undefined],
    ['get a link of one', 'POST', async () => `/api/operators/${await ownId()}/sign-in-link`, undefined],
    ['sign one out', 'DELETE', async () => `/api/operators/${await ownId()}/sessions`, undefined],
    ['take factors of one', 'DELETE', async () => `/api/operators/${await ownId()}/second-factors`, undefined],
  ])('an admin may not %s, and a client may not either', async (_what, method, path, body) => {
    const before = [await rows(), await house.written()];
    for (const answer of [
      await admin.send(method, await path(), body),
      await house.manage(await path(), { method, body }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope']);
    }
    expect([await rows(), await house.written()]).toEqual(before);
    expect((await owner.whoami()).status).toBe(200);
  });

  test('a client that may only write operators makes nobody who may more', async () => {
    const small = await house.client({ scopes: ['operators:write', 'operators:read'] });
    const token = await house.accessToken(small, 'operators:write');
    const invite = (role: string) =>
      house.manage('/api/operators', { token, body: { email: `${role}-by-client@example.com`, name: role, role } });
    for (const role of ['owner', 'admin', 'developer', 'auditor', 'finance']) {
      expect([role, (await invite(role)).status]).toEqual([role, 403]);
    }
  });

  test('N41: a developer gets no permission of others through a client', async () => {
    const { browser: developer } = await somebody(house, owner, 'developer');
    const strong = await house.client({ client_id: 'strong', scopes: ['operators:write'] });
    const before = await house.written();
    const tries = [
      await developer.send('POST', '/api/clients', { scopes: ['read', 'operators:write'] }),
      await developer.send('PATCH', `/api/clients/${strong.client_id}`, { name: 'Mine' }),
      await developer.send('POST', `/api/clients/${strong.client_id}/rotate-secret`, {}),
      await developer.send('POST', `/api/clients/${strong.client_id}/credentials`, { kind: 'secret' }),
      await developer.send('POST', '/api/bulk/clients', {
        clients: [{ client_id: 'bulk', scopes: ['operators:write'] }],
      }),
    ];
    expect(tries.map(({ status, body }) => [status, body.code])).toEqual(tries.map(() => [403, 'insufficient_scope']));
    expect(tries[0]?.body.detail).toBe('This needs the permission operators:write.');
    expect(await house.written()).toEqual(before);
    expect((await developer.send('POST', '/api/clients', { scopes: ['read', 'clients:read'] })).status).toBe(201);
  });
});

describe('a change of role or status', () => {
  test('N33: another role ends every session at once, and the record says from what to what', async () => {
    const { browser, id, email } = await somebody(house, owner, 'developer', 'dev-2@example.com');
    const before = await owner.send('GET', `/api/operators/${id}`);
    const etag = before.headers.get('etag') ?? '';
    const answer = await owner.send('PATCH', `/api/operators/${id}`, { role: 'auditor' }, { 'if-match': etag });
    expect([answer.status, answer.body]).toEqual([
      200,
      { ...before.body, role: 'auditor', sessions: 0, last_seen_at: null },
    ]);
    expect(answer.headers.get('etag')).not.toBe(etag);
    expect((await browser.whoami()).status).toBe(401);
    expect((await house.audit(`operator:${id}`)).at(-1)).toEqual({
      actor: `operator:${await ownId()}`,
      action: 'operator.updated',
      detail: { before: { role: 'developer' }, after: { role: 'auditor' }, sessions_ended: 1 },
    });
    const again = await owner.send('PATCH', `/api/operators/${id}`, { role: 'admin' }, { 'if-match': etag });
    expect([again.status, again.body.code]).toEqual([412, 'version_mismatch']);
    await browser.signIn(email);
    expect((await browser.send('POST', '/api/clients', { scopes: ['read'] })).status).toBe(403);
  });

  test('a suspension ends sessions and links; passwords work again only after it', async () => {
    const { browser, id, email } = await somebody(house, owner, 'finance');
    const link = secretOf((await owner.send('POST', `/api/operators/${id}/sign-in-link`)).body.sign_in_link);
    const suspended = await owner.send('PATCH', `/api/operators/${id}`, { status: 'suspended' });
    expect([suspended.status, suspended.body.status, suspended.body.sessions]).toEqual([200, 'suspended', 0]);
    const [session, again, linked] = [await browser.whoami(), await browser.signIn(email), await browser.redeem(link)];
    expect([session.status, again.status, linked.status]).toEqual([401, 401, 401]);
    expect(again.body.detail).toBe('The e-mail address or the password is wrong.');
    const refused = await owner.send('POST', `/api/operators/${id}/sign-in-link`);
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_request']);
    await owner.send('PATCH', `/api/operators/${id}`, { status: 'active' });
    expect((await browser.whoami()).status).toBe(401);
    expect((await browser.signIn(email)).status).toBe(200);
  });

  test('what changes nothing leaves no record and ends no session', async () => {
    const { browser, id } = await somebody(house, owner, 'auditor');
    const before = await house.written();
    expect((await owner.send('PATCH', `/api/operators/${id}`, { role: 'auditor', name: 'Olivia Owner' })).status).toBe(
      200,
    );
    expect(await house.written()).toEqual(before);
    expect((await browser.whoami()).status).toBe(200);
  });

  test('deleting signs out at once; the record stays, the address is free again', async () => {
    const { browser, id, email } = await somebody(house, owner, 'developer', 'gone@example.com');
    expect((await owner.send('DELETE', `/api/operators/${id}`)).status).toBe(204);
    expect([(await browser.whoami()).status, (await browser.signIn(email)).status]).toEqual([401, 401]);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined;
      const answer = await owner.send(method, `/api/operators/${id}`, body);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    expect((await house.audit(`operator:${id}`)).at(-1)).toMatchObject({
      action: 'operator.deleted',
      detail: { email },
    });
    expect((await somebody(house, owner, 'developer', email)).id).not.toBe(id);
  });
});

describe('there is always an owner', () => {
  test('the last one can be neither demoted, suspended nor deleted, not even beside one who never came', async () => {
    await owner.send('POST', '/api/operators', { email: 'never@example.com', name: 'Never', role: 'owner' });
    const path = `/api/operators/${await ownId()}`;
    const before = [await rows(), await house.written()];
    for (const answer of [
      await owner.send('PATCH', path, { role: 'admin' }),
      await owner.send('PATCH', path, { status: 'suspended' }),
      await owner.send('DELETE', path),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'last_owner']);
    }
    expect([await rows(), await house.written()]).toEqual(before);
    await house.sql(`DELETE FROM operator WHERE email = 'never@example.com'`);
  });

  test('owners who remove each other at the same moment: one stays', async () => {
    for (let round = 0; round < 5; round++) {
      const other = await somebody(house, owner, 'owner', `owner-${round}@example.com`);
      const mine = await ownId();
      const answers = await Promise.all([
        owner.send('DELETE', `/api/operators/${other.id}`),
        other.browser.send('DELETE', `/api/operators/${mine}`),
      ]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      const left = await house.sql(`SELECT id FROM operator WHERE role = 'owner' AND status = 'active'`);
      expect(left).toHaveLength(1);
      if (left[0].id !== mine) owner = other.browser;
    }
  });
});

describe('sessions', () => {
  test('own ones are listed, and end one by one or all others at once', async () => {
    const { browser: here, email, id } = await somebody(house, owner, 'admin', 'many@example.com');
    const [there, elsewhere] = [new Browser(house.api.url), new Browser(house.api.url)];
    await there.send('POST', '/api/session', { email, password: PASSWORD }, { 'user-agent': 'There/1.0' });
    await elsewhere.signIn(email);
    const { data } = (await here.send('GET', '/api/session/sessions')).body;
    expect(data).toHaveLength(3);
    expect(data.find((one: { user_agent: string }) => one.user_agent === 'There/1.0')).toEqual({
      id: expect.stringMatching(/^ses_[0-9a-z]{26}$/),
      current: false,
      address: '127.0.0.1',
      user_agent: 'There/1.0',
      created_at: expect.stringMatching(/Z$/),
      last_seen_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
    });
    expect(data.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    const theirs = data.find((one: { user_agent: string }) => one.user_agent === 'There/1.0').id;

    // N39: the session of somebody else is none of yours
    expect((await owner.send('DELETE', `/api/session/sessions/${theirs}`)).status).toBe(404);
    expect((await here.send('DELETE', `/api/session/sessions/${theirs}`)).status).toBe(204);
    expect([(await there.whoami()).status, (await elsewhere.whoami()).status]).toEqual([401, 200]);
    expect((await here.send('DELETE', '/api/session/sessions')).status).toBe(204);
    expect([(await here.whoami()).status, (await elsewhere.whoami()).status]).toEqual([200, 401]);

    expect((await owner.send('GET', `/api/operators/${id}/sessions`)).body.data).toMatchObject([{ current: false }]);
    expect((await owner.send('DELETE', `/api/operators/${id}/sessions`)).status).toBe(204);
    expect((await here.whoami()).status).toBe(401);
    const actions = (await house.audit(`operator:${id}`)).map(({ action }) => action);
    expect(actions.slice(-3)).toEqual(['operator.session_ended', 'operator.sessions_ended', 'operator.sessions_ended']);
  });
});

describe('step-up', () => {
  const DANGEROUS = [
    ['POST', '/api/signing-keys/rotate', { emergency: true, reason: 'test' }],
    ['POST', '/api/revocations', { by: 'installation' }],
    ['POST', '/api/operators', { email: 'late@example.com', name: 'Late', role: 'auditor' }],
    ['PATCH', '/api/operators/{admin}', { role: 'auditor' }],
    ['PATCH', '/api/operators/{admin}', { status: 'suspended' }],
    ['DELETE', '/api/operators/{admin}', undefined],
    ['POST', '/api/operators/{admin}/sign-in-link', undefined],
    ['DELETE', '/api/operators/{admin}/second-factors', undefined],
    ['POST', '/api/session/totp', undefined],
    ['POST', '/api/session/passkey-registration', undefined],
    ['DELETE', '/api/session/totp', undefined],
    ['POST', '/api/session/recovery-codes', undefined],
  ] as const;
  let adminId: string;
  beforeAll(async () => {
    adminId = (await somebody(house, owner, 'admin', 'target@example.com')).id;
  });

  test.each(DANGEROUS)('%s %s needs a fresh proof', async (method, path, body) => {
    await makeStale(house);
    const before = [await rows(), await house.written()];
    const answer = await owner.send(method, path.replace('{admin}', adminId), body);
    expect([answer.status, answer.body.code]).toEqual([403, 'step_up_required']);
    expect([await rows(), await house.written()]).toEqual(before);
  });

  test.each([
    ['POST', '/api/signing-keys/rotate', {}],
    ['POST', '/api/revocations?dry_run=true', { by: 'client', id: 'matrix' }],
    ['PATCH', '/api/operators/{admin}', { name: 'Renamed' }],
    ['GET', '/api/operators', undefined],
  ])('%s %s does not', async (method, path, body) => {
    await makeStale(house);
    const answer = await owner.send(method, path.replace('{admin}', adminId), body);
    expect(answer.body?.code).not.toBe('step_up_required');
  });

  test('a client with a token is not asked', async () => {
    await makeStale(house);
    const answer = await house.manage(`/api/operators/${adminId}`, { method: 'PATCH', body: { role: 'developer' } });
    expect([answer.status, answer.body.role]).toEqual([200, 'developer']);
  });

  test('the password is a proof: the session goes on under a new cookie, and the act goes through', async () => {
    await makeStale(house);
    const { email } = (await owner.whoami()).body.operator;
    const old = new Browser(house.api.url);
    old.cookie = owner.cookie;
    const wrong = await owner.send('POST', '/api/session/step-up', { password: 'not the right one' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_sign_in']);
    const answer = await owner.send('POST', '/api/session/step-up', { password: PASSWORD });
    expect([answer.status, answer.body.operator.email]).toEqual([200, email]);
    expect(Date.parse(answer.body.fresh_until)).toBeGreaterThan(Date.now() + 500_000);
    expect([(await old.whoami()).status, (await owner.whoami()).status]).toEqual([401, 200]);
    expect((await owner.send('DELETE', `/api/operators/${adminId}`)).status).toBe(204);
    const stepped = (await house.audit(`operator:${await ownId()}`)).filter(
      ({ action }) => action === 'operator.stepped_up',
    );
    expect(stepped.map(({ detail }) => detail)).toEqual([{ method: 'password' }]);
  });

  test.each([[{}], [{ password: PASSWORD, code: '123456' }], [{ recovery_code: 'x' }], [{ code: '12345' }]])(
    'not a proof: %j',
    async (body) => {
      expect((await owner.send('POST', '/api/session/step-up', body)).status).toBe(422);
    },
  );
});
