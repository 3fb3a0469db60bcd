// @ts-check
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { plainEnv } from '../../bench/subject.mjs';
import { freePort } from '../../processes.mjs';
import { startNode } from '../../start/node-process.mjs';
import { send } from '../send.mjs';

const resources = { theDefault: 'urn:bastionary:default', other: 'https://orders.conformance.example/api' };
const askerScope = 'tokens:introspect';
// Short enough to wait for their end.
const REFRESH_SECONDS = 10;

/**
 * Starts oidc-provider in a process of its own.
 * @param {string} folder
 * @param {import('../../bench/started.mjs').Started} started
 * @returns {Promise<import('./subject.mjs').Subject>}
 */
export async function startTheirs(folder, started) {
  const port = await freePort();
  const { stop } = await startNode({
    script: 'infra/conformance/subjects/oidc-provider.mjs',
    env: {
      ...plainEnv(),
      PORT: String(port),
      DEFAULT_RESOURCE: resources.theDefault,
      OTHER_RESOURCE: resources.other,
      ASKER_SCOPE: askerScope,
      REFRESH_SECONDS: String(REFRESH_SECONDS),
    },
    logFile: join(folder, 'oidc-provider.log'),
    signal: started.signal,
  });
  started.add(stop);
  const url = `http://127.0.0.1:${port}`;

  /** @param {string} path @param {object} body */
  const administer = async (path, body) => {
    const answer = await send(url + path, { body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`oidc-provider refused the registration: ${answer.json.error}`);
    return answer.json;
  };

  /** @type {import('./subject.mjs').Subject['register']} */
  const register = async ({ scopes = ['read', 'write'], expiry, ...metadata } = {}) => {
    const method = metadata.token_endpoint_auth_method;
    const id = metadata.client_id ?? `client-${randomBytes(8).toString('hex')}`;
    const hasSecret = method !== 'private_key_jwt' && method !== 'none';
    const secret = hasSecret ? (metadata.client_secret ?? randomBytes(32).toString('base64url')) : '';
    const grants = metadata.grant_types ?? ['client_credentials'];
    await administer('/-/clients', {
      ...metadata,
      client_id: id,
      ...(hasSecret && { client_secret: secret }),
      // It registers refresh tokens only beside the grant that usually brings them.
      ...(grants.includes('refresh_token') && { redirect_uris: ['https://client.example/'], response_types: ['code'] }),
      grant_types: grants.includes('refresh_token') ? [...grants, 'authorization_code'] : grants,
      scope: scopes.join(' '),
      id_token_signed_response_alg: 'ES256',
      ...(expiry && { lifetime: Math.max(1, Math.floor((Date.parse(expiry) - Date.now()) / 1_000)) }),
    });
    return { id, secret, method };
  };

  /** @type {import('./subject.mjs').Subject['grantWithRefresh']} */
  const grantWithRefresh = async (client, scope = 'read write') => {
    const { refresh_token } = await administer('/-/refresh-tokens', { client_id: client.id, scope });
    return { refresh_token, access_token: null };
  };

  return {
    name: 'oidc-provider',
    url,
    paths: { token: '/token', introspect: '/token/introspection', revoke: '/token/revocation', keys: '/jwks' },
    // It refuses to look into its own JWTs.
    formats: ['opaque'],
    // Its userinfo endpoint takes tokens of people only.
    guarded: null,
    resources,
    register,
    grantWithRefresh,
    refreshSeconds: REFRESH_SECONDS,
    graceSeconds: null,
    datesProofsByNonce: true,
    management: null,
  };
}
