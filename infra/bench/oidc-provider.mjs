// @ts-check
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
// @ts-expect-error the package brings no types
import { Provider } from 'oidc-provider';
import { endWithParent } from './end-with-parent.mjs';

// The peer, as its documentation configures it for this work: in-memory adapter, a default resource, ES256.
const { PORT, CLIENT_ID, CLIENT_SECRET, TOKEN_FORMAT } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const resource = 'urn:bastionary:default';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' }] },
  scopes: ['read', 'write'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
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
  ttl: { ClientCredentials: 900 },
});

createServer(provider.callback()).listen(Number(PORT), '127.0.0.1', endWithParent);
