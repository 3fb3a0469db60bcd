// @ts-check
import { introspect, obtain, refresh, revoke } from '../ask.mjs';
import { active, inactive, invalidGrant, invalidRequest, refused, status } from '../expectations.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../send.mjs').Answer} Answer */

const challenged = {
  expects: '401 invalid_client with a challenge',
  holds: (/** @type {Answer} */ { status: code, headers, json }) =>
    code === 401 && json.error === 'invalid_client' && 'www-authenticate' in headers,
};
const empty = {
  expects: '200 without a body',
  holds: (/** @type {Answer} */ { status: code, text }) => code === 200 && text === '',
};

/** RFC 7009. @type {import('../trial.mjs').Statement[]} */
export const revocation = [
  {
    id: 55,
    clause: 'RFC 7009 §2.1, §2.2',
    demand: 'client authenticated, token required; unknown is 200; a wrong hint does not matter',
    async run(subject, trial) {
      const client = await clientOf(subject, 'opaque');
      await trial.each([
        ['no client', () => revoke(subject, null, 'x'), challenged],
        ['no token', () => revoke(subject, client, ''), invalidRequest],
        ['unknown token', () => revoke(subject, client, 'x'.repeat(43)), empty],
        ['garbage', () => revoke(subject, client, 'ü " \\ %'), empty],
        ['unknown hint', () => revoke(subject, client, 'x', { form: { token_type_hint: 'saml' } }), empty],
      ]);
      for (const format of subject.formats) {
        const owner = await clientOf(subject, format);
        const { access_token } = await obtain(subject, owner);
        const form = { token_type_hint: 'refresh_token' };
        trial.answer(`${format}, wrong hint`, await revoke(subject, owner, access_token, { form }), empty);
        trial.answer(`${format}, then`, await introspect(subject, owner, access_token), inactive);
      }
    },
  },
  {
    id: 56,
    clause: 'RFC 7009 §2.1',
    demand: 'another client’s token stays alive',
    async run(subject, trial) {
      const stranger = await clientOf(subject, 'stranger');
      for (const format of subject.formats) {
        const owner = await clientOf(subject, format);
        const { access_token } = await obtain(subject, owner);
        const answer = await revoke(subject, stranger, access_token);
        const form = refused([400, 'invalid_grant'], [400, 'unauthorized_client'], [400, 'invalid_request']);
        trial.check(
          `${format}: answer`,
          answer.status === 200 || form.holds(answer),
          `${answer.status} ${answer.text}`,
        );
        trial.answer(`${format}: the token`, await introspect(subject, owner, access_token), active);
      }
    },
  },
  {
    id: 57,
    clause: 'RFC 7009 §2.2.1',
    demand: 'without storage a revocation is 503 with Retry-After, never 200',
    turn: 'last',
    async run(subject, trial) {
      const cutStorage = trial.needed(subject.cutStorage, 'its storage is the memory of this run');
      const client = await clientOf(subject, 'jwt');
      const { access_token } = await obtain(subject, client);
      await cutStorage();
      const answer = await revoke(subject, client, access_token);
      trial.answer('without a database', answer, status(503));
      trial.check('Retry-After', Number(answer.headers['retry-after']) > 0, answer.headers['retry-after']);
    },
  },
  {
    id: 58,
    clause: 'RFC 7009 §2.1',
    demand: 'revoking a refresh token kills its access tokens; once more is 200',
    async run(subject, trial) {
      const client = await clientOf(subject, 'refresh');
      const { refresh_token } = await subject.grantWithRefresh(client);
      const { json } = await refresh(subject, client, refresh_token);
      trial.answer('before', await introspect(subject, client, json.access_token), active);
      trial.answer('revoked', await revoke(subject, client, json.refresh_token), empty);
      trial.answer('refresh token', await refresh(subject, client, json.refresh_token), invalidGrant);
      trial.answer('access token', await introspect(subject, client, json.access_token), inactive);
      trial.answer('once more', await revoke(subject, client, json.refresh_token), empty);
    },
  },
];
