// @ts-check
import { askToken, basic } from '../ask.mjs';
import {
  invalidClient,
  invalidRequest,
  invalidScope,
  invalidTarget,
  issued,
  issuedWithScope,
  refused,
} from '../expectations.mjs';
import { clientOf } from '../subjects/subject.mjs';
import { claimsOf } from './access-token.mjs';

const unsupported = refused([400, 'unsupported_grant_type']);
/** @type {import('../trial.mjs').Expectation} */
const notRead = {
  expects: 'invalid_scope, or a token without the scope',
  holds: (answer) => invalidScope.holds(answer) || (answer.status === 200 && !/read|write/.test(answer.json.scope)),
};

/** @typedef {import('../send.mjs').Answer} Answer */

/** @type {import('../trial.mjs').Statement[]} */
export const grantAndScope = [
  {
    id: 33,
    clause: 'RFC 6749 §5.2',
    demand:
      'grant_type: missing invalid_request, unknown unsupported_grant_type, not this client’s unauthorized_client',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const grant = (/** @type {string | undefined} */ value) => () =>
        askToken(subject, client, { form: { grant_type: value, refresh_token: 'x' } });
      await trial.each([
        ['missing', grant(undefined), invalidRequest],
        ['empty', grant(''), invalidRequest],
        ['unknown', grant('urn:example:unknown'), unsupported],
        ['password', grant('password'), unsupported],
        ['two in one', grant('client_credentials refresh_token'), unsupported],
        ['in another case', grant('Client_Credentials'), unsupported],
        ['space at the end', grant('client_credentials '), unsupported],
        ['refresh_token of a client without it', grant('refresh_token'), refused([400, 'unauthorized_client'])],
      ]);
    },
  },
  {
    id: 34,
    clause: 'RFC 6749 §5.2',
    demand: 'the client is authenticated before anything is said about the grant',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'secret');
      const headers = { authorization: basic(id, 'wrong-secret-of-some-length') };
      await trial.each(
        ['urn:example:unknown', 'password', 'refresh_token', undefined].map((grant_type) => [
          String(grant_type),
          () => askToken(subject, null, { headers, form: { grant_type } }),
          invalidClient,
        ]),
      );
    },
  },
  {
    id: 35,
    clause: 'RFC 6749 §3.3',
    demand: 'scope: printable ASCII without quote and backslash, case-sensitive, in any order, each once',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const scope = (/** @type {string} */ value) => () => askToken(subject, client, { form: { scope: value } });
      await trial.each([
        ['other order', scope('write read'), issuedWithScope('read write')],
        ['one twice', scope('read read'), issuedWithScope('read')],
        ['upper case', scope('READ'), notRead],
        ['quote', scope('read"'), invalidScope],
        ['backslash', scope('re\\ad'), invalidScope],
        ['tab', scope('read\twrite'), invalidScope],
        ['newline', scope('read\nwrite'), invalidScope],
        ['not ASCII', scope('réad'), invalidScope],
        ['comma', scope('read,write'), notRead],
      ]);
    },
  },
  {
    id: 36,
    clause: 'RFC 6749 §3.3',
    demand: 'scope beyond the client’s: invalid_scope, or less with scope in the answer',
    async run(subject, trial) {
      const narrow = await clientOf(subject, 'narrow');
      for (const scope of ['write', 'read write', 'read unheard-of']) {
        const answer = await askToken(subject, narrow, { form: { scope } });
        const lessAndSaid = issuedWithScope('read').holds(answer);
        trial.check(scope, invalidScope.holds(answer) || lessAndSaid, `${answer.status} scope=${answer.json.scope}`);
      }
    },
  },
  {
    id: 37,
    clause: 'RFC 6749 §3.3, §5.1',
    demand: 'without scope: the documented default, named in the answer, or invalid_scope',
    async run(subject, trial) {
      const answer = await askToken(subject, await clientOf(subject, 'jwt'));
      if (invalidScope.holds(answer)) return trial.check('invalid_scope', true);
      trial.answer('without scope', answer, issued);
      const { scope } = claimsOf(answer.json.access_token);
      trial.check('answer says what the token has', answer.json.scope === scope, `${answer.json.scope} ≠ ${scope}`);
    },
  },
  {
    id: 42,
    clause: 'RFC 6749 §5.2, §4.1.2.1',
    demand: 'every refusal but invalid_client is 400',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      /** @type {Record<string, import('../send.mjs').Fields>} */
      const forms = {
        'no grant_type': { grant_type: undefined },
        'unknown grant': { grant_type: 'unknown' },
        'grant of others': { grant_type: 'refresh_token', refresh_token: 'x' },
        'malformed scope': { scope: '"' },
        'unknown resource': { resource: 'https://unknown.example/' },
      };
      const is400 = { expects: '400', holds: (/** @type {Answer} */ { status }) => status === 400 };
      await trial.each(
        Object.entries(forms).map(([label, form]) => [label, () => askToken(subject, client, { form }), is400]),
      );
    },
  },
  {
    id: 44,
    clause: 'RFC 8707 §2, RFC 9068 §3',
    demand: 'resource: unknown, relative or with fragment invalid_target; aud is what was asked, or the default',
    async run(subject, trial) {
      const { theDefault, other } = subject.resources;
      const client = await subject.register({ scopes: ['read', 'write', 'orders'], access_token_format: 'jwt' });
      const target = (/** @type {string | string[]} */ resource) => () =>
        askToken(subject, client, { form: { resource } });
      await trial.each([
        ['unknown', target('https://unknown.example/'), invalidTarget],
        ['relative', target('/api'), invalidTarget],
        ['no URI', target('orders'), invalidTarget],
        ['fragment', target(`${other}#part`), invalidTarget],
        ['empty fragment', target(`${other}#`), invalidTarget],
        ['known beside unknown', target([other, 'https://unknown.example/']), invalidTarget],
      ]);
      for (const resource of [theDefault, other]) {
        const scope = resource === other ? 'orders' : 'read';
        const { json } = await askToken(subject, client, { form: { resource, scope } });
        const { aud } = claimsOf(json.access_token);
        trial.check(resource, [aud].flat().join(' ') === resource, `aud ${aud} ${json.error ?? ''}`);
      }
      const { json } = await askToken(subject, client, { form: { scope: 'read' } });
      const { aud } = claimsOf(json.access_token);
      trial.check('no resource', [aud].flat().join(' ') === theDefault, `aud ${aud}`);
    },
  },
];
