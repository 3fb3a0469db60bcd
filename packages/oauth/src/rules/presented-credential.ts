import { decode, type Form } from './form.js';
import { OAuthFault } from './oauth-fault.js';

/** What a client shows to prove itself. */
export type PresentedCredential = PresentedSecret | PresentedAssertion;

export interface PresentedSecret {
  readonly method: 'client_secret_basic' | 'client_secret_post';
  readonly clientId: string;
  readonly secret: string;
}

/** RFC 7523 §2.2 */
export interface PresentedAssertion {
  readonly method: 'private_key_jwt';
  readonly assertion: string;
  /** client_id of the body, if it is there: it must be the one in the assertion. */
  readonly bodyClientId: string | undefined;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;
// RFC 6749 appendix A: client-id and client-secret are *VSCHAR
const VISIBLE = /^[\x20-\x7e]*$/;

/**
 * Finds the one credential in a request (RFC 6749 §2.3): HTTP Basic or the form body, never both, never the URI.
 * @throws OAuthFault invalid_client if there is none or it is malformed, invalid_request if there are two
 */
export function presentedCredential(authorization: string | undefined, form: Form): PresentedCredential {
  const bodySecret = form.get('client_secret');
  const assertion = form.get('client_assertion') ?? form.get('client_assertion_type');
  if ([authorization, bodySecret, assertion].filter((value) => value !== undefined).length > 1) {
    throw new OAuthFault('invalid_request', 'Use one client authentication method only');
  }
  if (authorization !== undefined) return fromBasic(authorization, form.get('client_id'));
  if (assertion !== undefined) return fromAssertion(form);
  const clientId = form.get('client_id');
  if (clientId === undefined || bodySecret === undefined) {
    throw new OAuthFault('invalid_client', 'Client authentication is required', { reasonCode: 'credential_missing' });
  }
  return { method: 'client_secret_post', clientId, secret: bodySecret };
}

function fromBasic(authorization: string, bodyClientId: string | undefined): PresentedSecret {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) throw failed('the Authorization header is not HTTP Basic');
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon === -1) throw failed('the Basic credentials have no colon');
  let clientId: string;
  let secret: string;
  try {
    // RFC 6749 §2.3.1: both halves are form-urlencoded before they are joined.
    clientId = decode(pair.slice(0, colon));
    secret = decode(pair.slice(colon + 1));
  } catch {
    throw failed('the Basic credentials are not form-urlencoded');
  }
  if (clientId === '' || secret === '' || !VISIBLE.test(clientId) || !VISIBLE.test(secret)) {
    throw failed('the Basic credentials are empty or have characters that no client has');
  }
  if (bodyClientId !== undefined && bodyClientId !== clientId) {
    throw new OAuthFault('invalid_request', 'client_id differs from the one in the Authorization header');
  }
  return { method: 'client_secret_basic', clientId, secret };
}

function fromAssertion(form: Form): PresentedAssertion {
  const assertion = form.get('client_assertion');
  const type = form.get('client_assertion_type');
  // RFC 7521 §4.2: both halves, or the request is malformed.
  if (assertion === undefined || type === undefined) {
    throw new OAuthFault('invalid_request', 'client_assertion and client_assertion_type belong together');
  }
  if (type !== ASSERTION_TYPE) throw new OAuthFault('invalid_request', 'This client_assertion_type is not supported');
  return { method: 'private_key_jwt', assertion, bodyClientId: form.get('client_id') };
}

const failed = (reason: string): OAuthFault =>
  new OAuthFault('invalid_client', 'Client authentication failed', { reason, reasonCode: 'credential_malformed' });
