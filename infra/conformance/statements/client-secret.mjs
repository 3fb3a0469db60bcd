// @ts-check

import { askToken, basic, rawBasic } from '../ask.mjs';
import { invalidClient, issued, notIssued, turnedAway } from '../expectations.mjs';
import { clientOf } from '../subjects/subject.mjs';
import { shortly } from '../trial.mjs';
import { refusals } from './refusals.mjs';

const challenged = (/** @type {import('../send.mjs').Answer} */ { status, headers }) =>
  status === 401 && /^Basic realm=/.test(headers['www-authenticate'] ?? '');
const challenge = { expects: '401 with WWW-Authenticate: Basic realm=…', holds: challenged };

/** How a secret is presented and refused. @type {import('../trial.mjs').Statement[]} */
export const clientSecret = [
  {
    id: 11,
    clause: 'RFC 6749 §2.3.1, appendix B',
    demand: 'Basic: split at the first colon, then form-decode id and secret',
    async run(subject, trial) {
      const odd = await subject.register({ client_secret: 'per%cent+plus:colon &equals=~ "quote" 1aZ' });
      const { id, secret } = await clientOf(subject, 'secret');
      const escaped = `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
      const raw = (/** @type {string} */ pair) => () =>
        askToken(subject, null, { headers: { authorization: rawBasic(pair) } });
      await trial.each([
        ['odd secret in Basic', () => askToken(subject, odd), issued],
        [
          'odd secret in the body',
          () => askToken(subject, null, { form: { client_id: odd.id, client_secret: odd.secret } }),
          issued,
        ],
        ['escaped id', raw(`${escaped}:${secret}`), issued],
        ['odd secret not encoded', raw(`${odd.id}:${odd.secret}`), notIssued],
        ['second colon belongs to the secret', raw(`${id}:${secret}:x`), notIssued],
      ]);
    },
  },
  {
    id: 12,
    clause: 'RFC 6749 §2.3.1, appendix B',
    demand: 'a + that is not encoded is a space, never a +; generated secrets need no encoding',
    async run(subject, trial) {
      const plus = await subject.register({ client_secret: 'one+two+three+four+five+six+seven+eight' });
      const generated = await clientOf(subject, 'secret');
      const unencoded = { authorization: rawBasic(`${plus.id}:${plus.secret}`) };
      const body = `grant_type=client_credentials&client_id=${plus.id}&client_secret=${plus.secret}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      await trial.each([
        ['+ in Basic', () => askToken(subject, null, { headers: unencoded }), invalidClient],
        ['+ in the body', () => askToken(subject, null, { body, headers }), invalidClient],
        ['encoded', () => askToken(subject, plus), issued],
      ]);
      trial.check('generated secret', /^[A-Za-z0-9._~-]{43,}$/.test(generated.secret), generated.secret.length);
    },
  },
  {
    id: 13,
    clause: 'RFC 9110 §11.1',
    demand: 'the scheme is matched in any case',
    async run(subject, trial) {
      const { id, secret } = await clientOf(subject, 'secret');
      const authorization = basic(id, secret);
      await trial.each(
        ['basic', 'BASIC', 'bAsIc'].map((scheme) => [
          scheme,
          () => askToken(subject, null, { headers: { authorization: authorization.replace('Basic', scheme) } }),
          issued,
        ]),
      );
    },
  },
  {
    id: 14,
    clause: 'RFC 6749 §5.2, RFC 7617 §2',
    demand: 'malformed Basic: always the same of 401 invalid_client or 400 invalid_request, never 500',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'secret');
      const malformed = {
        'bad base64': 'Basic %%%%',
        'nothing after the scheme': 'Basic',
        'no colon': rawBasic('nocolon'),
        'control characters': rawBasic(`${id}:a%00b%07`),
        'raw control characters': rawBasic(`${id}:a\0b\x07`),
        'broken escape': rawBasic(`${id}:a%zz`),
        'bytes that are no UTF-8': rawBasic(Buffer.from([0xff, 0xfe, 0x3a, 0xff])),
        'no id, no secret': rawBasic(':'),
      };
      const answers = await Promise.all(
        Object.values(malformed).map((authorization) => askToken(subject, null, { headers: { authorization } })),
      );
      for (const [index, label] of Object.keys(malformed).entries()) trial.answer(label, answers[index], turnedAway);
      const kinds = new Set(answers.map(shortly));
      trial.check('one answer for all', kinds.size === 1, [...kinds].join(' and '));
    },
  },
  {
    id: 15,
    clause: 'RFC 6749 §5.2, §10.10',
    demand: 'unknown, wrong, suspended, expired, deleted: the same status, body and headers',
    async run(subject, trial) {
      const { answers } = await refusals(subject);
      const [[, first], ...rest] = answers;
      const plain = (/** @type {import('../send.mjs').Answer} */ { status, headers, text }) => {
        const { date, 'x-request-id': _requestId, ...others } = headers;
        return JSON.stringify({ status, headers: others, text });
      };
      trial.answer(answers[0][0], first, invalidClient);
      for (const [label, answer] of rest)
        trial.check(label, plain(answer) === plain(first), `${plain(answer)} ≠ ${plain(first)}`);
    },
  },
  {
    id: 16,
    clause: 'RFC 6749 §5.2',
    demand: 'a failure through the Authorization header is 401 with a challenge of its scheme',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'secret');
      const as = (/** @type {string} */ name) => () =>
        askToken(subject, null, { headers: { authorization: basic(name, 'wrong-secret-of-some-length') } });
      await trial.each([
        ['wrong secret', as(id), challenge],
        ['unknown client', as('nobody'), challenge],
      ]);
    },
  },
  {
    id: 17,
    clause: 'RFC 9110 §15.5.2',
    demand: 'a failure through the body is challenged as well if it is 401',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'postOnly');
      const form = { client_id: id, client_secret: 'wrong-secret-of-some-length' };
      const answer = await askToken(subject, null, { form });
      trial.check(
        'in the body',
        answer.status !== 401 || 'www-authenticate' in answer.headers,
        '401 without a challenge',
      );
      trial.answer('in the body', answer, invalidClient);
    },
  },
];
