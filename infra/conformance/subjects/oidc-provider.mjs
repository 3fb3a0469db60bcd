// @ts-check
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
// @ts-expect-error the package brings no types
import { errors, Provider } from 'oidc-provider';
import { endWithParent } from '../../bench/end-with-parent.mjs';

// The peer with every feature it has for machines, as its documentation configures them, beside an administration of two
// requests: it has no management API, and refresh tokens would need a browser.
const { PORT, DEFAULT_RESOURCE, OTHER_RESOURCE, ASKER_SCOPE, REFRESH_SECONDS } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const resources = new Map([
  [DEFAULT_RESOURCE, 'read write'],
  [OTHER_RESOURCE, 'orders'],
]);
const algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** @type {Map<string, string>} */
const formats = new Map();

/** @param {unknown} _context @param {any} client @param {any} token */
const ownerOrAsker = (_context, client, token) =>
  token.clientId === client.clientId || client.scope?.split(' ').includes(ASKER_SCOPE);

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' }] },
  scopes: ['read', 'write', 'orders', 'offline_access', ASKER_SCOPE],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  enabledJWA: { clientAuthSigningAlgValues: algorithms, dPoPSigningAlgValues: algorithms },
  findAccount: (/** @type {unknown} */ _context, /** @type {string} */ accountId) => ({
    accountId,
    claims: () => ({ sub: accountId }),
  }),
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    fapi: { enabled: true, profile: '2.0' },
    introspection: { enabled: true, allowedPolicy: ownerOrAsker },
    revocation: {
      enabled: true,
      allowedPolicy: (/** @type {unknown} */ _context, /** @type {any} */ client, /** @type {any} */ token) =>
        token.clientId === client.clientId,
    },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => DEFAULT_RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: (
        /** @type {unknown} */ _context,
        /** @type {string} */ identifier,
        /** @type {any} */ client,
      ) => {
        const scope = resources.get(identifier);
        if (scope === undefined) throw new errors.InvalidTarget();
        const accessTokenFormat = formats.get(client.clientId) ?? 'jwt';
        return { scope, audience: identifier, accessTokenFormat, jwt: { sign: { alg: 'ES256' } } };
      },
    },
  },
  ttl: {
    ClientCredentials: (/** @type {unknown} */ _context, /** @type {unknown} */ _token, /** @type {any} */ client) =>
      lifetimes.get(client.clientId) ?? 900,
    AccessToken: 900,
    RefreshToken: Number(REFRESH_SECONDS),
    Grant: 86_400,
  },
});
/** @type {Map<string, number>} */
const lifetimes = new Map();

/** @type {Record<string, (body: any) => Promise<object>>} */
const administration = {
  async '/-/clients'({ access_token_format, lifetime, ...metadata }) {
    const client = new provider.Client({ redirect_uris: [], response_types: [], ...metadata });
    await provider.Client.adapter.upsert(client.clientId, client.metadata());
    if (access_token_format) formats.set(client.clientId, access_token_format);
    if (lifetime) lifetimes.set(client.clientId, lifetime);
    return {};
  },
  async '/-/refresh-tokens'({ client_id, scope }) {
    const client = await provider.Client.find(client_id);
    const grant = new provider.Grant({ clientId: client_id, accountId: client_id });
    grant.addResourceScope(DEFAULT_RESOURCE, 'read write');
    const grantId = await grant.save();
    const common = { client, accountId: client_id, grantId, gty: 'authorization_code', scope };
    const token = new provider.RefreshToken({ ...common, resource: DEFAULT_RESOURCE });
    return { refresh_token: await token.save() };
  },
};

const standard = provider.callback();
createServer(async (request, response) => {
  const administer = administration[request.url ?? ''];
  if (!administer) return standard(request, response);
  try {
    response.end(JSON.stringify(await administer(await json(request))));
  } catch (error) {
    const { message, error_description } = /** @type {Error & { error_description?: string }} */ (error);
    response.writeHead(400).end(JSON.stringify({ error: `${message} ${error_description ?? ''}`.trim() }));
  }
}).listen(Number(PORT), '127.0.0.1', endWithParent);
