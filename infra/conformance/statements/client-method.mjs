// @ts-check

import { askToken, basic } from '../ask.mjs';
import { assertion, assertionFields } from '../assertion.mjs';
import { invalidClient, invalidRequest, issued, refused, turnedAway } from '../expectations.mjs';
import { clientOf } from '../subjects/subject.mjs';

const NO_CREDENTIAL = { client_id: undefined, client_secret: undefined };
const GUESSES = 60;

/** Which of its ways a client may use, and how often it may be wrong. @type {import('../trial.mjs').Statement[]} */
export const clientMethod = [
  {
    id: 18,
    clause: 'RFC 6749 §5.2',
    demand: 'no client authentication at all is 401 invalid_client',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'secret');
      await trial.each([
        ['nothing', () => askToken(subject, null), invalidClient],
        ['only a client_id', () => askToken(subject, null, { form: { client_id: id } }), invalidClient],
      ]);
    },
  },
  {
    id: 19,
    clause: 'RFC 6749 §2.3',
    demand: 'two methods in one request are invalid_request, right as each may be',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const keys = await clientOf(subject, 'keys');
      const asserted = async () => assertionFields(await assertion(subject, keys));
      const { id, secret } = client;
      await trial.each([
        [
          'Basic and body',
          () => askToken(subject, client, { form: { client_id: id, client_secret: secret } }),
          invalidRequest,
        ],
        ['Basic and assertion', async () => askToken(subject, client, { form: await asserted() }), invalidRequest],
        [
          'secret and assertion',
          async () =>
            askToken(subject, null, { form: { client_id: keys.id, client_secret: 'x', ...(await asserted()) } }),
          invalidRequest,
        ],
      ]);
    },
  },
  {
    id: 20,
    clause: 'RFC 6749 §2.3.1',
    demand: 'a client_id in the body that differs from the one in Basic is refused',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const { id } = await clientOf(subject, 'stranger');
      trial.answer('differs', await askToken(subject, client, { form: { client_id: id } }), turnedAway);
      trial.answer('same', await askToken(subject, client, { form: { client_id: client.id } }), issued);
    },
  },
  {
    id: 21,
    clause: 'RFC 7591 §2, RFC 6749 §2.3',
    demand: 'only the registered method authenticates',
    async run(subject, trial) {
      const post = await clientOf(subject, 'postOnly');
      const header = await clientOf(subject, 'basicOnly');
      const keys = await clientOf(subject, 'keys');
      const secret = await clientOf(subject, 'secret');
      const asserted = async () => assertionFields(await assertion(subject, secret));
      /** @type {(client: import('../subjects/subject.mjs').Client) => import('../send.mjs').Fields} */
      const inBody = (client) => ({
        client_id: client.id,
        client_secret: client.secret || 'any-secret-of-some-length',
      });
      const inHeader = { authorization: basic(post.id, post.secret) };
      await trial.each([
        ['post', () => askToken(subject, post), issued],
        ['basic', () => askToken(subject, header), issued],
        [
          'post client with Basic',
          () => askToken(subject, post, { headers: inHeader, form: NO_CREDENTIAL }),
          invalidClient,
        ],
        ['basic client in the body', () => askToken(subject, null, { form: inBody(header) }), invalidClient],
        ['private_key_jwt client with a secret', () => askToken(subject, null, { form: inBody(keys) }), invalidClient],
        [
          'secret client with an assertion',
          async () => askToken(subject, null, { form: await asserted() }),
          invalidClient,
        ],
      ]);
    },
  },
  {
    id: 22,
    clause: 'RFC 6749 §4.4',
    demand: 'client_credentials is for confidential clients only',
    async run(subject, trial) {
      const open = await subject
        .register({ token_endpoint_auth_method: 'none' })
        .catch(() => ({ id: 'refused-at-registration' }));
      const answer = await askToken(subject, null, { form: { client_id: open.id } });
      trial.answer('public client', answer, refused([400, 'unauthorized_client'], [401, 'invalid_client']));
    },
  },
  {
    id: 23,
    clause: 'RFC 6749 §2.3',
    demand: 'another Authorization scheme is refused and does not fall back to the body',
    async run(subject, trial) {
      const { id, secret } = await clientOf(subject, 'postOnly');
      const body = { client_id: id, client_secret: secret };
      const bearer = { authorization: 'Bearer abc' };
      await trial.each([
        ['Bearer', () => askToken(subject, null, { headers: bearer }), turnedAway],
        ['Bearer beside the right secret', () => askToken(subject, null, { headers: bearer, form: body }), turnedAway],
        [
          'Digest',
          () => askToken(subject, null, { headers: { authorization: 'Digest username="a"' }, form: body }),
          turnedAway,
        ],
      ]);
    },
  },
  {
    id: 24,
    clause: 'RFC 6749 §2.3.1',
    demand: 'guessing is stopped with 429 and Retry-After, and does not lock out the owner elsewhere',
    async run(subject, trial) {
      const victim = await subject.register();
      const authorization = basic(victim.id, 'wrong-secret-of-some-length');
      // Elsewhere than on Linux the loopback network has one address.
      const from = process.platform === 'linux' ? '127.0.0.2' : undefined;
      const guesses = Array.from({ length: GUESSES }, () =>
        askToken(subject, null, { headers: { authorization }, from }),
      );
      const stopped = (await Promise.all(guesses)).find(({ status }) => status === 429);
      trial.check(`${GUESSES} guesses`, stopped !== undefined, `${GUESSES} guesses are answered 401`);
      if (stopped) trial.check('Retry-After', Number(stopped.headers['retry-after']) > 0, stopped.headers);
      if (from) trial.answer('the owner from elsewhere', await askToken(subject, victim), issued);
    },
  },
];
