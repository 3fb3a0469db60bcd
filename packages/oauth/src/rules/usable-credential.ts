import { credentialStatusAt, type Validity } from './credential-status.js';

export interface Proof extends Validity {
  readonly kind: string;
}

/**
 * Whether a credential proves its client at an instant: it must be valid, and of the kind that the client's
 * token_endpoint_auth_method takes; without one, any kind.
 */
export function isUsable(credential: Proof, authMethod: string | null, now: number): boolean {
  const isTaken = authMethod === null || (authMethod === 'private_key_jwt') === (credential.kind !== 'secret');
  return isTaken && credentialStatusAt(credential, now) === 'active';
}
