import { credentialStatusAt, type Validity } from './credential-status.js';

export interface Proof extends Validity {
  readonly kind: string;
}

/** Whether a client's token_endpoint_auth_method takes credentials of this kind; without one, it takes any. */
export const isTaken = (kind: string, authMethod: string | null): boolean =>
  authMethod === null || (authMethod === 'private_key_jwt') === (kind !== 'secret');

/**
 * Whether a credential proves its client at an instant: it must be valid, and of the kind that the client's
 * token_endpoint_auth_method takes; without one, any kind.
 */
export const isUsable = (credential: Proof, authMethod: string | null, now: number): boolean =>
  isTaken(credential.kind, authMethod) && credentialStatusAt(credential, now) === 'active';
