// @ts-check
import { askToken, basic } from '../ask.mjs';
import { invalidRequest, issued, issuedWithScope, turnedAway } from '../expectations.mjs';
import { encode, send } from '../send.mjs';
import { clientOf } from '../subjects/subject.mjs';

const GRANT = { grant_type: 'client_credentials' };
const FORM_TYPE = 'application/x-www-form-urlencoded';
const big = 'x'.repeat(2 ** 21);

/** How the token endpoint reads a request. @type {import('../trial.mjs').Statement[]} */
export const transport = [
  {
    id: 1,
    clause: 'RFC 6749 §3.2, RFC 9110 §15.5.6',
    demand: 'POST only: anything else is 405 with Allow: POST',
    async run(subject, trial) {
      const { id, secret } = await clientOf(subject, 'secret');
      const headers = { authorization: basic(id, secret), 'content-type': FORM_TYPE };
      const expectation = {
        expects: '405 with Allow: POST and no token',
        holds: (/** @type {import('../send.mjs').Answer} */ { status, headers: { allow }, json }) =>
          status === 405 && /(^|, *)POST($|,)/.test(allow ?? '') && !json.access_token,
      };
      const url = subject.url + subject.paths.token;
      await trial.each(
        ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].map((method) => [
          method,
          () => send(url, { method, headers, query: encode(GRANT), ...(method === 'PUT' && { body: encode(GRANT) }) }),
          expectation,
        ]),
      );
    },
  },
  {
    id: 2,
    clause: 'RFC 6749 §3.2, appendix B',
    demand: 'the body is a form, charset and case of the type tolerated; another type is invalid_request',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      /** @param {string | undefined} type @param {string} [body] */
      const as = (type, body) => () =>
        askToken(subject, client, { body: body ?? encode(GRANT), headers: { 'content-type': type } });
      const part = '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--b--\r\n';
      await trial.each([
        ['charset=UTF-8', as(`${FORM_TYPE}; charset=UTF-8`), issued],
        ['upper case', as(FORM_TYPE.toUpperCase()), issued],
        ['JSON', as('application/json', JSON.stringify(GRANT)), invalidRequest],
        ['multipart', as('multipart/form-data; boundary=b', part), invalidRequest],
        ['text/plain', as('text/plain'), invalidRequest],
        ['no type', as(undefined), invalidRequest],
      ]);
    },
  },
  {
    id: 3,
    clause: 'RFC 6749 §2.3.1',
    demand: 'nothing in the request URI counts; credentials there never authenticate',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const { id, secret } = client;
      const inQuery = encode({ client_id: id, client_secret: secret });
      await trial.each([
        ['credentials in the URI', () => askToken(subject, null, { query: inQuery }), turnedAway],
        [
          'all of it in the URI',
          () => askToken(subject, null, { query: `${inQuery}&${encode(GRANT)}`, body: '' }),
          turnedAway,
        ],
        [
          'secret in the URI, id in the body',
          () => askToken(subject, null, { query: encode({ client_secret: secret }), form: { client_id: id } }),
          turnedAway,
        ],
        [
          'grant_type in the URI',
          () => askToken(subject, client, { query: encode(GRANT), form: { grant_type: undefined } }),
          invalidRequest,
        ],
      ]);
      const wider = await askToken(subject, client, { query: 'scope=write', form: { scope: 'read' } });
      trial.check('scope in the URI', wider.status === 400 || wider.json.scope !== 'read write', wider.json.scope);
    },
  },
  {
    id: 4,
    clause: 'RFC 6749 §3.2',
    demand: 'a parameter without a value counts as omitted',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const empty = { scope: '', resource: '', client_id: '', client_secret: '', client_assertion: '' };
      await trial.each([
        ...Object.keys(empty).map(
          (name) =>
            /** @type {import('../trial.mjs').Case} */ ([
              `${name}=`,
              () => askToken(subject, client, { form: { [name]: '' } }),
              issued,
            ]),
        ),
        ['all of them', () => askToken(subject, client, { form: empty }), issued],
        ['grant_type=', () => askToken(subject, client, { form: { grant_type: '' } }), invalidRequest],
      ]);
    },
  },
  {
    id: 5,
    clause: 'RFC 6749 §3.2',
    demand: 'unrecognised parameters are ignored',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const unknown = {
        foo: 'bar',
        _: '1',
        'a b': 'ü',
        code: 'x',
        redirect_uri: 'https://a.example/',
        __proto__x: '1',
      };
      trial.answer('unknown', await askToken(subject, client, { form: unknown }), issued);
    },
  },
  {
    id: 6,
    clause: 'RFC 6749 §3.2, §5.2; RFC 8707 §2',
    demand: 'a parameter given twice is invalid_request; only resource may repeat',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const twice = (/** @type {string} */ name, /** @type {string} */ one, /** @type {string} */ other) =>
        /** @type {import('../trial.mjs').Case} */ ([
          name,
          () => askToken(subject, client, { form: { [name]: [one, other] } }),
          invalidRequest,
        ]);
      await trial.each([
        twice('grant_type', 'client_credentials', 'refresh_token'),
        twice('scope', 'read', 'write'),
        twice('client_id', client.id, 'another'),
        twice('client_secret', client.secret, 'another'),
        twice('client_assertion', 'a.b.c', 'd.e.f'),
        twice('client_assertion_type', 'urn:a', 'urn:b'),
      ]);
      const { theDefault } = subject.resources;
      const resources = await askToken(subject, client, { form: { resource: [theDefault, theDefault] } });
      trial.check('resource twice', resources.json.error !== 'invalid_request', resources.text);
    },
  },
  {
    id: 7,
    clause: 'RFC 6749 §3.2',
    demand: 'the same value twice is still a duplicate',
    async run(subject, trial) {
      const client = await clientOf(subject, 'postOnly');
      const { id, secret } = client;
      /** @type {[string, string][]} */
      const values = [
        ['grant_type', 'client_credentials'],
        ['scope', 'read'],
        ['client_id', id],
        ['client_secret', secret],
      ];
      await trial.each(
        values.map(([name, value]) => [
          name,
          () => askToken(subject, client, { form: { [name]: [value, value] } }),
          invalidRequest,
        ]),
      );
    },
  },
  {
    id: 8,
    clause: 'RFC 6749 §5.2',
    demand: 'an oversized body is 413 or 400; broken escapes, bad UTF-8 and NUL are invalid_request; no crash',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const raw = (/** @type {string | Buffer} */ rest) => () =>
        askToken(subject, client, {
          body: Buffer.concat([Buffer.from(`${encode(GRANT)}&`), Buffer.from(rest)]),
          headers: { 'content-type': FORM_TYPE },
        });
      const tooBig = {
        expects: '413 or 400',
        holds: (/** @type {import('../send.mjs').Answer} */ { status }) => status === 413 || status === 400,
      };
      await trial.each([
        ['2 MiB', raw(`scope=${big}`), tooBig],
        ['scope=%zz', raw('scope=%zz'), invalidRequest],
        ['scope=read%', raw('scope=read%'), invalidRequest],
        ['scope=%ff%fe', raw('scope=%ff%fe'), invalidRequest],
        ['raw byte ff', raw(Buffer.from([0x61, 0x3d, 0xff])), invalidRequest],
        ['scope=read%00', raw('scope=read%00'), invalidRequest],
      ]);
      trial.answer('afterwards', await askToken(subject, client), issued);
    },
  },
  {
    id: 9,
    clause: 'RFC 6749 appendix B',
    demand: 'names and values are form-decoded: + is a space, %XX a byte of UTF-8',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const body = (/** @type {string} */ text) => () =>
        askToken(subject, client, { body: text, headers: { 'content-type': `${FORM_TYPE};charset=UTF-8` } });
      await trial.each([
        ['+', body('grant_type=client_credentials&scope=read+write'), issuedWithScope('read write')],
        ['%20', body('grant_type=client_credentials&scope=read%20write'), issuedWithScope('read write')],
        ['%67rant_type', body('%67rant_type=client%5Fcredentials&scope=%72ead'), issuedWithScope('read')],
      ]);
      const { json } = await body('grant_type=client_credentials&scope=read%2Bwrite')();
      trial.check('%2B is no space', json.scope !== 'read write', json.scope);
    },
  },
  {
    id: 10,
    clause: 'RFC 6749 §3.2',
    demand: 'TLS in production',
    notApplicable:
      'a deployment has it or has not: TLS ends in front of either server, and this run speaks to loopback',
  },
];
