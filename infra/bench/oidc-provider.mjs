// @ts-check
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
// @ts-expect-error the package brings no types
import { Provider } from 'oidc-provider';
import { endWithParent } from './end-with-parent.mjs';

// The peer, as its documentation configures it for this work: in-memory adapter, a default resource, ES256. SIGNER_ID and
// SIGNER_JWKS are of a second client, which signs assertions.
const { PORT, CLIENT_ID, CLIENT_SECRET, TOKEN_FORMAT, SIGNER_ID, SIGNER_JWKS } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const resource = 'urn:bastionary:default';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const machine = {
  id_token_signed_response_alg: 'ES256',
  grant_types: ['client_credentials', 'refresh_token'],
  response_types: [],
  redirect_uris: [],
};
const application = {
  ...machine,
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
  token_endpoint_auth_method: 'client_secret_basic',
};
const signers = SIGNER_JWKS
  ? [
      {
        ...machine,
        client_id: SIGNER_ID,
        jwks: JSON.parse(SIGNER_JWKS),
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
      },
    ]
  : [];

const provider = new Provider(issuer, {
  clients: [application, ...signers],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' }] },
  scopes: ['read', 'write', 'offline_access'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      getResourceServerInfo: () => ({
        scope: 'read write',
        audience: resource,
        accessTokenTTL: 900,
        accessTokenFormat: TOKEN_FORMAT,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { ClientCredentials: 900, AccessToken: 900, RefreshToken: 2_592_000, Grant: 2_592_000 },
  rotateRefreshToken: true,
  findAccount: (/** @type {unknown} */ _context, /** @type {string} */ accountId) => ({
    accountId,
    claims: () => ({ sub: accountId }),
  }),
});

/** It gives refresh tokens to people behind browsers only; this makes one as it would, by its own models. */
async function mintRefreshToken() {
  const accountId = 'somebody';
  const scope = 'read write';
  const grant = new provider.Grant({ accountId, clientId: CLIENT_ID });
  grant.addResourceScope(resource, scope);
  const grantId = await grant.save();
  const client = await provider.Client.find(CLIENT_ID);
  const gty = 'authorization_code';
  return new provider.RefreshToken({ accountId, client, grantId, gty, resource, scope }).save();
}

const serve = provider.callback();
createServer(async (request, response) => {
  if (request.url !== '/bench/refresh-token') return serve(request, response);
  response.end(JSON.stringify({ refresh_token: await mintRefreshToken() }));
}).listen(Number(PORT), '127.0.0.1', endWithParent);
