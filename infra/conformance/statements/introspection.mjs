// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { introspect, obtain, revoke } from '../ask.mjs';
import { active, inactive, invalidRequest } from '../expectations.mjs';
import { sign } from '../jwt.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */
/** @typedef {import('../subjects/subject.mjs').Client} Client */
/** @typedef {import('../subjects/management.mjs').Management} Management */

const challenged = {
  expects: '401 invalid_client with a challenge',
  holds: (/** @type {import('../send.mjs').Answer} */ { status, headers, json }) =>
    status === 401 && json.error === 'invalid_client' && 'www-authenticate' in headers,
};
const MEMBERS = ['sub', 'client_id', 'scope', 'exp', 'iat', 'aud', 'iss', 'jti', 'token_type'];

/** What ends a token at once, beside its own revocation. @type {Record<string, (management: Management, client: Client) => Promise<unknown>>} */
const endings = {
  'client suspended': (management, client) => management.change(client, { status: 'suspended' }),
  'client expired': (management, client) => management.change(client, { expiry: '2024-12-31T23:59:59Z' }),
  'client deleted': (management, client) => management.remove(client),
  'all tokens of the client revoked': (management, { id }) =>
    management.do('POST', '/revocations?dry_run=false', { by: 'client', id }),
  'all tokens of the resource revoked': (management) =>
    management.do('POST', '/revocations?dry_run=false', { by: 'resource', id: 'urn:bastionary:default' }),
  'all tokens of the credential revoked': async (management, { id }) => {
    const { json } = await management.do('GET', `/clients/${id}/credentials`);
    return management.do('POST', '/revocations?dry_run=false', { by: 'credential', id: json.data[0].id });
  },
  'all tokens revoked': (management) => management.do('POST', '/revocations?dry_run=false', { by: 'installation' }),
};

/** RFC 7662. @type {import('../trial.mjs').Statement[]} */
export const introspection = [
  {
    id: 59,
    clause: 'RFC 7662 §2.1, §2.2',
    demand: 'caller authenticated; any token that is not good is exactly {"active":false}',
    async run(subject, trial) {
      const asker = await clientOf(subject, 'asker');
      const { jwt, ...others } = await badTokens(subject);
      await trial.each([
        ['no client', () => introspect(subject, null, 'x'), challenged],
        ['no token', () => introspect(subject, asker, ''), invalidRequest],
        ...Object.entries(subject.formats.includes('jwt') ? { jwt, ...others } : others).map(
          ([label, token]) =>
            /** @type {import('../trial.mjs').Case} */ ([label, () => introspect(subject, asker, token), inactive]),
        ),
      ]);
    },
  },
  {
    id: 60,
    clause: 'RFC 7662 §2.1, §4',
    demand: 'only its owner and who is entitled see a token; JWT answers (RFC 9701) are not offered',
    async run(subject, trial) {
      for (const format of subject.formats) {
        const owner = await clientOf(subject, format);
        const { access_token } = await obtain(subject, owner);
        const as = async (/** @type {string} */ sort) =>
          introspect(subject, await clientOf(subject, sort), access_token);
        await trial.each([
          [`${format}: owner`, () => introspect(subject, owner, access_token), active],
          [`${format}: entitled`, () => as('asker'), active],
          [`${format}: stranger`, () => as('stranger'), inactive],
        ]);
        if (!subject.management) continue;
        const guard = await clientOf(subject, 'secret');
        const identifier = `https://guarded.conformance.example/${format}`;
        const resource = {
          identifier,
          scopes: [{ name: format, description: 'All' }],
          introspection_clients: [guard.id],
        };
        await subject.management.do('POST', '/resources', resource);
        const visitor = await subject.register({ scopes: ['read', format], access_token_format: format });
        for (const [scope, expectation] of /** @type {const} */ ([
          [format, active],
          ['read', inactive],
        ])) {
          const token = (await obtain(subject, visitor, { form: { scope } })).access_token;
          trial.answer(`${format}: resource server, ${scope}`, await introspect(subject, guard, token), expectation);
        }
      }
    },
  },
  {
    id: 61,
    clause: 'RFC 7662 §2.2, §4',
    turn: 'alone',
    demand: 'all members; inactive at once after revocation, end of the client, or any not-before',
    async run(subject, trial) {
      const asker = await clientOf(subject, 'asker');
      for (const format of subject.formats) {
        const owner = await clientOf(subject, format);
        const { access_token } = await obtain(subject, owner, { form: { scope: 'read' } });
        const { json } = await introspect(subject, asker, access_token);
        const missing = MEMBERS.filter((name) => json[name] === undefined);
        trial.check(`${format}: members`, missing.length === 0, `without ${missing.join(', ')}`);
        await revoke(subject, owner, access_token);
        trial.answer(`${format}: revoked`, await introspect(subject, asker, access_token), inactive);
        if (!subject.management) continue;
        for (const [label, end] of Object.entries(endings)) {
          const client = await subject.register({ access_token_format: format });
          const token = (await obtain(subject, client)).access_token;
          trial.answer(`${format}: before`, await introspect(subject, asker, token), active);
          await end(subject.management, client);
          trial.answer(`${format}: ${label}`, await introspect(subject, asker, token), inactive);
        }
      }
    },
  },
];

/** @param {Subject} subject @returns {Promise<Record<string, string>>} */
async function badTokens(subject) {
  const format = subject.formats[0];
  const owner = await clientOf(subject, format);
  const revoked = (await obtain(subject, owner)).access_token;
  await revoke(subject, owner, revoked);
  const living = (await obtain(subject, owner)).access_token;
  const expiry = Date.now() + 4_000;
  const short = await subject.register({ access_token_format: format, expiry: new Date(expiry).toISOString() });
  const expired = (await obtain(subject, short)).access_token;
  await sleep(Math.max(0, expiry + 1_100 - Date.now()));
  return {
    unknown: 'x'.repeat(43),
    malformed: 'ü " \\ %',
    empty: ' ',
    'very long': 'x'.repeat(10_000),
    'cut off': living.slice(0, -1),
    revoked,
    expired,
    jwt: await sign(
      { alg: 'none', typ: 'at+jwt' },
      { iss: subject.url, sub: owner.id, client_id: owner.id },
      new Uint8Array(),
    ),
  };
}
