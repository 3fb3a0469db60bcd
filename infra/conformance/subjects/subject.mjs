// @ts-check
import { key } from '../jwt.mjs';

/**
 * What a client is registered with, by the names of RFC 7591 and its successors.
 * @typedef {object} Metadata
 * @property {string} [client_id]
 * @property {string} [client_secret]
 * @property {string[]} [scopes] read and write unless said otherwise
 * @property {string[]} [grant_types]
 * @property {string} [token_endpoint_auth_method]
 * @property {{ keys: import('jose').JWK[] }} [jwks]
 * @property {string} [jwks_uri]
 * @property {boolean} [dpop_bound_access_tokens]
 * @property {'jwt' | 'opaque'} [access_token_format]
 * @property {string} [expiry] instant after which there are no tokens for it
 */

/** @typedef {{ id: string, secret: string, method: string | undefined }} Client */

/**
 * A server under test.
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} url also its issuer
 * @property {{ token: string, introspect: string, revoke: string, keys: string }} paths
 * @property {('jwt' | 'opaque')[]} formats of access tokens that it introspects and revokes
 * @property {{ url: string, scope: string } | null} guarded an address that takes access tokens of that scope; null where there is none
 * @property {{ theDefault: string, other: string }} resources
 * @property {(metadata?: Metadata) => Promise<Client>} register
 * @property {(client: Client, scope?: string) => Promise<Grant>} grantWithRefresh
 * @property {number} refreshSeconds for which its refresh tokens live
 * @property {number | null} graceSeconds in which a consumed refresh token still gives its successor; null: none
 * @property {boolean} datesProofsByNonce it looks at the nonce instead of iat where a DPoP proof has both
 * @property {import('./management.mjs').Management | null} management null where there is none over HTTP
 * @property {() => Promise<void>} [cutStorage] takes its database away for good
 */

/** @typedef {{ refresh_token: string, access_token: string | null }} Grant `access_token` null where none came with it */

/** Clients of the ordinary sorts, each registered once per server. @type {Record<string, () => Metadata | Promise<Metadata>>} */
const sorts = {
  secret: () => ({}),
  stranger: () => ({}),
  narrow: () => ({ scopes: ['read'] }),
  basicOnly: () => ({ token_endpoint_auth_method: 'client_secret_basic' }),
  postOnly: () => ({ token_endpoint_auth_method: 'client_secret_post' }),
  opaque: () => ({ access_token_format: 'opaque' }),
  jwt: () => ({ access_token_format: 'jwt' }),
  asker: () => ({ scopes: ['tokens:introspect'] }),
  keys: keyClient,
  dpopSecret: () => ({ dpop_bound_access_tokens: true }),
  dpopKeys: async () => ({ ...(await keyClient()), dpop_bound_access_tokens: true }),
  dpopOpaque: () => ({ dpop_bound_access_tokens: true, access_token_format: 'opaque' }),
  refresh: refreshClient,
  otherRefresh: refreshClient,
};

async function keyClient() {
  const keys = await Promise.all(['ES256', 'PS256', 'EdDSA'].map((alg) => key(alg)));
  return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: keys.map(({ jwk }) => jwk) } };
}

/** @returns {Metadata} */
function refreshClient() {
  return { grant_types: ['client_credentials', 'refresh_token'], access_token_format: 'opaque' };
}

/** @type {WeakMap<Subject, Map<string, Promise<Client>>>} */
const registered = new WeakMap();

/**
 * The client of a sort.
 * @param {Subject} subject
 * @param {keyof typeof sorts} sort
 * @returns {Promise<Client>}
 */
export function clientOf(subject, sort) {
  const clients = registered.get(subject) ?? new Map();
  registered.set(subject, clients);
  const known = clients.get(sort);
  if (known) return known;
  const fresh = Promise.resolve(sorts[sort]()).then(subject.register);
  clients.set(sort, fresh);
  return fresh;
}
